/** What `npm run bench:etl` measures, and the ratios that are asked of it. */
import { parseArgs } from "node:util";
import { sparkMemoryMb } from "../../src/config/capacity";
import type { Measured } from "./etl-contender";
import { type Extent, quotients, type Ratio, type Rounds } from "./ratio";

/** Sizes in MB of text where no others are asked for; past the last there is nothing to learn. */
const SIZES: Readonly<Record<string, readonly number[]>> = {
  jsonl: [10, 100, 1000, 4000],
  csv: [10, 100, 1000, 4000],
  // Files that do not split: the question is whether they pass, and in what memory.
  array: [100, 1000],
  gzip: [100, 1000],
  csvparts: [1000],
  wide: [100, 1000],
};
export const FORMATS = Object.keys(SIZES);
/** The first run has no table yet and infers the types; a later one finds them in the table. */
export const CONTENDERS = ["duckdb", "pyspark", "first", "later"] as const;
export type Contender = (typeof CONTENDERS)[number];

/** MB from which one round has to do: a minute's run differs by few in a hundred. */
const ONE_ROUND_MB = 1000;
const ROUNDS = 3;
/** MB from which a first run is left out: its slope shows below. */
const NO_FIRST_RUN_MB = 4000;

/** What Spark itself needs of a heap, and a little. */
const LEAST_HEAP_MB = 512;

/** One format and size, with those that are measured on it in turn. */
export interface Case {
  readonly format: string;
  readonly megabytes: number;
  readonly rounds: number;
  readonly contenders: readonly Contender[];
}

/** What one contender did in a case, by rounds: measured, or why not. */
export interface Row extends Omit<Case, "rounds" | "contenders"> {
  readonly contender: Contender;
  /** Bytes of text. */
  readonly textBytes: number;
  readonly rounds: readonly (Measured | string)[];
}

/** Of the command line; `undefined` where it says nothing. */
export interface Options extends Extent {
  readonly sizes?: readonly number[] | undefined;
  readonly formats?: readonly string[] | undefined;
  readonly contenders?: readonly Contender[] | undefined;
  readonly rounds?: number | undefined;
  /** Of Spark, such as `3g`. */
  readonly heap?: string | undefined;
}

/** @throws Error that names the option, what it takes and what it got */
export function optionsOf(args: readonly string[]): Options {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ sizes: text, formats: text, contenders: text, rounds: text, heap: text },
      smallest: { type: "boolean", default: false },
    },
  });
  const sizes = values.sizes?.split(",").map(Number);
  if (sizes?.some((size) => !(size >= 1)))
    throw new Error(`--sizes: expected MB from 1, such as 10,100, found ${values.sizes}`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 1))
    throw new Error(`--rounds: expected a number from 1, found ${values.rounds}`);
  if (values.heap !== undefined && !(sparkMemoryMb(values.heap) >= LEAST_HEAP_MB))
    throw new Error(`--heap: expected a Spark size from 512m, such as 3g, found ${values.heap}`);
  return {
    ...{ sizes, rounds, heap: values.heap, smallest: values.smallest },
    formats: namesIn("--formats", FORMATS, values.formats),
    contenders: namesIn("--contenders", CONTENDERS, values.contenders),
  };
}

function namesIn<T extends string>(
  option: string,
  known: readonly T[],
  given: string | undefined,
): T[] | undefined {
  const names = given?.split(",");
  const unknown = names?.filter((name) => !(known as readonly string[]).includes(name)) ?? [];
  if (unknown.length > 0)
    throw new Error(`${option}: expected of ${known.join(",")}, found ${unknown.join(",")}`);
  return names && known.filter((name) => names.includes(name));
}

