import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { today, uploadFaults, uploadsOf } from "../../src/cli/upload";
import type { Environment } from "../../src/config/environment";
import { variablesSchema } from "../../src/config/schema";
import { temporaryFolder } from "../local/support/fake-tools";

const ENVIRONMENT: Environment = {
  name: "local",
  variables: variablesSchema.parse({
    sources: { flights: { format: "json" }, weather: { format: "csv" } },
  }),
};

function file(name: string, text = "{}"): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

test("a file goes under its source and day, by its own name", () => {
  const path = file("delays.json", "12345");
  expect(uploadsOf({ source: "flights", files: [path], date: "2026-03-04" })).toEqual([
    { file: path, key: "raw/flights/year=2026/month=03/day=04/delays.json", sizeBytes: 5 },
  ]);
});

test("files of the source's format pass, gzipped or not", () => {
  const files = ["a.json", "b.jsonl", "c.ndjson", "d.json.gz", "E.JSON"].map((name) => file(name));
  expect(uploadFaults(ENVIRONMENT, { source: "flights", files, date: "2026-03-04" })).toEqual([]);
});

test("everything that is wrong is said at once", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "inner"));
  const empty = file("empty.json", "");
  const wrong = file("data.parquet");
  const hidden = file("_draft.json");
  const [one, two] = [file("same.json"), file("same.json")];
  const faults = uploadFaults(ENVIRONMENT, {
    source: "flights",
    files: [join(folder, "none.json"), join(folder, "inner"), empty, wrong, hidden, one, two],
    date: "2026-02-30",
  });
  expect(faults).toEqual([
    'date "2026-02-30" is no day of the calendar. Give one such as 2025-10-09',
    `${join(folder, "none.json")}: no such file`,
    `${join(folder, "inner")}: is a folder. Name its files`,
    `${empty}: is empty`,
    `${wrong}: the source's format is json: its files end in .json, .jsonl, .ndjson, or that and .gz`,
    `${hidden}: the pipeline passes over names that begin with "." or "_". Rename it`,
    `${two}: has the same name as ${one}, and both would be one object. Rename one`,
  ]);
});

test("a mistyped source gets the nearest known one", () => {
  const request = { source: "wether", files: [file("a.csv")], date: "2026-03-04" };
  expect(uploadFaults(ENVIRONMENT, request)).toEqual([
    'source "wether" is not in env/local.tfvars. Did you mean weather? There is: flights, weather',
  ]);
});

test("a day begins at midnight UTC", () => {
  expect(today(new Date("2026-03-04T23:59:59-01:00"))).toBe("2026-03-05");
});
