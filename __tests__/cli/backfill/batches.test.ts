import { expect, test } from "vitest";
import {
  type Batch,
  type BatchLake,
  batchSteps,
  type FailedBatch,
  throwFailed,
} from "../../../src/cli/backfill/batches";
import type { Waiting } from "../../../src/cli/backfill/waiting";
import { Failure } from "../../../src/local/failure";

const BATCHES: Batch[] = [
  { source: "flights", days: ["2025-01-01", "2025-01-02"], contents: "3 files, 10 B" },
  { source: "flights", days: ["2025-01-03"] },
  { source: "flights", days: ["2025-01-04"] },
];
const NOTHING: Waiting = {
  source: "flights",
  ...{ pending: [], waiter: undefined, taking: [], takenBy: undefined, failed: [] },
};
const SUMMARY = {
  partitions: ["2025-01-01"],
  ...{ rows_read: 3, rows_written: 2, rows_quarantined: 1, files_read: 1, files_written: 1 },
  ...{ bytes_read: 1, bytes_written: 1, seconds: 1 },
};

/** A lake that does as it is told, and what it was told. */
function fakeLake(told: Partial<BatchLake> = {}) {
  const calls: string[] = [];
  const lake: BatchLake = {
    nameOf: ({ days }) => `run-${days[0]}`,
    start: async (name, _, days) => {
      calls.push(`start ${name}: ${days.join(" ")}`);
    },
    follow: async (name) => ({ name, summary: SUMMARY }),
    waiting: async () => NOTHING,
    ...told,
  };
  return { lake, calls };
}

/** Runs the steps one after the other; gives what each ended with. */
async function run(batches: Batch[], lake: BatchLake, news = {}) {
  const failed: FailedBatch[] = [];
  const results: string[] = [];
  for (const step of batchSteps(batches, lake, failed, news))
    await step.run({ now: () => {}, note: () => {}, result: (text) => void results.push(text) });
  return { failed, results };
}

test("each batch is told by its place, its days and what it holds", () => {
  expect(batchSteps(BATCHES, fakeLake().lake, []).map(({ title }) => title)).toEqual([
    "Batch 1 of 3: flights 2025-01-01 to 2025-01-02 (2 days), 3 files, 10 B",
    "Batch 2 of 3: flights 2025-01-03",
    "Batch 3 of 3: flights 2025-01-04",
  ]);
});

test("each batch is one run, and its rows are told", async () => {
  const { lake, calls } = fakeLake();
  const { failed, results } = await run(BATCHES.slice(0, 2), lake);
  expect({ failed, results }).toEqual({
    failed: [],
    results: ["2 rows written, 1 in quarantine", "2 rows written, 1 in quarantine"],
  });
  expect(calls).toEqual([
    "start run-2025-01-01: 2025-01-01 2025-01-02",
    "start run-2025-01-03: 2025-01-03",
  ]);
});

test("a batch that fails is named with its cause, and the others go on", async () => {
  const { lake } = fakeLake({
    follow: async (name) => {
      if (name === "run-2025-01-03")
        throw new Failure(`Run ${name} failed`, { cause: "bad\ndata" });
      return { name, summary: undefined };
    },
  });
  const told: string[] = [];
  const { failed, results } = await run(BATCHES, lake, {
    done: async ({ days }: Batch) => void told.push(`done ${days[0]}`),
    failed: async ({ days }: Batch) => void told.push(`failed ${days[0]}`),
  });
  expect(results).toEqual([
    "nothing was left to ingest",
    "FAILED: Run run-2025-01-03 failed",
    "nothing was left to ingest",
  ]);
  expect(told).toEqual(["done 2025-01-01", "failed 2025-01-03", "done 2025-01-04"]);
  expect(() => throwFailed(failed, BATCHES, "Mend it.")).toThrow(
    [
      "1 of 3 batches failed:",
      "  flights 2025-01-03: Run run-2025-01-03 failed",
      "    | bad",
      "    | data",
      "Mend it.",
    ].join("\n"),
  );
  expect(() => throwFailed([], BATCHES, "Mend it.")).not.toThrow();
});

test("what is no failure of a run ends all: nobody knows what would go on", async () => {
  const { lake, calls } = fakeLake({ follow: () => Promise.reject(new Error("no network")) });
  await expect(run(BATCHES, lake)).rejects.toThrow("no network");
  expect(calls).toHaveLength(1);
});

test("days that others' runs left, took or failed on are run again, and only those", async () => {
  const answers: Partial<Waiting>[] = [
    { pending: ["2025-01-02", "2025-06-01"] },
    { failed: ["2025-01-02"] },
    {},
  ];
  const { lake, calls } = fakeLake({
    waiting: async () => ({ ...NOTHING, ...answers.shift() }),
  });
  const { failed } = await run(BATCHES.slice(0, 1), lake);
  expect(failed).toEqual([]);
  expect(calls).toEqual([
    "start run-2025-01-01: 2025-01-01 2025-01-02",
    "start run-2025-01-02: 2025-01-02",
    "start run-2025-01-02: 2025-01-02",
  ]);
});

test("a day that is never done is a failure in the end", async () => {
  const { lake, calls } = fakeLake({
    waiting: async () => ({ ...NOTHING, taking: ["2025-01-03"] }),
  });
  const { failed } = await run(BATCHES.slice(1, 2), lake);
  expect(calls).toHaveLength(10);
  expect(failed[0]?.failure.message).toBe(
    "after 10 runs, 2025-01-03 still waits or has failed in another's run",
  );
});

test("a run that was started before is followed, and the record is told before a run starts", async () => {
  const { lake, calls } = fakeLake();
  await run([{ source: "flights", days: ["2025-01-03"], run: "earlier" }], lake, {
    starts: async (_: Batch, name: string) => void calls.push(`record ${name}`),
  });
  expect(calls).toEqual(["record earlier", "start earlier: 2025-01-03"]);
});
