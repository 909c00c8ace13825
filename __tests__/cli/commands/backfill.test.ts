import { expect, test } from "vitest";
import { backfillFaults, plannedBatches } from "../../../src/cli/commands/backfill";
import { variablesSchema } from "../../../src/config/schema";

const ENVIRONMENT = {
  name: "local",
  variables: variablesSchema.parse({ sources: { flights: { format: "json" } } }),
};
const REQUEST = {
  ...{ source: "flights", from: "2025-01-01", to: "2025-01-31" },
  ...{ batchDays: 2, restart: false },
};

const day = (date: string, archived = 0) => ({ date, files: 2, bytes: 1500, archived });
const DAYS = [1, 2, 3, 4, 5].map((number) => day(`2025-01-0${number}`));

test("a request that can be done has no fault; one day is a span too", () => {
  expect(backfillFaults(ENVIRONMENT, REQUEST)).toEqual([]);
  expect(backfillFaults(ENVIRONMENT, { ...REQUEST, to: REQUEST.from })).toEqual([]);
});

test("everything that is wrong is said at once", () => {
  const wrong = { source: "flihgts", from: "2025-02-30", to: "yesterday", batchDays: 32 };
  expect(backfillFaults(ENVIRONMENT, { ...REQUEST, ...wrong })).toEqual([
    'source "flihgts" is not in env/local.tfvars. Did you mean flights? There is: flights',
    '--from "2025-02-30" is no day of the calendar. Write it as 2025-10-09',
    '--to "yesterday" is no day of the calendar. Write it as 2025-10-09',
    "--batch-days is a whole number from 1 to 31",
  ]);
  expect(backfillFaults(ENVIRONMENT, { ...REQUEST, from: "2025-02-01" })).toEqual([
    "--from 2025-02-01 is after --to 2025-01-31. Swap them",
  ]);
  for (const batchDays of [0, 1.5, Number.NaN])
    expect(backfillFaults(ENVIRONMENT, { ...REQUEST, batchDays })).toHaveLength(1);
});

test("days are cut into batches, each with what it holds", () => {
  const { batches, archived } = plannedBatches(DAYS, REQUEST, undefined);
  expect(archived).toEqual([]);
  expect(batches).toEqual([
    { source: "flights", days: ["2025-01-01", "2025-01-02"], contents: "4 files, 3.0 kB" },
    { source: "flights", days: ["2025-01-03", "2025-01-04"], contents: "4 files, 3.0 kB" },
    { source: "flights", days: ["2025-01-05"], contents: "2 files, 1.5 kB" },
  ]);
});

test("what is done is not done again, and the run under way comes first", () => {
  const earlier = {
    startedAt: "2026-11-23T13:00:00Z",
    done: ["2025-01-01"],
    running: { run: "backfill-1", days: ["2025-01-02", "2025-01-03"] },
  };
  const { batches } = plannedBatches(DAYS, REQUEST, earlier);
  expect(batches.map(({ days, run }) => [run, ...days])).toEqual([
    ["backfill-1", "2025-01-02", "2025-01-03"],
    [undefined, "2025-01-04", "2025-01-05"],
  ]);
});

test("days in Glacier are left out, the others stay", () => {
  const frozen = day("2025-01-03", 1);
  const days = DAYS.map((one) => (one.date === frozen.date ? frozen : one));
  const { batches, archived } = plannedBatches(days, REQUEST, undefined);
  expect(archived).toEqual([frozen]);
  expect(batches.flatMap((batch) => batch.days)).not.toContain(frozen.date);
});
