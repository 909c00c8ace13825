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

/** Whether the module is what `node` was told to run: each benchmark can be run alone. */
export function isProgram(url: string): boolean {
  return url === pathToFileURL(process.argv[1] ?? "").href;
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
  const table = new Table({
    head: ["ratio", "measured", "goal", ""],
    style: { head: [], border: [] },
  });
  for (const ratio of ratios) {
    const { what, rounds, goal } = ratio;
    const bound = "atMost" in goal ? `at most ${goal.atMost} ×` : `at least ${goal.atLeast} ×`;
    table.push([what, spread(rounds, "×"), bound, verdict(ratio)]);
  }
  return table.toString();
}

function at(rounds: Rounds, share: number): number {
  const sorted = [...rounds].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
