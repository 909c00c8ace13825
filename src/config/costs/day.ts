/** What happens in the lake on a day of the stated workload. */
import { capacityOf, type Resources } from "../capacity";
import type { Variables } from "../schema";
import { amount } from "./line";

/** An ordinary day: amounts a day, averages over its runs. */
export interface Day {
  /** Lands in raw/. */
  readonly rawGb: number;
  readonly files: number;
  readonly runs: number;
  /** Reads of what has landed, in all runs together, over what has landed: each file at least once. */
  readonly rereads: number;
  /** Read by one run. */
  readonly gbPerRun: number;
  readonly driver: Resources;
  readonly executor: Resources;
  /** Of one run. */
  readonly executors: number;
  /** That a run's workers are up. */
  readonly minutesPerRun: number;
}

/**
 * Minutes of a run beside its work, in which its workers are billed all the same: from when they
 * are ready until Spark is, 20 s where we measured it (docs/performance.md), and from the work's end
 * until they are gone. A minute is billed at least.
 */
const START_MINUTES = 1;
/** GB that one task reads at a time (spark.sql.files.maxPartitionBytes, 128 MB). */
const TASK_GB = 0.128;

export function dayOf(variables: Variables): Day {
  const { workload, sources } = variables;
  const { gb_per_day: rawGb, files_per_day: files, runs_per_day: runs } = workload;
  const { driver, executor } = capacityOf(variables);
  const rereads = readsOf(runs / Object.keys(sources).length);
  const gbPerRun = runs === 0 ? 0 : (rawGb * rereads) / runs;
  const wanted = Math.max(1, Math.ceil(gbPerRun / TASK_GB / executor.vcpu));
  const executors = Math.min(
    Math.max(wanted, variables.spark_executor_instances),
    variables.spark_max_executors,
  );
  const workMinutes = (60 * gbPerRun * workload.vcpu_hours_per_gb) / (executors * executor.vcpu);
  return {
    rawGb,
    files,
    runs,
    rereads,
    gbPerRun,
    driver,
    executor,
    executors,
    minutesPerRun: START_MINUTES + workMinutes,
  };
}

/**
 * Each run of a source reads its whole day again (docs/decisions/0005-recompute-days.md): the first
 * of n reads one n-th of it, the last all of it; together (n + 1) / 2 times what has landed.
 */
function readsOf(runsOfSource: number): number {
  return Math.max(1, (runsOfSource + 1) / 2);
}

/** What does not hold of the stated day: runs that would not end in time. One sentence each. */
export function dayAdvice(variables: Variables): string[] {
  const { runs, gbPerRun, minutesPerRun, executors } = dayOf(variables);
  const { max_concurrent_runs: atOnce, job_timeout_minutes: limit } = variables;
  if (runs === 0) return [];
  const hours = (runs * minutesPerRun) / 60 / atOnce;
  const run = `a run reads ${amount(gbPerRun)} GB on ${executors} executors in ${amount(minutesPerRun)} min`;
  const remedy = "Raise spark_max_executors, or lower workload.runs_per_day";
  return [
    ...(minutesPerRun > limit
      ? [`${run}, and is cancelled after job_timeout_minutes = ${limit}. ${remedy}`]
      : []),
    ...(hours > 24
      ? [
          `${run}: ${amount(runs)} of them, ${atOnce} at once, take ${amount(hours)} hours of each day. ${remedy}`,
        ]
      : []),
  ];
}
