/** The rules that no single field can judge: each compares several fields and says the numbers. */
import { overlongNames, physicalNames } from "../naming";
import {
  type CapacityInput,
  capacityOf,
  containerMemoryGb,
  largestHeap,
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
  return (["driver", "executor"] as const).flatMap((kind) => [
    ...coresFitAWorker(input, kind),
    ...heapFitsAWorker(input, kind),
  ]);
}

function coresFitAWorker(input: RuleInput, kind: "driver" | "executor"): RuleFault[] {
  const { emr_worker_cpu: cpu, emr_worker_memory: memory } = input;
  const cores = input[`spark_${kind}_cores`];
  if (cores <= cpu) return [];
  const sizes = workerMemorySizes(cores);
  const pair = sizes.includes(memory) ? "" : ` with emr_worker_memory = ${nearest(sizes, memory)}`;
  return [
    {
      variable: `spark_${kind}_cores`,
      message: `one ${kind} runs on one worker: ${cores} cores do not fit a worker of emr_worker_cpu = ${cpu}. Set spark_${kind}_cores = ${cpu} or emr_worker_cpu = ${cores}${pair}`,
    },
  ];
}

function heapFitsAWorker(input: RuleInput, kind: "driver" | "executor"): RuleFault[] {
  const { emr_worker_cpu: cpu, emr_worker_memory: memory } = input;
  const cores = input[`spark_${kind}_cores`];
  const heap = input[`spark_${kind}_memory`];
  const container = containerMemoryGb(heap);
  const variable = `spark_${kind}_memory`;
  const size = `a heap of ${heap} with its overhead is ${container.toFixed(1)} GB`;
  const mostOf = (vcpu: number) => workerMemorySizes(vcpu).at(-1) ?? memory;
  const fitting = `Set ${variable} = "${largestHeap(Math.min(memory, mostOf(cores)))}"`;
  const faults: RuleFault[] = [];
  if (container > memory) {
    const larger = workerMemorySizes(cpu).find((offered) => offered >= container);
    faults.push({
      variable,
      message: `one ${kind} runs on one worker: ${size} and does not fit emr_worker_memory = ${memory}. ${fitting}${larger === undefined ? "" : ` or emr_worker_memory = ${larger}`}`,
    });
  }
  if (container > mostOf(cores))
    faults.push({
      variable,
      message: `EMR Serverless gives ${cores} vCPU at most ${mostOf(cores)} GB: ${size}. ${fitting} or raise spark_${kind}_cores`,
    });
  return faults;
}

/** One fault for everything that is short: what mends the vCPU must also mend memory and disk. */
function sparkFitsEmr(input: RuleInput): RuleFault[] {
  const { asked, available, executor, driver } = capacityOf(input);
  const { emr_max_workers: workers, spark_max_executors: executors } = input;
  const rows = (
    [
      ["vCPU", "vcpu"],
      ["GB of memory", "memoryGb"],
      ["GB of disk", "diskGb"],
    ] as const
  )
    .map(([unit, key]) => ({
      unit,
      wants: asked[key],
      has: available[key],
      ofDriver: driver[key],
      ofExecutor: executor[key],
    }))
    // Not a number: no worker holds the container, which is a fault of its own.
    .filter(({ wants }) => !Number.isNaN(wants));
  const short = rows.filter(({ wants, has }) => wants > has);
  if (short.length === 0) return [];
  const totals = short.map(
    ({ unit, wants, has, ofDriver, ofExecutor }) =>
      `${wants} ${unit} (driver ${ofDriver} + ${executors} executors × ${ofExecutor}) where EMR allows ${has} (${workers} workers × ${has / workers})`,
  );
  const most = Math.min(
    ...rows.map(({ has, ofDriver, ofExecutor }) => Math.floor((has - ofDriver) / ofExecutor)),
  );
  const needed = Math.max(...rows.map(({ wants, has }) => Math.ceil(wants / (has / workers))));
  const remedies = [
    ...(most >= 1 ? [`spark_max_executors = ${most}${withRoomToGrow(most, input)}`] : []),
    `emr_max_workers = ${needed}`,
  ];
  return [
    {
      variable: "spark_max_executors",
      message: `Spark asks for ${totals.join(", ")}: the job would hang in SCHEDULED. Set ${remedies.join(" or ")}`,
    },
  ];
}

/** Fewer executors must still be more than those that a job starts with. */
function withRoomToGrow(most: number, input: RuleInput): string {
  return most > input.spark_executor_instances
    ? ""
    : ` with spark_executor_instances = ${most - 1}`;
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
