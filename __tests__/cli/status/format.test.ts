import { expect, test } from "vitest";
import type { RunRecord } from "../../../src/cli/runs";
import { adviceOf } from "../../../src/cli/status/advice";
import { age, formatStatus } from "../../../src/cli/status/format";
import type { LakeStatus } from "../../../src/cli/status/status";
import { lakeStatus, minutesAgo, NOW } from "./support";

function page(changes: Partial<LakeStatus> = {}): string {
  const status = lakeStatus(changes);
  return formatStatus(status, adviceOf(status, 60));
}

const SUMMARY = {
  ...{ partitions: ["2026-01-02"], seconds: 4, rows_read: 20_001, rows_written: 20_000 },
  ...{ rows_quarantined: 1, files_read: 1, files_written: 1, bytes_read: 1, bytes_written: 1 },
};

test("a lake that does well is a page that says so", () => {
  expect(page()).toBe(
    `qa: us-east-1, account 123456789012, 2026-01-02 12:00:00 UTC

Application  STOPPED, starts with the next job, no job, at most 16 vCPU
Ingestion    on
Alarms       0 of 2 in ALARM

Queues
  queue               waiting  in flight  oldest
  ----------------------------------------------
  lake-ingest-qa            0          0
  lake-ingest-dlq-qa        0          0
  lake-events-dlq-qa        0          0

Sources
  source   last write      newest day  expected    state
  ------------------------------------------------------
  flights  1 h 30 min ago  2026-01-02  every 24 h  fresh

Last runs
  none yet

Nothing needs you.`,
  );
});

test("what runs, waits, ended and failed is told with times, and what to do comes last", () => {
  const waits: RunRecord = {
    ...{ name: "etl-b", source: "flights", startedAt: minutesAgo(3) },
    state: "RUNNING",
    ...{ currentState: "TakeSourceLock", currentSince: minutesAgo(2) },
  };
  const works: RunRecord = {
    ...{ name: "etl-a", source: "flights", startedAt: minutesAgo(70) },
    state: "RUNNING",
    ...{ currentState: "StartEMRJob", currentSince: minutesAgo(65), days: ["2026-01-01"] },
  };
  const cause =
    "Job failed, please check complete logs. ExitCode: 1. Last few exceptions: etl: error:\n bad";
  const text = page({
    application: { name: "lake-spark-qa", state: "STARTED", jobs: { RUNNING: 1, SCHEDULED: 2 } },
    running: [works, waits],
    lastRuns: [
      waits,
      works,
      {
        ...{ name: "etl-9", source: "weather", startedAt: minutesAgo(100) },
        state: "FAILED",
        endedAt: minutesAgo(98),
        failure: { state: "StartEMRJob", error: "States.TaskFailed", cause },
      },
      {
        ...{ name: "etl-8", source: "flights", summary: SUMMARY },
        state: "SUCCEEDED",
        ...{ startedAt: minutesAgo(3000), endedAt: minutesAgo(2999) },
      },
      {
        ...{ name: "etl-7", source: undefined },
        state: "SUCCEEDED",
        ...{ startedAt: minutesAgo(3000), endedAt: minutesAgo(3000) },
      },
    ],
  });
  const rows = text.split("\n").map((line) => line.trim().split(/ {2,}/));
  expect(rows).toEqual(
    expect.arrayContaining([
      ["Application", "STARTED, 1 job RUNNING, 2 jobs SCHEDULED"],
      ["etl-a", "flights", "StartEMRJob", "1 h 5 min", "1 day"],
      ["etl-b", "flights", "TakeSourceLock", "2 min", "waits for the source's run before it"],
      ["etl-9", "weather", "FAILED", "1 h 40 min ago", "2 min 0 s"],
      ["etl-8", "flights", "SUCCEEDED", "2 d 2 h ago", "1 min 0 s", "20,000", "1"],
      ["etl-7", "?", "SUCCEEDED", "2 d 2 h ago", "0.0 s", "nothing to do"],
      ["etl-9 in StartEMRJob: States.TaskFailed"],
      ["etl: error: bad"],
    ]),
  );
  expect(text.slice(text.indexOf("What to do"))).toBe(
    "What to do\n  ! run etl-9 ended FAILED in StartEMRJob, the last of weather\n      mend the cause, then\n      npx lake redrive qa",
  );
});

test("a part that AWS did not tell is named, and the others are there", () => {
  const text = page({ queues: { unread: "AWS answered AccessDenied: no" } });
  expect(text).toContain("Queues\n  not told");
  expect(text).toContain("! queues could not be asked: AWS answered AccessDenied: no");
  expect(text).toContain("fresh");
});

test("an alarm is named with its age, and steers no terminal", () => {
  const inAlarm = [{ name: "a", description: "Look\u001b[2J.", since: minutesAgo(61), reason: "" }];
  const text = page({ alarms: { total: 3, ok: 1, insufficientData: 1, inAlarm } });
  expect(text).toContain("Alarms       1 of 3 in ALARM, 1 without enough data");
  expect(text).toContain("! a, for 1 h 1 min");
  expect(text).not.toContain("\u001b");
});

test("a name or an error with a line and commands in it forges no line", () => {
  const forged = "\n\u001b[1A  Nothing needs you.";
  const text = page({
    alarms: {
      ...{ total: 1, ok: 0, insufficientData: 0 },
      inAlarm: [{ name: `a${forged}`, description: "", since: minutesAgo(1), reason: "" }],
    },
    lastRuns: [
      {
        ...{ name: "etl-1", source: "flights", startedAt: minutesAgo(2), endedAt: minutesAgo(1) },
        state: "FAILED",
        failure: { state: `Load${forged}`, error: `Bad${forged}`, cause: `c${forged}` },
      },
    ],
  });
  const shown = "\\n\\u001b[1A  Nothing needs you.";
  expect(text).toContain(`\n             ! a${shown}, for 1 min\n`);
  expect(text).toContain(`\n  etl-1 in Load${shown}: Bad${shown}\n`);
  expect(text).not.toMatch(/^ *Nothing needs you\.$/m);
  expect(text).not.toContain("\u001b");
});

test("a queue that waits says for how long, where that is known", () => {
  const queue = { name: "q", role: "ingest", isDeployed: true, inFlight: 1 } as const;
  const row = (more: object) =>
    page({ queues: [{ ...queue, waiting: 2, ...more }] })
      .match(/^ +q +.*$/m)?.[0]
      .trim()
      .split(/ {2,}/);
  expect(row({})).toEqual(["q", "2", "1", "not measured yet"]);
  expect(row({ oldestSeconds: 90 })).toEqual(["q", "2", "1", "1 min 30 s"]);
});

test.each([
  [-5, "0 s"],
  [59, "59 s"],
  [60, "1 min"],
  [3599, "59 min"],
  [3600, "1 h 0 min"],
  [86_399, "23 h 59 min"],
  [86_400, "1 d 0 h"],
])("an age of %i seconds is %s", (total, text) => {
  expect(age(new Date(NOW.getTime() - total * 1000), NOW)).toBe(text);
});
