/** What is wrong between several values, and what may be set to mend it. */
import type { CapacityInput } from "./capacity";

/** The fields that the rules compare. */
export interface RuleInput extends CapacityInput {
  readonly spark_min_executors: number;
  readonly spark_executor_instances: number;
  readonly max_concurrent_runs: number;
  readonly raw_intelligent_tiering_days: number;
  readonly raw_glacier_days: number;
  readonly job_timeout_minutes: number;
  readonly sources: Readonly<
    Record<string, { readonly layout: string; readonly expected_minutes?: number | undefined }>
  >;
  readonly project: string;
  readonly aws_region: string;
  readonly bucket_suffix?: string | undefined;
}

/** Variables and the values to set them to, the one to name first in front. */
export type Change = Readonly<Record<string, number | string>>;

/** One thing that is wrong, as one rule sees it. */
export interface Problem {
  /** The variable to change first. */
  readonly variable: string;
  /** Without a remedy, and without a full stop. */
  readonly what: string;
  /** What might mend it, the best first. They are tried before one is shown. */
  readonly ways: readonly Change[];
  /** What to do where nothing can be named that may be set. */
  readonly advice?: string;
}

/** One rule, and the variables that it needs to be sound themselves. */
export interface Rule {
  readonly name: string;
  readonly reads: readonly (keyof RuleInput)[];
  readonly judge: (input: RuleInput, environment: string) => readonly Problem[];
}

/** `Set a = 1 with b = 2 and c = 3 or d = 4`. */
export function wayWords(ways: readonly Change[]): string {
  const words = ways.map((way) => {
    const [first, ...others] = Object.entries(way).map(
      ([name, value]) => `${name} = ${JSON.stringify(value)}`,
    );
    return others.length === 0 ? first : `${first} with ${others.join(" and ")}`;
  });
  return `Set ${words.join(" or ")}`;
}
