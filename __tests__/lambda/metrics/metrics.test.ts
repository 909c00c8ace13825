import { describe, expect, test } from "vitest";
import type { Datum } from "../../../lambda/metrics/emf";
import {
  BILL_LOOK_SECONDS,
  BILL_SECONDS,
  type JobRun,
  type MetricsDeps,
  measure,
} from "../../../lambda/metrics/metrics";

const START = new Date("2026-11-23T10:00:00Z");
const BILLED = { vcpuHours: 2, memoryGbHours: 8, storageGbHours: 10 };
const SUMMARY = {
  run_id: "etl-1",
  source: "orders",
  rows_read: 200,
  rows_written: 190,
  rows_quarantined: 10,
  bytes_read: 4096,
  seconds: 33.3,
};

const job = (change: Partial<JobRun> = {}): JobRun => ({
  id: "j1",
  state: "SUCCESS",
  args: ["--run-id", "etl-1", "--source", "orders", "--config", "s3://x"],
  since: START,
  hasRun: true,
  seconds: 90,
  billed: BILLED,
  ...change,
});

const ended = (state = "SUCCESS", applicationId = "app") => ({
  "detail-type": "EMR Serverless Job Run State Change",
  source: "aws.emr-serverless",
  detail: { applicationId, jobRunId: "j1", state, previousState: "RUNNING" },
});
const TICK = { "detail-type": "Scheduled Event", source: "aws.events", detail: {} };

interface World {
  /** Answers of GetJobRun by id, in turn; the last one stays. */
  readonly jobs?: Readonly<Record<string, readonly (JobRun | Error)[]>>;
  readonly summary?: string | undefined;
  readonly fails?: keyof MetricsDeps;
}

/** Measures an event in a world where waiting takes no time. */
async function run(event: unknown, world: World = {}) {
  const { jobs = { j1: [job()] }, fails } = world;
  const summary = "summary" in world ? world.summary : JSON.stringify(SUMMARY);
  const published: Datum[] = [];
  const logged: [level: string, message: string, fields: object][] = [];
  const asked: string[] = [];
  const looks = new Map<string, number>();
  let now = START.getTime();
  const deps: MetricsDeps = {
    lake: "lake-dev",
    applicationId: "app",
    prices: { vcpu: 0.05, memoryGb: 0.005, storageGb: 0.0001 },
    async getJobRun(id) {
      if (fails === "getJobRun") throw new Error("throttled");
      const turn = looks.get(id) ?? 0;
      looks.set(id, turn + 1);
      const found = jobs[id]?.[Math.min(turn, (jobs[id]?.length ?? 0) - 1)];
      if (found === undefined) throw new Error(`no job ${id}`);
      if (found instanceof Error) throw found;
      return found;
    },
    listRunning: async () => Object.keys(jobs),
    readSources: async () => ["orders", "returns"],
    async readSummary(of) {
      if (fails === "readSummary") throw new Error("throttled");
      asked.push(of);
      return summary;
    },
    publish: (datum) => published.push(datum),
    log: (level, message, fields) => logged.push([level, message, fields]),
    now: () => new Date(now),
    async wait(seconds) {
      now += seconds * 1000;
    },
  };
  const error = await measure(event, deps).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return { published, logged, asked, error, looks, waited: (now - START.getTime()) / 1000 };
}

describe("a job that has succeeded", () => {
  test("is measured by what it wrote, how long it took and what AWS bills", async () => {
    const { published, logged, asked } = await run(ended());
    const of = {
      lake: "lake-dev",
      source: "orders",
      at: START,
      properties: { run: "etl-1", jobRun: "j1", state: "SUCCESS" },
    };
    expect(published).toEqual([
      {
        ...of,
        values: {
          RowsWritten: 190,
          RowsQuarantined: 10,
          QuarantinedPercent: 5,
          BytesRead: 4096,
          JobSeconds: 90,
        },
      },
      { ...of, values: { CostUsd: expect.closeTo(2 * 0.05 + 8 * 0.005 + 10 * 0.0001, 12) } },
    ]);
    expect(asked).toEqual(["etl-1"]);
    expect(logged).toEqual([]);
  });

  test("without a row at all has nothing bad in it", async () => {
    const none = { rows_read: 0, rows_written: 0, rows_quarantined: 0 };
    const summary = JSON.stringify({ ...SUMMARY, ...none });
    const { published } = await run(ended(), { summary });
    expect(published[0]?.values).toMatchObject({ RowsWritten: 0, QuarantinedPercent: 0 });
  });

  test.each([
    ["is not there", undefined],
    ["is no JSON", "{"],
    ["lacks a count", JSON.stringify({ ...SUMMARY, rows_written: undefined })],
    ["has a count below nothing", JSON.stringify({ ...SUMMARY, rows_quarantined: -1 })],
  ])("whose summary %s is measured by time and cost, and the log says so", async (_, summary) => {
    const { published, logged, error } = await run(ended(), { summary });
    expect(error).toBeUndefined();
    expect(published.map(({ values }) => Object.keys(values))).toEqual([
      ["JobSeconds"],
      ["CostUsd"],
    ]);
    expect(logged).toEqual([
      ["error", "no summary that can be read", expect.objectContaining({ run: "etl-1" })],
    ]);
  });
});

test.each(["FAILED", "CANCELLED"])(
  "a job that is %s has a time and a cost, no rows",
  async (state) => {
    const { published, asked } = await run(ended(state), { jobs: { j1: [job({ state })] } });
    expect(published.map(({ values }) => Object.keys(values))).toEqual([
      ["JobSeconds"],
      ["CostUsd"],
    ]);
    // What an earlier run of this name left is not this one's.
    expect(asked).toEqual([]);
  },
);

