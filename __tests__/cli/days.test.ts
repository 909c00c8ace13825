import { expect, test } from "vitest";
import {
  batchesOf,
  common,
  dayFolder,
  dayOf,
  daysText,
  distinct,
  isDate,
} from "../../src/cli/days";

test("a day is one that the calendar has", () => {
  expect(["2024-02-29", "2025-12-31"].filter(isDate)).toHaveLength(2);
  expect(
    ["2025-02-29", "2025-13-01", "2025-1-1", "20250101", "2025-01-01T00"].filter(isDate),
  ).toEqual([]);
});

test("a folder and its objects are of the same day", () => {
  const folder = dayFolder("2025-10-09");
  expect(folder).toBe("year=2025/month=10/day=09");
  expect(dayOf(`raw/flights/${folder}/a b=1.json`, "raw/flights/")).toBe("2025-10-09");
});

test.each([
  "raw/flights/year=2025/month=02/day=30/a.json",
  "raw/flights/year=2025/month=02/day=3/a.json",
  "raw/flights/year=2025/month=02/day=03/",
  "raw/flights/year=2025/month=02/day=03",
  "raw/flights/a/year=2025/month=02/day=03/a.json",
  "raw/flights2/year=2025/month=02/day=03/a.json",
])("%s is of no day of flights", (key) => {
  expect(dayOf(key, "raw/flights/")).toBeUndefined();
});

test("days are told by the first, the last and how many", () => {
  expect(daysText(["2025-01-01"])).toBe("2025-01-01");
  expect(daysText(["2025-01-01", "2025-01-05"])).toBe("2025-01-01 to 2025-01-05 (2 days)");
});

test("days are sorted, each once, and compared", () => {
  expect(distinct(["2025-01-02", "2025-01-01", "2025-01-02"])).toEqual([
    "2025-01-01",
    "2025-01-02",
  ]);
  expect(common(["a", "b", "c"], new Set(["c", "a", "x"]))).toEqual(["a", "c"]);
});

test("batches hold all, in order, and none too many", () => {
  expect(batchesOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(batchesOf([1, 2], 2)).toEqual([[1, 2]]);
  expect(batchesOf([], 2)).toEqual([]);
});