export function planOf(options: Options): Case[] {
  const { smallest, sizes, formats, rounds, contenders = CONTENDERS } = options;
  if (smallest) {
    const least = { megabytes: 10, rounds: 1 };
    return [
      { format: "jsonl", ...least, contenders: CONTENDERS },
      // What a later run takes, JSON lines have shown.
      { format: "csv", ...least, contenders: ["duckdb", "pyspark", "first"] },
    ];
  }
  return (formats ?? FORMATS).flatMap((format) =>
    [...(sizes ?? SIZES[format] ?? [])]
      .sort((one, other) => one - other)
      .map((megabytes) => ({
        format,
        megabytes,
        rounds: rounds ?? (megabytes >= ONE_ROUND_MB ? 1 : ROUNDS),
        contenders: contenders.filter(
          (one) => one !== "first" || megabytes < NO_FIRST_RUN_MB || options.contenders,
        ),
      })),
  );
}

/** Cores that every contender has. */
export const CORES = 2;
/**
 * MB/s of one vCPU in the template's own benchmark, at its best: 500 MB of JSON in 5 minutes (5 to
 * 8, it says) on 10 vCPU.
 */
export const TEMPLATE_MB_PER_VCPU_SECOND = 500 / (5 * 60) / 10;
/** MB from which memory is expected not to grow: below, a heap has not been filled once. */
const FLAT_FROM_MB = 1000;

/** All ratios of one format that its rows allow: where a side failed, there is none. */
export function ratiosOf(format: string, rows: readonly Row[]): Ratio[] {
  const sound = rows.filter((row) => row.format === format && row.rounds.every(isMeasured));
  const of = (contender: Contender) =>
    sound
      .filter((row) => row.contender === contender)
      .sort((one, other) => other.megabytes - one.megabytes);
  const later = of("later");
  const ours = later.length > 0 ? later : of("first");
  const [largest, smaller] = ours;
  if (largest === undefined) return [];
  const at = (contender: Contender) =>
    of(contender).find(({ megabytes }) => megabytes === largest.megabytes);
  const what = `${format}, ${largest.megabytes} MB`;
  return [
    ...ratio(`${what}: obvious script ÷ ours`, at("pyspark"), largest, seconds, { atLeast: 2 }),
    ...ratio(`${what}: ours ÷ DuckDB`, largest, at("duckdb"), seconds, { atMost: 3 }),
    // A tenth for what a shared disk's cache no longer holds, and the rest for what differs anyway.
    ...ratio(
      `${format}: seconds per MB, ${largest.megabytes} ÷ ${smaller?.megabytes} MB`,
      ...([largest, smaller, secondsPerMb, { atMost: 1.3 }] as const),
    ),
    ...(smaller !== undefined && smaller.megabytes >= FLAT_FROM_MB
      ? ratio(
          `${format}: peak memory, ${largest.megabytes} ÷ ${smaller.megabytes} MB`,
          ...([largest, smaller, peak, { atMost: 1.15 }] as const),
        )
      : []),
    {
      what: `${what}: MB/s per vCPU ÷ the template's`,
      rounds: measuredOf(largest).map(
        ({ wholeSeconds }) =>
          largest.textBytes / 1e6 / wholeSeconds / CORES / TEMPLATE_MB_PER_VCPU_SECOND,
      ),
      goal: { atLeast: 20 },
    },
  ];
}

function ratio(
  what: string,
  numerator: Row | undefined,
  denominator: Row | undefined,
  of: (row: Row) => Rounds,
  goal: Ratio["goal"],
): Ratio[] {
  if (numerator === undefined || denominator === undefined) return [];
  const [over, under] = [of(numerator), of(denominator)];
  // Of different sizes there may be fewer rounds of the larger one.
  const rounds = quotients(over.slice(0, under.length), under);
  return rounds.some(Number.isNaN) ? [] : [{ what, rounds, goal }];
}

function isMeasured(round: Measured | string): round is Measured {
  return typeof round !== "string";
}

export function measuredOf({ rounds }: Row): Measured[] {
  return rounds.filter(isMeasured);
}

const seconds = (row: Row): Rounds => measuredOf(row).map((one) => one.seconds);
const secondsPerMb = (row: Row): Rounds =>
  measuredOf(row).map((one) => one.seconds / (row.textBytes / 1e6));
const peak = (row: Row): Rounds => measuredOf(row).map((one) => one.peakBytes ?? Number.NaN);
