/** What a run asks of EMR Serverless, what it may have, what is left, and what that costs an hour. */
import { capacityOf, type Resources, runsThatFit } from "./capacity";
import type { Environment } from "./environment";
import { type Architecture, inCents, workersUsdPerHour } from "./prices";

/** Resources with their price. */
export interface PricedResources extends Resources {
  readonly usdPerHour: number;
}

/** Workers of one size. */
export interface Workers {
  readonly count: number;
  readonly worker: Resources;
}

/** One environment's proof of capacity. */
export interface Headroom {
  readonly name: string;
  readonly region: string;
  readonly release: string;
  readonly architecture: Architecture;
  readonly driver: Resources;
  /** As many as a run may grow to. */
  readonly executors: Workers;
  /** All that runs may have together. */
  readonly workers: Workers;
  /** By one run at its widest. */
  readonly asked: PricedResources;
  readonly available: PricedResources;
  readonly headroom: PricedResources;
  /** Runs that the pipeline works on at once, and how many at their widest would fit. */
  readonly runsAtOnce: number;
  readonly runsThatFit: number;
  /** Kept ready while the application is started, billed also when idle. */
  readonly preWarmed?: { readonly executors: number; readonly usdPerHour: number };
}

/** Sums an environment up. */
export function headroomOf({ name, variables }: Environment): Headroom {
  const { emr_architecture: architecture } = variables;
  const { driver, executor, asked, available } = capacityOf(variables);
  const usd = (worker: Resources, count: number) => workersUsdPerHour(worker, count, architecture);
  const worker = {
    vcpu: variables.emr_worker_cpu,
    memoryGb: variables.emr_worker_memory,
    diskGb: variables.emr_worker_disk,
  };
  const executors = { count: variables.spark_max_executors, worker: executor };
  const workers = { count: variables.emr_max_workers, worker };
  const warm = variables.spark_executor_instances;
  const askedUsd = inCents(usd(driver, 1) + usd(executor, executors.count));
  const availableUsd = inCents(usd(worker, workers.count));
  return {
    name,
    region: variables.aws_region,
    release: variables.emr_release_label,
    architecture,
    driver,
    executors,
    workers,
    asked: { ...asked, usdPerHour: askedUsd },
    available: { ...available, usdPerHour: availableUsd },
    headroom: {
      vcpu: available.vcpu - asked.vcpu,
      memoryGb: available.memoryGb - asked.memoryGb,
      diskGb: available.diskGb - asked.diskGb,
      // Of the rounded amounts: the columns add up.
      usdPerHour: inCents(availableUsd - askedUsd),
    },
    runsAtOnce: variables.max_concurrent_runs,
    runsThatFit: runsThatFit(variables),
    ...(variables.enable_pre_warming && {
      preWarmed: { executors: warm, usdPerHour: inCents(usd(driver, 1) + usd(executor, warm)) },
    }),
  };
}
