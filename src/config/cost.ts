/** What an environment is expected to cost a month, line by line, before it is deployed. */

import { dayOf } from "./costs/day";
import { jobLines } from "./costs/jobs";
import type { Line } from "./costs/line";
import { monitoringLines } from "./costs/monitoring";
import { networkLines } from "./costs/network";
import { pipelineLines } from "./costs/pipeline";
import { queryLines } from "./costs/queries";
import { storageLines, TWELFTH_MONTH } from "./costs/storage";
import type { Environment } from "./environment";
import { type Architecture, inCents, PRICES_OF } from "./prices";

/** One environment's month of 730 hours. */
export interface Estimate {
  readonly name: string;
  readonly region: string;
  readonly architecture: Architecture;
  /** Everything that is billed, also what comes to nothing in this environment. */
  readonly lines: readonly Line[];
  /** Sum of the lines, unrounded: of what is stored, the mean of the first year. */
  readonly totalUsd: number;
  /** What the twelfth month costs, when a year's data is stored; unrounded. */
  readonly twelfthMonthUsd: number;
  readonly budgetUsd: number;
  readonly prices: typeof PRICES_OF;
}

/**
 * The estimate: prices of us-east-1 times quantities that follow from the workload and the
 * configuration. Free tiers are not taken off, since they are the account's and not the lake's; nor
 * are taxes, support, data that leaves AWS, or what people do by hand added.
 */
export function costOf({ name, variables }: Environment): Estimate {
  const day = dayOf(variables);
  const storage = storageLines(variables, day);
  const lines = [
    ...jobLines(variables, day),
    ...storage,
    ...pipelineLines(variables, day),
    ...queryLines(variables, day),
    ...monitoringLines(variables, day),
    ...networkLines(variables, day),
  ];
  const totalUsd = sumOf(lines);
  const inAYear = sumOf(storageLines(variables, day, TWELFTH_MONTH));
  return {
    name,
    region: variables.aws_region,
    architecture: variables.emr_architecture,
    lines,
    totalUsd,
    twelfthMonthUsd: totalUsd - sumOf(storage) + inAYear,
    budgetUsd: variables.monthly_budget_usd,
    prices: PRICES_OF,
  };
}

function sumOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}

/** The estimate as the deployed lake carries it: a plan's difference to it is what a change costs. */
export function monthlyEstimate(environment: Environment): Record<string, number> {
  return usdByLine(costOf(environment));
}

/** USD in whole cents by the key of a line, without those that come to nothing; sorted. */
export function usdByLine({ lines }: Estimate): Record<string, number> {
  return Object.fromEntries(
    lines
      .map(({ key, usd }): [string, number] => [key, inCents(usd)])
      .filter(([, usd]) => usd !== 0)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** A line that costs more or less than before; 0 where it was not, or is no longer. */
export interface Move {
  readonly key: string;
  readonly beforeUsd: number;
  readonly afterUsd: number;
}

/** Lines whose whole cents differ, the largest difference first. */
export function movesBetween(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Move[] {
  const by = ({ beforeUsd, afterUsd }: Move) => Math.abs(afterUsd - beforeUsd);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((key) => ({ key, beforeUsd: before[key] ?? 0, afterUsd: after[key] ?? 0 }))
    .filter(({ beforeUsd, afterUsd }) => inCents(beforeUsd) !== inCents(afterUsd))
    .sort((one, other) => by(other) - by(one) || (one.key < other.key ? -1 : 1));
}
