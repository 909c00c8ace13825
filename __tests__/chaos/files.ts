/** The files that the harness uploads: every record carries a name that no other record has. */
import { gzipSync } from "node:zlib";
import type { Random } from "./random";

export interface Source {
  readonly name: string;
  readonly format: "json" | "csv";
  /** Spark DDL; types are inferred where there is none. */
  readonly schema?: string;
  readonly layout: "iceberg" | "parquet";
}

/** How a file is written down; the oracle tells them apart by the ending of the name. */
export const ENDINGS = {
  json: [".json", ".json.gz", ".array.json"],
  csv: [".csv", ".csv.gz"],
} as const;

/** One version of one object. */
export interface FileVersion {
  readonly source: Source;
  readonly key: string;
  /** `<file>.<version>`: the first part of each of its records' names. */
  readonly name: string;
  readonly good: number;
  /** Records that belong into quarantine. */
  readonly bad: number;
  /** Decides what the records hold. */
  readonly seed: number;
}

/** Columns of every source. */
export const SCHEMA = "id STRING, amount BIGINT, note STRING";

const NOTES = ["plain", "größe 1,5", 'said "no"', "a+b=c %20", "日本語", "", "tab\tinside"];

/** The key's last part: such as object stores see, and code that decodes keys once too often breaks. */
export function fileName(random: Random, id: string, format: Source["format"]): string {
  const decoration = random.pick(["", "", "", " with space", "+plus", "%20", "=x", "-größe"]);
  return `${id}${decoration}${random.pick<string>(ENDINGS[format])}`;
}

/** The object's bytes; the same version always has the same. */
export function contentOf(file: FileVersion, random: Random): Uint8Array {
  const lines: string[] = [];
  for (let at = 0; at < file.good; at += 1) lines.push(good(file, at, random));
  for (let at = 0; at < file.bad; at += 1) {
    // The first record stays a good one: it shows what kind of file this is.
    const place = random.integer(1, lines.length);
    lines.splice(place, 0, bad(file, `${file.name}.b${at}`, random));
  }
  const text = file.key.endsWith(".array.json")
    ? `[${lines.join(",\n")}]`
    : `${[...(file.source.format === "csv" ? ["id,amount,note"] : []), ...lines].join("\n")}\n`;
  const bytes = new TextEncoder().encode(text);
  return file.key.endsWith(".gz") ? gzipSync(bytes) : bytes;
}

/** `<file>.<version>.<n>of<good>`: whoever sees one of them knows how many there are. */
function good(file: FileVersion, at: number, random: Random): string {
  const id = `${file.name}.${at}of${file.good}`;
  // The first of a file has an amount, so that no column is without a value, and a type.
  const amount = at > 0 && random.chance(0.1) ? null : random.integer(-(2 ** 40), 2 ** 40);
  const note = random.pick(NOTES);
  if (file.source.format === "csv") return `${id},${amount ?? ""},${csvField(note)}`;
  return JSON.stringify({ id, amount, note: note === "" ? null : note });
}

function bad(file: FileVersion, id: string, random: Random): string {
  if (file.source.format === "csv") return random.pick([`${id},7`, `${id},7,one,more`]);
  const twice = `{"id": "${id}", "id": "again"}`;
  const misfits = file.source.schema
    ? [`{"id": "${id}", "amount": "many"}`, `{"id": "${id}", "amount": 1.5}`]
    : [];
  // What is no JSON would end an array.
  const broken = file.key.endsWith(".array.json") ? [] : [`{"id": "${id}", "amount": 1`];
  return random.pick([twice, `["${id}"]`, ...misfits, ...broken]);
}

function csvField(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
