/** Rows as an aligned table, CSV or JSON. */
import Table from "cli-table3";
import { visible } from "./visible";

/** One column: its name and its Athena type, such as `bigint`. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** One row; undefined is SQL's NULL. */
export type Row = readonly (string | undefined)[];

const NUMBER = /^(tinyint|smallint|integer|int|bigint|real|float|double|decimal.*)$/;

/** Columns aligned, numbers to the right, a line under the head. */
export function formatTable(columns: readonly Column[], rows: readonly Row[]): string {
  const colAligns = columns.map(({ type }) => (NUMBER.test(type) ? "right" : "left"));
  const none = Object.fromEntries(
    ["top", "bottom"].flatMap((side) =>
      [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, ""]),
    ),
  );
  const table = new Table({
    // A name or a cell must not break the table, nor steer the terminal.
    head: columns.map(({ name }) => visible(name)),
    colAligns,
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
    chars: {
      ...none,
      left: "",
      right: "",
      middle: "  ",
      mid: "-",
      "mid-mid": "--",
      "left-mid": "",
      "right-mid": "",
    },
  });
  table.push(...rows.map((row) => row.map((value) => visible(value ?? "NULL"))));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** RFC 4180 with a head line; NULL is an empty field, an empty text is `""`. */
export function formatCsv(columns: readonly Column[], rows: readonly Row[]): string {
  const field = (value: string | undefined) => {
    if (value === undefined) return "";
    return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  return [columns.map(({ name }) => field(name)), ...rows.map((row) => row.map(field))]
    .map((fields) => fields.join(","))
    .join("\n");
}

/** One JSON array, an object a line; numbers and booleans as such where JSON can hold them. */
export function formatJson(columns: readonly Column[], rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    JSON.stringify(
      Object.fromEntries(columns.map(({ name, type }, i) => [name, typed(row[i], type)])),
    ),
  );
  return lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n]`;
}

function typed(value: string | undefined, type: string): unknown {
  if (value === undefined) return null;
  if (type === "boolean") return value === "true";
  if (!NUMBER.test(type)) return value;
  const number = Number(value);
  const exact =
    Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
  return exact && !type.startsWith("decimal") ? number : value;
}
