/**
 * `npm run bench:compaction`: a day that many small batches come to, a run each, is few files at any
 * moment, while a reader counts its rows and never finds what no run has published; and what it costs
 * that every run reads the day again. `--smallest`.
 */
import { z } from "zod";
import { withScope } from "../../src/local/scope";
import { figuresOf } from "./python-figures";
import { groundIn } from "./python-ground";
import { type Extent, type Ratio, runAlone } from "./ratio";

/** Rows of a batch, and batches. */
const SIZES = { smallest: { rows: 2_000, batches: 4 }, full: { rows: 50_000, batches: 30 } };
/** Share of the runs at either end, by whose seconds a run of a full day is compared to a first. */
const END = 0.2;

const run = z.object({
  batch: z.number(),
  rawBytes: z.number(),
  readBytes: z.number(),
  writtenBytes: z.number(),
  files: z.number(),
  seconds: z.number(),
});
const end = z.object({
  reads: z.number(),
  distinct: z.number(),
  wrong: z.array(z.number()),
  rows: z.number(),
  expected: z.number(),
});

export type Run = z.infer<typeof run>;

export function benchCompaction({ smallest }: Extent): Promise<Ratio[]> {
  return withScope(async (scope) => {
    const ground = await groundIn(scope);
    const size = smallest ? SIZES.smallest : SIZES.full;
    const lines = await figuresOf(ground, "compaction", size, z.union([run, end]));
    const runs = lines.filter((line) => "batch" in line);
    const last = lines.find((line) => "reads" in line);
    if (last === undefined || last.rows !== last.expected)
      throw new Error(`expected ${last?.expected} rows in the end, found ${last?.rows}`);
    if (last.wrong.length > 0)
      throw new Error(`a reader found counts that no run had published: ${last.wrong.join(", ")}`);
    console.log(`${size.batches} batches of ${size.rows} flights into one day, a run each`);
    console.log("  batch  day's raw MB  read MB  written MB  files  seconds");
    for (const each of shown(runs)) console.log(lineOf(each));
    console.log(
      `  a reader counted ${last.reads} times: ${last.distinct} counts, each that of a run, none after a larger one`,
    );
    return ratiosOf(runs);
  });
}

/** Ratios of a day's runs; what the first, cold one took is left out of the seconds. */
export function ratiosOf(runs: readonly Run[]): Ratio[] {
  const last = runs.at(-1);
  if (last === undefined || runs.length < 3) throw new Error("expected at least three runs");
  const warm = runs.slice(1);
  const ends = Math.max(1, Math.round(END * warm.length));
  const read = sum(runs.map(({ readBytes }) => readBytes));
  const slope = slopeOf(warm.map(({ rawBytes, seconds }) => [rawBytes / 1e6, seconds]));
  console.log(`  ${slope.toFixed(3)} s more for each MB that the day has already`);
  const early = mean(warm.slice(0, ends).map(({ seconds }) => seconds));
  const late = mean(warm.slice(-ends).map(({ seconds }) => seconds));
  return [
    {
      what: "files of a day after its last batch ÷ batches",
      rounds: [last.files / runs.length],
      goal: { atMost: 1 / runs.length },
    },
    {
      what: `bytes read by ${runs.length} runs ÷ bytes of their day (once each: 1)`,
      rounds: [read / last.rawBytes],
      // 1 + 2 + … + n: a run reads what came before, and no more.
      goal: { atMost: round((runs.length + 1) / 2 + 0.1) },
    },
    {
      what: `seconds of a run with ${runs.length} batches in its day ÷ with few`,
      rounds: [late / early],
      goal: { atMost: 2 },
    },
  ];
}

/** Least squares: how much y grows with x. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const [x, y] = [mean(points.map(([one]) => one)), mean(points.map(([, other]) => other))];
  const above = sum(points.map(([one, other]) => (one - x) * (other - y)));
  return above / sum(points.map(([one]) => (one - x) ** 2));
}

/** The first runs, and then every few. */
function shown(runs: readonly Run[]): Run[] {
  const step = Math.max(1, Math.floor(runs.length / 10));
  return runs.filter(({ batch }) => batch === 1 || batch === runs.length || batch % step === 0);
}

function lineOf({ batch, rawBytes, readBytes, writtenBytes, files, seconds }: Run): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
  const cells = [megabytes(rawBytes), megabytes(readBytes), megabytes(writtenBytes), `${files}`];
  const widths = [14, 9, 12, 7];
  const padded = cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join("");
  return `${`${batch}`.padStart(7)}${padded}${seconds.toFixed(1).padStart(9)}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

await runAlone(import.meta.url, benchCompaction);