describe.each([
  ["no bill", undefined],
  ["zeros for a bill", { vcpuHours: 0, memoryGbHours: 0, storageGbHours: 0 }],
])("where AWS has %s yet", (_, billed) => {
  const unbilled = job({ billed });
  const names = (published: readonly Datum[]) =>
    published.map(({ values }) => Object.keys(values).at(-1));

  test("rows are published at once, and the cost once it is there", async () => {
    const { published, waited, logged } = await run(ended(), {
      jobs: { j1: [unbilled, unbilled, job()] },
    });
    expect(waited).toBe(2 * BILL_LOOK_SECONDS);
    expect(names(published)).toEqual(["JobSeconds", "CostUsd"]);
    expect(published[0]?.at).toEqual(START);
    expect(published[1]?.at).toEqual(new Date(START.getTime() + waited * 1000));
    expect(published[1]?.values.CostUsd).toBeGreaterThan(0);
    expect(logged).toEqual([]);
  });

  test("for two minutes, rows are published without a cost, and the log says so", async () => {
    const { published, logged, waited, error } = await run(ended(), { jobs: { j1: [unbilled] } });
    expect(error).toBeUndefined();
    expect([waited, BILL_SECONDS]).toEqual([120, 120]);
    expect(names(published)).toEqual(["JobSeconds"]);
    expect(published[0]?.values.RowsWritten).toBe(190);
    expect(logged).toEqual([
      ["error", expect.stringMatching(/^no bill of this job/), { id: "j1" }],
    ]);
  });

  test("an error of a look is no end of the wait, and nothing is published twice", async () => {
    const { published, error, logged } = await run(ended(), {
      jobs: { j1: [unbilled, new Error("throttled"), new Error("throttled"), job()] },
    });
    expect([error, logged]).toEqual([undefined, []]);
    expect(names(published)).toEqual(["JobSeconds", "CostUsd"]);
  });

  test("errors to the end of the wait cost the cost alone, and the log says which", async () => {
    const { published, error, logged } = await run(ended(), {
      jobs: { j1: [unbilled, new Error("throttled")] },
    });
    expect(error).toBeUndefined();
    expect(names(published)).toEqual(["JobSeconds"]);
    expect(logged).toEqual([
      [
        "error",
        expect.stringMatching(/^no bill of this job/),
        { id: "j1", error: "Error: throttled" },
      ],
    ]);
  });
});

test("a job that never ran costs what AWS says, without a wait", async () => {
  const billed = { vcpuHours: 0, memoryGbHours: 0, storageGbHours: 0 };
  const never = job({ state: "CANCELLED", hasRun: false, seconds: undefined, billed });
  const { published, waited, logged } = await run(ended("CANCELLED"), { jobs: { j1: [never] } });
  expect(published.map(({ values }) => values)).toEqual([{ CostUsd: 0 }]);
  expect([waited, logged]).toEqual([0, []]);
});

describe("nobody's business", () => {
  test.each([
    ["a job of another application", ended("SUCCESS", "other"), {}],
    ["a job without the pipeline's arguments", ended(), { args: ["--help"] }],
    ["a job without a run", ended(), { args: ["--source", "orders"] }],
    [
      "a job whose run is no execution's name",
      ended(),
      { args: ["--source", "orders", "--run-id", "../config"] },
    ],
    [
      "a job of a source that is not there",
      ended(),
      { args: ["--source", "toString", "--run-id", "x"] },
    ],
    ["an argument without a value", ended(), { args: ["--run-id", "x", "--source"] }],
  ] as const)("is %s: it is logged, and nothing is published", async (_, event, change) => {
    const { published, logged, asked, error } = await run(event, { jobs: { j1: [job(change)] } });
    expect(error).toBeUndefined();
    expect([published, asked]).toEqual([[], []]);
    expect(logged).toHaveLength(1);
  });

  test.each([null, 7, {}, { "detail-type": "Object Created" }, ended("RUNNING")])(
    "is an event that is not for it: %j",
    async (event) => {
      const { published, logged, error } = await run(event);
      expect([published, error]).toEqual([[], undefined]);
      expect(logged).toEqual([["error", "not an event of this function", expect.anything()]]);
    },
  );
});

test.each(["getJobRun", "readSummary"] as const)(
  "where %s fails nothing is published, so that Lambda may try again",
  async (fails) => {
    const { published, error } = await run(ended(), { fails });
    expect(error?.message).toBe("throttled");
    expect(published).toEqual([]);
  },
);

describe("the look at what runs", () => {
  const running = (id: string, minutes: number, source = "orders", state = "RUNNING") =>
    job({
      id,
      state,
      args: ["--run-id", id, "--source", source],
      since: new Date(START.getTime() - minutes * 60_000),
      billed: undefined,
    });

  test("publishes the age of each source's oldest job, and nothing else", async () => {
    const { published } = await run(TICK, {
      jobs: {
        a: [running("a", 3)],
        b: [running("b", 12.5)],
        c: [running("c", 7)],
        d: [running("d", 1, "returns")],
      },
    });
    expect(published.map(({ source, values }) => [source, values])).toEqual([
      ["orders", { RunningMinutes: 12.5 }],
      ["returns", { RunningMinutes: 1 }],
    ]);
  });

  test("leaves out what has ended meanwhile, and what the pipeline did not start", async () => {
    const { published } = await run(TICK, {
      jobs: {
        a: [running("a", 90, "orders", "SUCCESS")],
        b: [job({ id: "b", state: "RUNNING", args: [] })],
      },
    });
    expect(published).toEqual([]);
  });

  test("says nothing where nothing runs", async () => {
    const { published, logged } = await run(TICK, { jobs: {} });
    expect([published, logged]).toEqual([[], []]);
  });
});
