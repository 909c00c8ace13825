import { describe, expect, test } from "vitest";
import type { RunRecord } from "../../../src/cli/runs";
import { adviceOf } from "../../../src/cli/status/advice";
import type { LakeStatus } from "../../../src/cli/status/status";
import { lakeStatus, minutesAgo } from "./support";

const WINDOW = 60;
const advised = (changes: Partial<LakeStatus> = {}) => adviceOf(lakeStatus(changes), WINDOW);

function run(state: RunRecord["state"], source: string | undefined, name: string): RunRecord {
  const failed = state !== "RUNNING" && state !== "SUCCEEDED";
  return {
    ...{ name, source, state, startedAt: minutesAgo(5) },
    ...(failed && { failure: { state: "StartEMRJob", error: "E", cause: "broken" } }),
  };
}

test("a lake that does well needs nobody", () => {
  expect(advised()).toEqual([]);
  for (const state of ["CREATED", "STARTED", "STOPPING"])
    expect(advised({ application: { name: "a", state, jobs: {} } })).toEqual([]);
});

describe("somebody is needed where", () => {
  test("the application is not there, or never will start", () => {
    for (const state of ["NONE", "TERMINATED"])
      expect(advised({ application: { name: "lake-spark-qa", state, jobs: {} } })).toEqual([
        {
          what: `the EMR application lake-spark-qa is ${state}: no job can run`,
          remedy: ["npx lake deploy qa"],
        },
      ]);
  });

  test("ingestion was left paused, or nothing feeds the trigger", () => {
    const [paused] = advised({ ingestion: { state: "paused", mappingId: "u-1" } });
    expect(paused?.what).toContain("ingestion is paused: events wait in the queue");
    expect(paused?.remedy[0]).toBe("aws lambda update-event-source-mapping --enabled --uuid u-1");
    expect(advised({ ingestion: { state: "absent" } })).toHaveLength(1);
    expect(advised({ ingestion: { state: "changing", mappingId: "u-1" } })).toEqual([]);
  });

  test("an alarm rings, with its description", () => {
    const inAlarm = [
      { name: "lake-x-qa", description: "Look there.", since: minutesAgo(1), reason: "1 > 0" },
    ];
    expect(advised({ alarms: { total: 1, ok: 0, insufficientData: 0, inAlarm } })).toEqual([
      { what: "alarm lake-x-qa", remedy: ["Look there."] },
    ]);
  });

  test("something was given up, also what another reader has in its hands", () => {
    const queue = { name: "lake-events-dlq-qa", role: "dead letters", isDeployed: true } as const;
    for (const counts of [
      { waiting: 1, inFlight: 0 },
      { waiting: 0, inFlight: 1 },
    ])
      expect(advised({ queues: [{ ...queue, ...counts }] })).toEqual([
        {
          what: "ingestion gave up what lies in lake-events-dlq-qa",
          remedy: ["npx lake redrive qa --dry-run"],
        },
      ]);
  });

  test("events wait for longer than the window and two tries", () => {
    const waiting = (oldestSeconds: number) =>
      advised({
        queues: [
          {
            ...{ name: "lake-ingest-qa", role: "ingest", isDeployed: true },
            ...{ waiting: 9, inFlight: 0, oldestSeconds },
          },
        ],
      });
    expect(waiting(WINDOW + 900)).toEqual([]);
    expect(waiting(WINDOW + 901)[0]?.what).toBe(
      "events wait in lake-ingest-qa, the oldest for 16 min 1 s",
    );
  });

  test("a queue is gone", () => {
    const gone = { name: "q", role: "ingest", isDeployed: false, waiting: 0, inFlight: 0 } as const;
    expect(advised({ queues: [gone] })[0]?.remedy).toEqual(["npx lake deploy qa"]);
  });

  test("days wait for no run, by source; days that a run will take need nobody", () => {
    const stuckDays = [
      { source: "flights", lines: ["flights: 1 day failed (2026-01-01)"], toRun: ["2026-01-01"] },
      { source: "weather", lines: ["weather: 1 day pending"], toRun: [] },
    ];
    expect(advised({ stuckDays })).toEqual([
      {
        what: "days of flights failed, or wait for no run",
        remedy: ["mend the cause, then", "npx lake redrive qa"],
      },
    ]);
  });

  test("the last run of a source that ended failed, but not where its days are told, or it went well since", () => {
    const lastRuns = [
      run("RUNNING", "flights", "f3"),
      run("FAILED", "flights", "f2"),
      run("SUCCEEDED", "weather", "w2"),
      run("FAILED", "weather", "w1"),
      run("TIMED_OUT", "birds", "b1"),
      run("FAILED", "birds", "b0"),
    ];
    const stuckDays = [{ source: "birds", lines: ["…"], toRun: ["2026-01-01"] }];
    expect(advised({ lastRuns }).map(({ what }) => what)).toEqual([
      "run f2 ended FAILED in StartEMRJob, the last of flights",
      "run b1 ended TIMED_OUT in StartEMRJob, the last of birds",
    ]);
    expect(advised({ lastRuns, stuckDays }).map(({ what }) => what)).toEqual([
      "days of birds failed, or wait for no run",
      "run f2 ended FAILED in StartEMRJob, the last of flights",
    ]);
  });

  test("no data came in time", () => {
    const late = { source: "flights", expectedEveryHours: 6, state: "late" } as const;
    expect(advised({ sources: [late] })[0]?.what).toBe("no data came for flights in 6 h");
  });

  test("a part could not be asked, each by its name", () => {
    const unread = { unread: "AWS answered AccessDenied: no" };
    const found = advised({ alarms: unread, sources: unread });
    expect(found.map(({ what }) => what)).toEqual([
      "sources could not be asked: AWS answered AccessDenied: no",
      "alarms could not be asked: AWS answered AccessDenied: no",
    ]);
  });
});
