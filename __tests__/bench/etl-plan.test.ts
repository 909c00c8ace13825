/** What the benchmark measures by default, and the ratios that come of measured rows. */
import { expect, test } from "vitest";
import { lastWords, type Measured } from "./etl-contender";
import { type Contender, optionsOf, planOf, type Row, ratiosOf } from "./etl-plan";
import { rowLine, typeLines } from "./etl-report";
import { median } from "./ratio";

const OUTPUT = { rows: 1, sum: "1", types: { id: "BIGINT" }, sizes: [1e6, 3e6] };

function measured(seconds: number, more: Partial<Measured> = {}): Measured {
  return {
    ...{ seconds, wholeSeconds: seconds + 5, peakBytes: 1e9, heldBytes: 2e8, passes: 1 },
    ...{ profile: undefined, output: OUTPUT },
    ...more,
  };
}

function row(contender: Contender, megabytes: number, ...rounds: (Measured | string)[]): Row {
  return { format: "jsonl", megabytes, contender, textBytes: megabytes * 1e6, rounds };
}

const named = (rows: Row[]) =>
  Object.fromEntries(ratiosOf("jsonl", rows).map(({ what, rounds }) => [what, median(rounds)]));

test("one round of large files, three of small ones, and no first run of the largest", () => {
  const plan = planOf(optionsOf(["--formats", "jsonl"]));
  expect(plan.map(({ megabytes, rounds }) => [megabytes, rounds])).toEqual([
    [10, 3],
    [100, 3],
    [1000, 1],
    [4000, 1],
  ]);
  expect(plan.map(({ contenders }) => contenders.includes("first"))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(plan.every(({ contenders }) => contenders.at(-1) === "later")).toBe(true);
});

test("sizes, formats and rounds are as the command says", () => {
  const plan = planOf(optionsOf(["--sizes", "50,5", "--formats", "csv,wide", "--rounds", "2"]));
  expect(plan.map(({ format, megabytes, rounds }) => [format, megabytes, rounds])).toEqual([
    ["csv", 5, 2],
    ["csv", 50, 2],
    ["wide", 5, 2],
    ["wide", 50, 2],
  ]);
});

test("contenders are those that the command names, in their own order, the first run too", () => {
  const plan = planOf(
    optionsOf(["--formats", "csv", "--sizes", "4000", "--contenders", "later,first"]),
  );
  expect(plan.map(({ contenders }) => contenders)).toEqual([["first", "later"]]);
});

test.each([
  ["--formats", "xml", "--formats: expected of jsonl,csv,array,gzip,csvparts,wide, found xml"],
  ["--sizes", "ten", "--sizes: expected MB from 1, such as 10,100, found ten"],
  [
    "--contenders",
    "later,spark",
    "--contenders: expected of duckdb,pyspark,first,later, found spark",
  ],
  ["--heap", "3", "--heap: expected a Spark size from 512m, such as 3g, found 3"],
  ["--heap", "256m", "--heap: expected a Spark size from 512m, such as 3g, found 256m"],
  ["--rounds", "0", "--rounds: expected a number from 1, found 0"],
])("%s %s is refused", (option, value, message) => {
  expect(() => optionsOf([option, value])).toThrow(message);
});

test("ratios are of the later run at the largest size", () => {
  expect(
    named([
      row("pyspark", 1000, measured(30)),
      row("duckdb", 1000, measured(5)),
      row("first", 1000, measured(99)),
      row("later", 1000, measured(10)),
      row("later", 100, measured(2)),
      row("pyspark", 100, measured(3)),
    ]),
  ).toEqual({
    "jsonl, 1000 MB: obvious script ÷ ours": 3,
    "jsonl, 1000 MB: ours ÷ DuckDB": 2,
    "jsonl: seconds per MB, 1000 ÷ 100 MB": 0.5,
    // 1000 MB in 15 s of the whole process on two cores, over 500 MB in 300 s on ten.
    "jsonl, 1000 MB: MB/s per vCPU ÷ the template's": 1000 / 15 / 2 / (500 / 300 / 10),
  });
});

test("memory is compared only where the smaller run has filled a heap", () => {
  const rows = [
    row("later", 4000, measured(40, { peakBytes: 3e9 })),
    row("later", 1000, measured(10, { peakBytes: 2e9 })),
  ];
  expect(named(rows)["jsonl: peak memory, 4000 ÷ 1000 MB"]).toBe(1.5);
  const unseen = rows.map((one) => ({ ...one, rounds: [measured(1, { peakBytes: undefined })] }));
  expect(Object.keys(named(unseen)).filter((what) => what.includes("memory"))).toEqual([]);
});

test("who failed in one round counts in no ratio; ours falls back on the largest that it did", () => {
  const rows = [
    row("pyspark", 1000, measured(30), "failed: no memory"),
    row("later", 1000, "refused: too large"),
    row("later", 100, measured(10)),
    row("pyspark", 100, measured(30), "failed: no memory"),
    row("duckdb", 100, measured(5)),
  ];
  expect(Object.keys(named(rows))).toEqual([
    "jsonl, 100 MB: ours ÷ DuckDB",
    "jsonl, 100 MB: MB/s per vCPU ÷ the template's",
  ]);
  expect(named([row("pyspark", 10, measured(1))])).toEqual({});
});

test("without a later run, the first one stands for ours", () => {
  const rows = [row("first", 10, measured(8)), row("duckdb", 10, measured(4))];
  expect(named(rows)["jsonl, 10 MB: ours ÷ DuckDB"]).toBe(2);
});

test("a failure is its program's own last words, in one line", () => {
  const trace =
    "Traceback (most recent call last):\n  File x\npy4j.protocol.Py4JJavaError: no heap\n\n";
  expect(lastWords(trace, undefined)).toBe("failed: py4j.protocol.Py4JJavaError: no heap");
  expect(lastWords("a note\netl: error: a.csv has 9 bytes\nrest", undefined)).toBe(
    "refused: a.csv has 9 bytes",
  );
  expect(lastWords("etl: error: late", "SIGKILL")).toBe("killed by SIGKILL");
  expect(lastWords("", undefined)).toBe("failed: without a word");
});

test("a row shows its median and spread, or the words of its failure", () => {
  const line = rowLine(row("later", 10, measured(4), measured(2), measured(3)));
  expect(line).toMatch(/^jsonl +10 +later +3\.00 \(2\.00 to 4\.00\) +3\.3 +8\.0 +1000 /);
  expect(line).toMatch(/2 × 2\.0 MB$/);
  expect(rowLine(row("first", 10, measured(4), "refused: no"))).toMatch(/first +refused: no$/);
});

test("columns are told where the contenders' types differ, and only those", () => {
  const types = { ...OUTPUT, types: { id: "BIGINT", date: "TIMESTAMP" } };
  const text = { ...OUTPUT, types: { id: "BIGINT", date: "VARCHAR" } };
  const rows = [
    row("duckdb", 10, measured(1, { output: types })),
    row("first", 10, measured(1, { output: text })),
    row("later", 10, measured(1, { output: text })),
  ];
  expect(typeLines(rows)).toEqual(["  date: TIMESTAMP (duckdb); VARCHAR (first, later)"]);
});
