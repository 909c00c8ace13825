import { expect, test } from "vitest";
import { type Column, formatCsv, formatJson, formatTable } from "../../src/cli/table";

const COLUMNS: Column[] = [
  { name: "origin", type: "varchar" },
  { name: "flights", type: "bigint" },
  { name: "mean_delay", type: "double" },
];

test("a table is aligned, numbers to the right", () => {
  const rows = [
    ["JFK", "200", "16.2"],
    ["Ōsaka", "7", undefined],
  ];
  expect(formatTable(COLUMNS, rows)).toBe(
    [
      "origin  flights  mean_delay",
      "---------------------------",
      "JFK         200        16.2",
      "Ōsaka         7        NULL",
    ].join("\n"),
  );
});

test("a table's cell cannot break a line nor steer the terminal", () => {
  expect(formatTable([{ name: "text", type: "varchar" }], [["a\nb\u001b[31m"]])).toContain(
    "a\\nb\\u001b[31m",
  );
});

test("CSV quotes what needs it and tells NULL from an empty text", () => {
  const columns = ["a", "b"].map((name) => ({ name, type: "varchar" }));
  expect(
    formatCsv(columns, [
      ['say "hi"', "x,y"],
      [undefined, ""],
      ["two\nlines", "z"],
    ]),
  ).toBe('a,b\n"say ""hi""","x,y"\n,""\n"two\nlines",z');
});

test("JSON has numbers and booleans where it can hold them exactly", () => {
  const columns: Column[] = [
    { name: "n", type: "bigint" },
    { name: "d", type: "decimal(38,2)" },
    { name: "b", type: "boolean" },
    { name: "x", type: "double" },
    { name: "s", type: "varchar" },
  ];
  const rows = [
    ["42", "1.10", "true", "0.5", "7"],
    ["9007199254740993", "2.00", "false", "NaN", undefined],
  ];
  expect(JSON.parse(formatJson(columns, rows))).toEqual([
    { n: 42, d: "1.10", b: true, x: 0.5, s: "7" },
    { n: "9007199254740993", d: "2.00", b: false, x: "NaN", s: null },
  ]);
  expect(formatJson(columns, [])).toBe("[]");
});
