/** The rules that no single field can judge: each compares several fields and says the numbers. */
import { overlongNames, physicalNames } from "../naming";
import {
  type CapacityInput,
  capacityOf,
  containerMemoryGb,
  largestHeap,
  runsThatFit,
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
  readonly spark_min_executors: number;
  readonly spark_executor_instances: number;
  readonly max_concurrent_runs: number;
  readonly raw_intelligent_tiering_days: number;
  readonly raw_glacier_days: number;
  readonly project: string;
  readonly bucket_suffix?: string | undefined;
}

/** One rule, and the variables that it needs to be sound themselves. */
interface Rule {
  readonly reads: readonly (keyof RuleInput)[];
  readonly judge: (input: RuleInput, environment: string) => RuleFault[];
}

const WORKER = ["emr_worker_cpu", "emr_worker_memory"] as const;
const CONTAINERS = [
  ...WORKER,
  ...(["spark_driver_cores", "spark_driver_memory"] as const),
  ...(["spark_executor_cores", "spark_executor_memory"] as const),
] as const;
const FIT = [...CONTAINERS, "emr_max_workers", "emr_worker_disk", "spark_max_executors"] as const;

const RULES: readonly Rule[] = [
  { reads: WORKER, judge: workerPairExists },
  { reads: CONTAINERS, judge: containersFitAWorker },
  { reads: [...FIT, "spark_executor_instances"], judge: sparkFitsEmr },
  {
    reads: [...FIT, "spark_min_executors", "spark_executor_instances"],
    judge: executorsAgree,
  },
  { reads: [...FIT, "max_concurrent_runs"], judge: runsFitEmr },
  { reads: ["raw_intelligent_tiering_days", "raw_glacier_days"], judge: lifecycleAscends },
  { reads: ["project", "bucket_suffix"], judge: namesFit },
];

/**
 * Every rule that the values break, in a stable order; empty when the environment is sound.
 * Rules that read a `faulty` variable are not asked: its fault is known.
 */
export function brokenRules(
  input: RuleInput,
  environment: string,
  faulty: ReadonlySet<string> = new Set(),
): RuleFault[] {
  return RULES.filter(({ reads }) => !reads.some((name) => faulty.has(name))).flatMap(({ judge }) =>
    judge(input, environment),
  );
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
  const least = input.spark_min_executors;
  const faults: RuleFault[] = [];
  if (most < initial + 1) {
    const raise = capacityOf({ ...input, spark_max_executors: initial + 1 }).fits
      ? [`spark_max_executors = ${initial + 1}`]
      : [];
    const lower = least < most ? [`spark_executor_instances = ${most - 1}`] : [];
    faults.push({
      variable: "spark_max_executors",
      message: `dynamic allocation needs room to grow: spark_max_executors (${most}) must be at least spark_executor_instances + 1 (${initial + 1}). Set ${[...raise, ...lower].join(" or ")}`,
    });
  }
  if (least > initial)
    faults.push({
      variable: "spark_min_executors",
      message: `a run starts with no fewer executors than it keeps: spark_min_executors (${least}) must be at most spark_executor_instances (${initial}). Set spark_min_executors = ${initial}`,
    });
  return faults;
}

/** Drivers of runs that have no room for executors would hold the capacity and wait for ever. */
function runsFitEmr(input: RuleInput): RuleFault[] {
  const { max_concurrent_runs: runs, emr_max_workers: workers } = input;
  const { asked, available, fits } = capacityOf(input);
  if (!fits || runs <= runsThatFit(input)) return [];
  const share = (key: keyof typeof asked) => (runs * asked[key]) / (available[key] / workers);
  const needed = Math.ceil(Math.max(share("vcpu"), share("memoryGb"), share("diskGb")));
  return [
    {
      variable: "max_concurrent_runs",
      message: `${runs} runs at once ask for ${runs * asked.vcpu} vCPU and ${runs * asked.memoryGb} GB of memory where EMR allows ${available.vcpu} and ${available.memoryGb}: they would wait for each other. Set max_concurrent_runs = ${runsThatFit(input)} or emr_max_workers = ${needed}`,
    },
  ];
}

function lifecycleAscends(input: RuleInput): RuleFault[] {
  const { raw_intelligent_tiering_days: first, raw_glacier_days: second } = input;
  if (first < second) return [];
  return [
    {
      variable: "raw_glacier_days",
      message: `must be later than raw_intelligent_tiering_days (${first}); got ${second}. Set raw_glacier_days = ${first + 1}`,
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
