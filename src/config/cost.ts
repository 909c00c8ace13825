/** What an environment is expected to cost a month, line by line, before it is deployed. */

import { dayOf } from "./costs/day";
import { jobLines } from "./costs/jobs";
import type { Line } from "./costs/line";
import { monitoringLines } from "./costs/monitoring";
import { networkLines } from "./costs/network";
import { pipelineLines } from "./costs/pipeline";
import { queryLines } from "./costs/queries";
import { storageLines } from "./costs/storage";
import type { Environment } from "./environment";
import { type Architecture, inCents, PRICES_OF } from "./prices";

/** One environment's month of 730 hours. */
export interface Estimate {
  readonly name: string;
  readonly region: string;
  readonly architecture: Architecture;
  /** Everything that is billed, also what comes to nothing in this environment. */
  readonly lines: readonly Line[];
  /** Sum of the lines, unrounded. */
  readonly totalUsd: number;
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
  const lines = [
    ...jobLines(variables, day),
    ...storageLines(variables, day),
    ...pipelineLines(variables, day),
    ...queryLines(variables, day),
    ...monitoringLines(variables, day),
    ...networkLines(variables, day),
  ];
  return {
    name,
    region: variables.aws_region,
    architecture: variables.emr_architecture,
    lines,
    totalUsd: lines.reduce((sum, { usd }) => sum + usd, 0),
    budgetUsd: variables.monthly_budget_usd,
    prices: PRICES_OF,
  };
}

/**
 * The estimate as the deployed lake carries it: USD in whole cents by the key of a line, sorted; a
 * plan's difference to it is what a change costs a month.
 */
export function monthlyEstimate(environment: Environment): Record<string, number> {
  return Object.fromEntries(
    costOf(environment)
      .lines.map(({ key, usd }): [string, number] => [key, inCents(usd)])
      .filter(([, usd]) => usd !== 0)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** What a warning says where the month is expected to cost more than the budget; else undefined. */
export function budgetAdvice({ totalUsd, budgetUsd }: Estimate): string | undefined {
  if (totalUsd <= budgetUsd) return undefined;
  return `the month is expected to cost ${usdText(totalUsd)} USD, more than monthly_budget_usd = ${budgetUsd}: its alerts would come in any ordinary month. Raise the budget, or see with \`npx lake cost\` what costs most`;
}

/** `1,234.56`. */
export function usdText(usd: number): string {
  return usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
