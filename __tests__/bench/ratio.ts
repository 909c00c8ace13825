/** What every benchmark prints: two things measured in turn in one run, their ratio, its goal. */
import { pathToFileURL } from "node:url";
import Table from "cli-table3";

/** Values of one figure over the rounds, each of them measured. */
export type Rounds = readonly number[];

/** A ratio round by round, and what was hoped for. */
export interface Ratio {
  /** What is compared, such as "cdktf synth of all environments ÷ of one bucket". */
  readonly what: string;
  readonly rounds: Rounds;
  readonly goal: Goal;
}

/** One row of a table. */
export type Cells = readonly (string | number)[];

/** Which side of a bound is good. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number };

/** How much is measured: the sizes that docs/performance.md speaks of, or as little as can be. */
export interface Extent {
  readonly smallest: boolean;
}

/** `--smallest`, as CI calls every benchmark, to see that it still measures. */
export function extent(args: readonly string[]): Extent {
  return { smallest: args.includes("--smallest") };
}

/** A benchmark: says on stdout what it measures, and gives its ratios. */
export type Benchmark = (extent: Extent) => Promise<Ratio[]>;

/** Whether the module is what `node` was told to run. */
export function isProgram(url: string): boolean {
  return url === pathToFileURL(process.argv[1] ?? "").href;
}

/** Runs the benchmark where its module is what `node` was told to run: each can be run alone. */
export async function runAlone(url: string, benchmark: Benchmark): Promise<void> {
  if (!isProgram(url)) return;
  const ratios = await benchmark(extent(process.argv.slice(2)));
  if (ratios.length > 0) console.log(ratioTable(ratios));
}

export function median(rounds: Rounds): number {
  return at(rounds, 0.5);
}

/** Numerator ÷ denominator, round by round: what slows both of a round is in none of the ratios. */
export function quotients(numerators: Rounds, denominators: Rounds): number[] {
  return numerators.map((value, round) => value / (denominators[round] ?? Number.NaN));
}

/** Median (least to most). */
export function spread(rounds: Rounds, unit: string): string {
  const [middle, least, most] = [0.5, 0, 1].map((share) => figure(at(rounds, share)));
  return rounds.length > 1 ? `${middle} ${unit} (${least} to ${most})` : `${middle} ${unit}`;
}

/** "met" or "missed": of the median, and never a reason for another exit code. */
export function verdict({ rounds, goal }: Ratio): "met" | "missed" {
  const ratio = median(rounds);
  const met = "atMost" in goal ? ratio <= goal.atMost : ratio >= goal.atLeast;
  return met ? "met" : "missed";
}

export function ratioTable(ratios: readonly Ratio[]): string {
  const rows = ratios.map((ratio) => {
    const { what, rounds, goal } = ratio;
    const bound = "atMost" in goal ? `at most ${goal.atMost} ×` : `at least ${goal.atLeast} ×`;
    return [what, spread(rounds, "×"), bound, verdict(ratio)];
  });
  return tableOf(["ratio", "measured", "goal", ""], rows);
}

/** Rows in a frame, without colours. */
export function tableOf(head: readonly string[], rows: readonly Cells[]): string {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

function at(rounds: Rounds, share: number): number {
  const sorted = [...rounds].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
