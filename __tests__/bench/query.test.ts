import { expect, test } from "vitest";
import { type Read, ratiosOf } from "./query";

const LAYOUTS = {
  "raw JSON": 1000,
  "one Parquet file": 80,
  lake: 40,
  "lake, sorted by origin": 10,
  "lake, sorted by origin, by page": 4,
} as const;

const QUERIES = ["rows per day", "one origin on one day"];
const READS = QUERIES.flatMap((query) =>
  Object.entries(LAYOUTS).map(
    ([layout, bytes]): Read => ({ query, layout: layout as Read["layout"], bytes, rows: 1 }),
  ),
);

test("each query is compared with raw JSON and one file, and the selective one with its sorted rows", () => {
  expect(ratiosOf(READS).map(({ what, rounds }) => [what, ...rounds])).toEqual([
    ['bytes read for "rows per day": raw JSON ÷ lake', 25],
    ['bytes read for "one origin on one day": raw JSON ÷ lake', 25],
    ['bytes read for "rows per day": one Parquet file ÷ lake', 2],
    ['bytes read for "one origin on one day": one Parquet file ÷ lake', 2],
    ['bytes read for "one origin on one day": lake ÷ lake, sorted by origin', 4],
    ['bytes read for "one origin on one day": lake ÷ lake, sorted by origin, by page', 10],
  ]);
});

test("a layout that was not measured is no ratio", () => {
  const missing = READS.filter(({ layout }) => layout !== "lake");
  expect(() => ratiosOf(missing)).toThrow('nothing was measured of "rows per day" on lake');
});
