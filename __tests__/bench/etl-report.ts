/** The rows that `npm run bench:etl` prints as it goes. */
import type { Measured } from "./etl-contender";
import { measuredOf, type Row } from "./etl-plan";
import { skewOf } from "./etl-profile";
import { median } from "./ratio";

const HEAD = ["format", "MB", "contender", "s", "MB/s", "whole s", "peak MB", "held MB"];
const MORE = ["passes", "shuffled MB", "spilled MB", "tasks", "skew", "files"];
const WIDTHS = [8, 5, 9, 22, 6, 7, 7, 7, 6, 11, 10, 5, 5];

export function headLine(): string {
  return cells([...HEAD, ...MORE]);
}

/** One contender in one case; of figures other than the seconds the median, of a failure its words. */
export function rowLine(row: Row): string {
  const failure = row.rounds.find((round) => typeof round === "string");
  const name = [row.format, String(row.megabytes), row.contender];
  if (failure !== undefined) return `${cells(name)} ${failure}`;
  const rounds = measuredOf(row);
  const of = (value: (one: Measured) => number | undefined, digits = 0) => {
    const values = rounds.map(value);
    return values.some((one) => one === undefined)
      ? "-"
      : median(values as number[]).toFixed(digits);
  };
  return cells([
    ...name,
    secondsText(rounds.map(({ seconds }) => seconds)),
    of(({ seconds }) => row.textBytes / 1e6 / seconds, 1),
    of(({ wholeSeconds }) => wholeSeconds, 1),
    of(({ peakBytes }) => megabytes(peakBytes)),
    of(({ heldBytes, profile }) => (profile ? megabytes(heldBytes) : undefined)),
    of(({ passes }) => passes, 2),
    of(({ profile }) => megabytes(profile?.shuffleBytes), 1),
    of(({ profile }) => megabytes(profile?.spilledDiskBytes), 1),
    of(({ profile }) => profile?.tasks),
    of(({ profile }) => (profile?.largest ? skewOf(profile.largest) : undefined), 1),
    filesText(rounds.at(-1)?.output.sizes ?? []),
  ]);
}

/** Columns whose types the contenders do not agree on, one a line; none where all agree. */
export function typeLines(rows: readonly Row[]): string[] {
  const byColumn = new Map<string, Map<string, string[]>>();
  for (const row of rows)
    for (const [column, type] of Object.entries(measuredOf(row)[0]?.output.types ?? {})) {
      const types = byColumn.get(column) ?? new Map<string, string[]>();
      types.set(type, [...(types.get(type) ?? []), row.contender]);
      byColumn.set(column, types);
    }
  return [...byColumn]
    .filter(([, types]) => types.size > 1)
    .map(([column, types]) => {
      const said = [...types].map(([type, names]) => `${type} (${names.join(", ")})`);
      return `  ${column}: ${said.join("; ")}`;
    });
}

function megabytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1e6;
}

function secondsText(rounds: readonly number[]): string {
  const [middle, least, most] = [median(rounds), Math.min(...rounds), Math.max(...rounds)];
  return rounds.length > 1
    ? `${middle.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`
    : middle.toFixed(2);
}

function filesText(sizes: readonly number[]): string {
  const mean = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length);
  return `${sizes.length} × ${(mean / 1e6).toFixed(1)} MB`;
}

function cells(texts: readonly string[]): string {
  return texts
    .map((text, at) => {
      const width = WIDTHS[at] ?? 0;
      return at < 3 || at === texts.length - 1 ? text.padEnd(width) : text.padStart(width);
    })
    .join("  ")
    .trimEnd();
}
