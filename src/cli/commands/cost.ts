/** `lake cost [ENV]`. */
import { costOf, type Estimate, movesBetween, usdByLine } from "../../config/cost";
import { dayAdvice } from "../../config/costs/day";
import { YEAR_DAYS } from "../../config/costs/storage";
import type { Environment } from "../../config/environment";
import { EnvironmentError, type Fault } from "../../config/faults";
import type { GivenVariables } from "../../config/overrides";
import { PRICES_OF } from "../../config/prices";
import type { Variables } from "../../config/schema";
import { Failure } from "../../local/failure";
import {
  formatComparison,
  formatEstimate,
  formatTotals,
  warnOfBudget,
  warnOfRegion,
} from "../cost";
import { describedEnvironments } from "../environments";
import { colors, print, say } from "../terminal";

/** What `lake cost` is given. */
export interface CostOptions {
  readonly json: boolean;
  /** How each quantity came about. */
  readonly explain: boolean;
}

/** Variables that bound what may happen, and why a bound is no bill. */
const LIMITS: Readonly<Record<string, string>> = {
  emr_max_workers: "what runs at once at most: the workers that run are billed, not those that may",
  emr_worker_cpu:
    "the size of a worker that may run: a run's own size is that of Spark's driver and executors",
  emr_worker_memory: "the size of a worker that may run",
  max_concurrent_runs: "how many runs work at once: as many run in a day",
  spark_max_executors: "what a run may grow to: it grows with its data",
  spark_min_executors: "what a run keeps when it has nothing to do",
  athena_scan_limit_gb: "what a query may read: what it reads is billed",
  job_timeout_minutes: "how long a job may run: how long it runs is billed",
  monthly_budget_usd: "what is told of, not what is spent",
  ingest_batch_window_seconds:
    "how long events are gathered; how many runs that makes is workload.runs_per_day",
};

/**
 * Prints the estimate of one environment, beside what it is without `given`, or every total.
 * @throws EnvironmentError with every fault of the others, when all is printed
 */
export async function cost(
  name: string | undefined,
  given: GivenVariables,
  options: CostOptions,
): Promise<void> {
  const isChange = given.vars.length + given.varFiles.length > 0;
  if (name === undefined && (isChange || options.explain))
    throw new Failure(
      `${isChange ? "--var and --var-file are" : "--explain is"} for one environment: npx lake cost ENV ${isChange ? "--var NAME=VALUE" : "--explain"}`,
    );
  const { environments, faults } = await describedEnvironments(name, given);
  const estimates = environments.map(costOf);
  const [after] = environments;
  const before = isChange && after ? await withoutChange(after.name) : undefined;
  if (options.json) printJson(estimates, before && costOf(before), faults);
  else {
    if (name === undefined) print(formatTotals(estimates));
    else if (after && before) tellChange(before, after);
    else for (const one of estimates) print(formatEstimate(one, options.explain));
    if (estimates.length > 0) tellBasis(options.explain);
  }
  for (const { name: one, variables } of environments)
    for (const advice of dayAdvice(variables))
      say(`${colors.yellow("warning:")} ${one}: ${advice}`);
  for (const one of estimates) {
    warnOfRegion(one);
    warnOfBudget(one);
  }
  if (faults.length > 0) throw new EnvironmentError(faults);
}

/** The environment by itself; undefined where only the change makes it valid. */
async function withoutChange(name: string): Promise<Environment | undefined> {
  const { environments } = await describedEnvironments(name, { vars: [], varFiles: [] });
  if (environments.length === 0)
    say(`${name} by itself has faults (npx lake check ${name}): there is nothing to compare with.`);
  return environments[0];
}

function tellChange(before: Environment, after: Environment): void {
  const [earlier, later] = [costOf(before), costOf(after)];
  print(formatComparison(earlier, later));
  if (movesBetween(usdByLine(earlier), usdByLine(later)).length > 0) return;
  const changed = (Object.keys(after.variables) as (keyof Variables)[]).filter(
    (key) => JSON.stringify(before.variables[key]) !== JSON.stringify(after.variables[key]),
  );
  print(
    changed.length === 0
      ? "Nothing moved: these are the values that the environment has already."
      : `No line moved:\n${changed.map((key) => `  ${key} ${whyUnmoved(key, before, after)}`).join("\n")}`,
  );
}

/** Why the estimate has the same lines with another value of a variable. */
function whyUnmoved(key: keyof Variables, before: Environment, after: Environment): string {
  if (LIMITS[key] !== undefined) return `bounds ${LIMITS[key]}`;
  if (key === "aws_region")
    return `changes the bill, and not this estimate: it has the prices of ${PRICES_OF.region} alone`;
  const days = [before, after].map(({ variables }) => variables.raw_glacier_days);
  if (key === "raw_glacier_days" && Math.min(...days) >= YEAR_DAYS)
    return `counts from the second year on: this estimate is of the first ${YEAR_DAYS} days`;
  return "moves no line of this estimate by a cent";
}

function printJson(
  estimates: readonly Estimate[],
  before: Estimate | undefined,
  faults: readonly Fault[],
): void {
  const [after] = estimates;
  const change =
    before && after
      ? {
          before,
          moved: movesBetween(usdByLine(before), usdByLine(after)),
          differenceUsd: after.totalUsd - before.totalUsd,
        }
      : undefined;
  print(JSON.stringify({ prices: PRICES_OF, environments: estimates, faults, change }, null, 2));
}

function tellBasis(isExplained: boolean): void {
  const more = "\nnpx lake cost ENV --explain says how each quantity came about.";
  say();
  say(
    colors.dim(
      `Prices of ${PRICES_OF.region} as of ${PRICES_OF.asOf}, without free tiers and taxes, for the
workload of the env file; docs/cost.md says what is counted.${isExplained ? "" : more}`,
    ),
  );
}
