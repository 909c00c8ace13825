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

/** As it is typed. */
const GIVEN = { source: "flights", from: "2025-01-01", to: "2025-01-31", files: [] };

const day = (date: string, archived = 0) => ({ date, files: 2, bytes: 1500, archived });
const DAYS = [1, 2, 3, 4, 5].map((number) => day(`2025-01-0${number}`));

test("a request that can be done has no fault; one day is a span too", () => {
  expect(backfillFaults(ENVIRONMENT, GIVEN)).toEqual([]);
  expect(backfillFaults(ENVIRONMENT, { ...GIVEN, to: GIVEN.from })).toEqual([]);
  for (const batchDays of ["1", "31"])
    expect(backfillFaults(ENVIRONMENT, { ...GIVEN, batchDays })).toEqual([]);
});

test("everything that is wrong is said at once", () => {
  const wrong = {
    ...{ source: "flihgts", from: "2025-02-30", to: "yesterday", batchDays: "32" },
    ...{ files: ["a.json", "b.json"], date: "2025-01-01" },
  };
  expect(backfillFaults(ENVIRONMENT, wrong)).toEqual([
    'source "flihgts" is not in env/local.tfvars. Did you mean flights? There is: flights',
    '--from "2025-02-30" is no day of the calendar. Give one such as 2025-10-09',
    '--to "yesterday" is no day of the calendar. Give one such as 2025-10-09',
    '--batch-days "32" is no whole number from 1 to 31, the most that one run takes. Leave it out for 31',
    "a.json, b.json, --date 2025-01-01: --from and --to ingest what lies in raw/, and upload nothing. Give one or the other",
  ]);
  expect(backfillFaults(ENVIRONMENT, { ...GIVEN, from: "2025-02-01" })).toEqual([
    "--from 2025-02-01 is after --to 2025-01-31. Swap them",
  ]);
});

test.each(["0", "32", "1.5", "-1", "1e1", "0x1", "", "all"])(
  "no batch has %j days",
  (batchDays) => {
    expect(backfillFaults(ENVIRONMENT, { ...GIVEN, batchDays })).toHaveLength(1);
  },
);

test.each([
  [{ from: undefined }, ["--from"]],
  [{ to: undefined }, ["--to"]],
  [{ from: undefined, to: undefined, batchDays: "3" }, ["--from", "--to"]],
])("with %j, what is missing is named", (change, flags) => {
  const faults = backfillFaults(ENVIRONMENT, { ...GIVEN, ...change });
  expect(faults.map((fault) => fault.split(" is missing: --from and --to go together")[0])).toEqual(
    flags,
  );
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
