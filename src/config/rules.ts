/** The rules that no single field can judge: each compares several fields and says the numbers. */
import { overlongNames, physicalNames } from "../naming";
import {
  type CapacityInput,
  capacityOf,
  containerMemoryGb,
  WORKER_MEMORY_GB,
  workerMemorySizes,
} from "./capacity";

/** One thing that is wrong with an environment's values. */
export interface RuleFault {
  /** The variable to change first. */
  readonly variable: string;
  readonly message: string;
}

/** The fields that the rules compare. */
export interface RuleInput extends CapacityInput {
  readonly spark_executor_instances: number;
  readonly raw_intelligent_tiering_days: number;
  readonly raw_glacier_days: number;
  readonly enable_pre_warming: boolean;
  readonly project: string;
  readonly bucket_suffix?: string | undefined;
}

/** Every rule that the values break, in a stable order; empty when the environment is sound. */
export function brokenRules(input: RuleInput, environment: string): RuleFault[] {
  return [
    ...workerPairExists(input),
    ...containersFitAWorker(input),
    ...sparkFitsEmr(input),
    ...executorsAgree(input),
    ...lifecycleAscends(input),
    ...namesFit(input, environment),
  ];
}

function workerPairExists(input: RuleInput): RuleFault[] {
  const { emr_worker_cpu: cpu, emr_worker_memory: memory } = input;
  const sizes = workerMemorySizes(cpu);
  if (sizes.includes(memory)) return [];
  const [least, most, step] = WORKER_MEMORY_GB[cpu] ?? [0, 0, 0];
  return [
    {
      variable: "emr_worker_memory",
      message: `a worker of ${cpu} vCPU has ${least} to ${most} GB in steps of ${step} GB; got ${memory}. Set emr_worker_memory = ${nearest(sizes, memory)}`,
    },
  ];
}

function containersFitAWorker(input: RuleInput): RuleFault[] {
  return (["driver", "executor"] as const).flatMap((kind) => {
    const cores = input[`spark_${kind}_cores`];
    const heap = input[`spark_${kind}_memory`];
    const memory = containerMemoryGb(heap);
    const faults: RuleFault[] = [];
    if (cores > input.emr_worker_cpu)
      faults.push({
        variable: `spark_${kind}_cores`,
        message: `one ${kind} runs on one worker: ${cores} cores do not fit a worker of emr_worker_cpu = ${input.emr_worker_cpu}. Lower spark_${kind}_cores or raise emr_worker_cpu`,
      });
    if (memory > input.emr_worker_memory)
      faults.push({
        variable: `spark_${kind}_memory`,
        message: `one ${kind} runs on one worker: a heap of ${heap} with its overhead is ${memory.toFixed(1)} GB and does not fit emr_worker_memory = ${input.emr_worker_memory}. Lower spark_${kind}_memory or raise emr_worker_memory`,
      });
    const largest = workerMemorySizes(cores).at(-1);
    if (largest !== undefined && memory > largest)
      faults.push({
        variable: `spark_${kind}_memory`,
        message: `EMR Serverless gives ${cores} vCPU at most ${largest} GB: a heap of ${heap} with its overhead is ${memory.toFixed(1)} GB. Lower spark_${kind}_memory or raise spark_${kind}_cores`,
      });
    return faults;
  });
}

function sparkFitsEmr(input: RuleInput): RuleFault[] {
  const { asked, available, executor, driver } = capacityOf(input);
  const rows = [
    ["vCPU", asked.vcpu, available.vcpu, driver.vcpu, executor.vcpu],
    ["GB of memory", asked.memoryGb, available.memoryGb, driver.memoryGb, executor.memoryGb],
    ["GB of disk", asked.diskGb, available.diskGb, driver.diskGb, executor.diskGb],
  ] as const;
  return rows
    .filter(([, wants, has]) => wants > has)
    .map(([unit, wants, has, ofDriver, ofExecutor]) => ({
      variable: "spark_max_executors",
      message:
        `Spark asks for ${wants} ${unit} (driver ${ofDriver} + ${input.spark_max_executors} executors × ${ofExecutor}), ` +
        `EMR allows ${has} (${input.emr_max_workers} workers × ${has / input.emr_max_workers}): the job would hang in SCHEDULED. ` +
        `Set spark_max_executors = ${Math.max(0, Math.floor((has - ofDriver) / ofExecutor))} or ` +
        `emr_max_workers = ${Math.ceil(wants / (has / input.emr_max_workers))}`,
    }));
}

function executorsAgree(input: RuleInput): RuleFault[] {
  const { spark_max_executors: most, spark_executor_instances: initial } = input;
  if (most >= initial + 1) return [];
  return [
    {
      variable: "spark_max_executors",
      message: `dynamic allocation needs room to grow: spark_max_executors (${most}) must be at least spark_executor_instances + 1 (${initial + 1})`,
    },
  ];
}

function lifecycleAscends(input: RuleInput): RuleFault[] {
  const { raw_intelligent_tiering_days: first, raw_glacier_days: second } = input;
  if (first < second) return [];
  return [
    {
      variable: "raw_glacier_days",
      message: `must be later than raw_intelligent_tiering_days (${first}); got ${second}`,
    },
  ];
}

function namesFit(input: RuleInput, environment: string): RuleFault[] {
  const names = physicalNames({
    project: input.project,
    environment,
    bucketSuffix: input.bucket_suffix,
  });
  return overlongNames(names).map(({ kind, name, limit }) => ({
    variable: "project",
    message: `the ${kind} name "${name}" has ${name.length} characters, AWS allows ${limit}. Shorten project${input.bucket_suffix && kind === "bucket" ? " or bucket_suffix" : ""}`,
  }));
}

function nearest(sizes: readonly number[], wanted: number): number | undefined {
  return sizes.reduce<number | undefined>(
    (best, size) =>
      best === undefined || Math.abs(size - wanted) < Math.abs(best - wanted) ? size : best,
    undefined,
  );
}
