import { expect, test } from "vitest";
import { daysToIngest } from "../../../src/cli/backfill/listing";
import { physicalNames } from "../../../src/naming";
import { type FakeObject, fakeS3 } from "../support/fake-clients";

const NAMES = physicalNames({ project: "lake", environment: "local" });
const { landing, processed } = NAMES.bucket;
const JANUARY = { from: "2025-01-01", to: "2025-01-31" };

const raw = (day: string, file: string) => `${landing}/raw/flights/year=2025/month=${day}/${file}`;

function days(objects: Record<string, FakeObject>, span = JANUARY, listed: string[] = []) {
  return daysToIngest(fakeS3(objects, listed), NAMES, "flights", span);
}

test("days with data are found with what they hold, first and last included", async () => {
  const found = await days({
    [raw("01/day=01", "a.json")]: { size: 10 },
    [raw("01/day=01", "b.json")]: { size: 5 },
    [raw("01/day=31", "a.json")]: { size: 1 },
    [`${landing}/raw/flights/year=2024/month=12/day=31/a.json`]: {},
    [raw("02/day=01", "a.json")]: {},
    [`${landing}/raw/flights2/year=2025/month=01/day=05/a.json`]: {},
  });
  expect(found).toEqual([
    { date: "2025-01-01", files: 2, bytes: 15, archived: 0 },
    { date: "2025-01-31", files: 1, bytes: 1, archived: 0 },
  ]);
});

test("markers, hidden files, folders, empty files and what lies beside the days are no data", async () => {
  const found = await days({
    [raw("01/day=02", "_SUCCESS")]: {},
    [raw("01/day=02", ".a.json")]: {},
    [raw("01/day=02", "_temporary/a.json")]: {},
    [raw("01/day=02", "folder/")]: {},
    [raw("01/day=02", "a.json")]: { size: 0 },
    [raw("01/day=32", "a.json")]: {},
    [raw("01", "a.json")]: {},
    [`${landing}/raw/flights/a.json`]: {},
  });
  expect(found).toEqual([]);
});

test("a day whose files have gone counts where rows or quarantine are left of it", async () => {
  const folder = "flights/year=2025/month=01";
  const found = await days({
    [`${processed}/processed/${folder}/day=03/part.snappy.parquet`]: {},
    [`${processed}/quarantine/${folder}/day=04/part.json`]: {},
    [`${processed}/processed/flights/metadata/v1.metadata.json`]: {},
  });
  expect(found.map(({ date, files }) => [date, files])).toEqual([
    ["2025-01-03", 0],
    ["2025-01-04", 0],
  ]);
});

test("files in Glacier are told, unless they are restored", async () => {
  const found = await days({
    [raw("01/day=05", "a.json")]: { StorageClass: "GLACIER" },
    [raw("01/day=05", "b.json")]: { StorageClass: "DEEP_ARCHIVE" },
    [raw("01/day=05", "c.json")]: { StorageClass: "INTELLIGENT_TIERING" },
    [raw("01/day=05", "d.json")]: {
      StorageClass: "GLACIER",
      RestoreStatus: { IsRestoreInProgress: false, RestoreExpiryDate: new Date() },
    },
    [raw("01/day=05", "e.json")]: {
      StorageClass: "GLACIER",
      RestoreStatus: { IsRestoreInProgress: true },
    },
  });
  expect(found).toMatchObject([{ files: 5, archived: 3 }]);
});

test("nothing before the span is listed, and of what comes after it one page at most", async () => {
  const objects = Object.fromEntries(
    Array.from({ length: 12 }, (_, month) => month + 1).map((month) => [
      raw(`${String(month).padStart(2, "0")}/day=15`, "a.json"),
      {},
    ]),
  );
  const listed: string[] = [];
  const found = await days(objects, { from: "2025-06-01", to: "2025-06-30" }, listed);
  expect(found.map(({ date }) => date)).toEqual(["2025-06-15"]);
  expect(listed.map((key) => /month=(\d+)/.exec(key)?.[1])).toEqual(["06", "07", "08"]);
});
