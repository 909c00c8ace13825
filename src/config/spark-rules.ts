/** The rules between Spark and EMR's capacity. */
import {
  capacityOf,
  containerMemoryGb,
  largestHeap,
  runsThatFit,
  WORKER_MEMORY_GB,
  WORKER_VCPU,
  workerMemorySizes,
} from "./capacity";
import type { Change, Problem, Rule, RuleInput } from "./problems";

const KINDS = ["driver", "executor"] as const;
type Kind = (typeof KINDS)[number];

const WORKER = ["emr_worker_cpu", "emr_worker_memory"] as const;
const CONTAINER = {
  driver: ["spark_driver_cores", "spark_driver_memory"],
  executor: ["spark_executor_cores", "spark_executor_memory"],
} as const;
const FIT = [
  ...WORKER,
  ...CONTAINER.driver,
  ...CONTAINER.executor,
  ...(["emr_max_workers", "emr_worker_disk", "spark_max_executors"] as const),
] as const;

/** The rest is judged as if the worker had the size that this one asks for. */
export const WORKER_PAIR: Rule = { name: "pair", reads: WORKER, judge: workerPairExists };

/** Where Spark does not fit, the others' problems are part of that one: one way out mends all. */
export const SPARK_FITS: Rule = { name: "fit", reads: FIT, judge: sparkFitsEmr };

export const SPARK_RULES: readonly Rule[] = [
  // One by one: a fault of the driver hides none of the executors.
  ...KINDS.flatMap((kind): Rule[] => [
    {
      name: "cores",
      reads: ["emr_worker_cpu", CONTAINER[kind][0]],
      judge: (input) => coresFitAWorker(input, kind),
    },
    {
      name: "heap",
      reads: [...WORKER, ...CONTAINER[kind]],
      judge: (input) => [...heapFitsAWorker(input, kind), ...heapFitsItsCores(input, kind)],
    },
  ]),
  SPARK_FITS,
  {
    name: "room to grow",
    reads: ["spark_max_executors", "spark_executor_instances"],
    judge: executorsHaveRoomToGrow,
  },
  {
    name: "least",
    reads: ["spark_min_executors", "spark_executor_instances"],
    judge: executorsStartWithTheLeast,
  },
  { name: "runs", reads: [...FIT, "max_concurrent_runs"], judge: runsFitEmr },
];

/** Memory that EMR Serverless gives a worker of so many vCPU at most, in GB. */
const mostMemory = (vcpu: number) => workerMemorySizes(vcpu).at(-1) ?? 0;

function workerPairExists(input: RuleInput): Problem[] {
  const { emr_worker_cpu: cpu, emr_worker_memory: memory } = input;
  const sizes = workerMemorySizes(cpu);
  if (sizes.includes(memory)) return [];
  const [least, most, step] = WORKER_MEMORY_GB[cpu] ?? [0, 0, 0];
  const others = WORKER_VCPU.filter((vcpu) => workerMemorySizes(vcpu).includes(memory)).sort(
    (a, b) => Math.abs(a - cpu) - Math.abs(b - cpu),
  );
  return [
    {
      variable: "emr_worker_memory",
      what: `a worker of ${cpu} vCPU has ${least} to ${most} GB in steps of ${step} GB; got ${memory}`,
      ways: [
        { emr_worker_memory: nearest(sizes, memory) },
        ...others.map((vcpu) => ({ emr_worker_cpu: vcpu })),
      ],
    },
  ];
}

function coresFitAWorker(input: RuleInput, kind: Kind): Problem[] {
  const { emr_worker_cpu: cpu } = input;
  const cores = input[`spark_${kind}_cores`];
  if (cores <= cpu) return [];
  return [
    {
      variable: `spark_${kind}_cores`,
      what: `one ${kind} runs on one worker: ${cores} cores do not fit a worker of emr_worker_cpu = ${cpu}`,
      ways: [{ [`spark_${kind}_cores`]: cpu }, { emr_worker_cpu: cores }],
    },
  ];
}

/** The heap's container in words, to the MB where GB would hide by how little it is too large. */
function containerWords(heap: string, limit: number): string {
  const gb = containerMemoryGb(heap);
  const rounded = gb.toFixed(1);
  return `a heap of ${heap} with its overhead is ${Number(rounded) > limit ? rounded : gb.toFixed(3)} GB`;
}

function heapFitsAWorker(input: RuleInput, kind: Kind): Problem[] {
  const { emr_worker_cpu: cpu, emr_worker_memory: memory } = input;
  const variable = `spark_${kind}_memory` as const;
  const container = containerMemoryGb(input[variable]);
  if (container <= memory) return [];
  const larger = workerMemorySizes(cpu).find((offered) => offered >= container);
  return [
    {
      variable,
      what: `one ${kind} runs on one worker: ${containerWords(input[variable], memory)} and does not fit emr_worker_memory = ${memory}`,
      ways: [
        { [variable]: fittingHeap(input, kind) },
        ...(larger === undefined ? [] : [{ emr_worker_memory: larger }]),
      ],
    },
  ];
}

function heapFitsItsCores(input: RuleInput, kind: Kind): Problem[] {
  const variable = `spark_${kind}_memory` as const;
  const cores = input[`spark_${kind}_cores`];
  const container = containerMemoryGb(input[variable]);
  // A heap that no worker here holds has been told of, and its remedy mends this too.
  if (container <= mostMemory(cores) || container > input.emr_worker_memory) return [];
  const larger = WORKER_VCPU.filter(
    (vcpu) => vcpu <= input.emr_worker_cpu && container <= mostMemory(vcpu),
  );
  return [
    {
      variable,
      what: `EMR Serverless gives ${cores} vCPU at most ${mostMemory(cores)} GB: ${containerWords(input[variable], mostMemory(cores))}`,
      ways: [
        { [variable]: fittingHeap(input, kind) },
        ...larger.map((vcpu) => ({ [`spark_${kind}_cores`]: vcpu })),
      ],
    },
  ];
}

/** The largest heap that its cores and a worker hold. */
function fittingHeap(input: RuleInput, kind: Kind, cores = input[`spark_${kind}_cores`]): string {
  return largestHeap(Math.min(input.emr_worker_memory, mostMemory(cores)));
}

const FIGURES = [
  ["vCPU", "vcpu"],
  ["GB of memory", "memoryGb"],
  ["GB of disk", "diskGb"],
] as const;

function sparkFitsEmr(input: RuleInput): Problem[] {
  const { asked, available, executor, driver } = capacityOf(input);
  const { emr_max_workers: workers, spark_max_executors: executors } = input;
  // Not a number: no worker holds the container, which is a problem of its own.
  const short = FIGURES.filter(([, key]) => asked[key] > available[key]);
  if (short.length === 0) return [];
  const totals = short.map(
    ([unit, key]) =>
      `${asked[key]} ${unit} (driver ${driver[key]} + ${count(executors, "executor")} × ${executor[key]}) where EMR allows ${available[key]} (${count(workers, "worker")} × ${available[key] / workers})`,
  );
  return [
    {
      variable: "spark_max_executors",
      what: `Spark asks for ${totals.join(", ")}: the job would hang in SCHEDULED`,
      ways: [smallerSpark(input), largerEmr(input), smallestSpark(input)],
    },
  ];
}

/** Containers that one worker holds; only what has to change. */
function fittingContainers(input: RuleInput): Change {
  const change: Record<string, number | string> = {};
  for (const kind of KINDS) {
    const [coresName, heapName] = [`spark_${kind}_cores`, `spark_${kind}_memory`] as const;
    const cores = Math.min(input[coresName], input.emr_worker_cpu);
    if (cores < input[coresName]) change[coresName] = cores;
    const limit = Math.min(input.emr_worker_memory, mostMemory(cores));
    if (containerMemoryGb(input[heapName]) > limit)
      change[heapName] = fittingHeap(input, kind, cores);
  }
  return change;
}

/** As many executors as there is room for. */
function smallerSpark(input: RuleInput): Change {
  const containers = fittingContainers(input);
  const { driver, executor, available } = capacityOf({ ...input, ...containers });
  const rooms = FIGURES.map(([, key]) =>
    Math.floor((available[key] - driver[key]) / executor[key]),
  );
  const most = Math.min(...rooms);
  return most < input.spark_max_executors
    ? { spark_max_executors: most, ...containers }
    : containers;
}

/** A worker for every container, of a size that holds each. */
function largerEmr(input: RuleInput): Change {
  const cpu = Math.max(input.emr_worker_cpu, ...KINDS.map((kind) => input[`spark_${kind}_cores`]));
  const needed = Math.max(
    input.emr_worker_memory,
    ...KINDS.map((kind) => containerMemoryGb(input[`spark_${kind}_memory`])),
  );
  const memory = workerMemorySizes(cpu).find((size) => size >= needed) ?? mostMemory(cpu);
  const executors = Math.max(input.spark_max_executors, input.spark_executor_instances + 1);
  const workers = (1 + executors) * input.max_concurrent_runs;
  return {
    ...(workers > input.emr_max_workers ? { emr_max_workers: workers } : {}),
    ...(cpu > input.emr_worker_cpu ? { emr_worker_cpu: cpu } : {}),
    ...(memory > input.emr_worker_memory ? { emr_worker_memory: memory } : {}),
    ...(executors > input.spark_max_executors ? { spark_max_executors: executors } : {}),
  };
}

/** Where neither of these is enough: the least that runs at all. */
function smallestSpark(input: RuleInput): Change {
  return {
    emr_max_workers: Math.max(2, input.emr_max_workers),
    spark_max_executors: 1,
    ...fittingContainers(input),
  };
}

function executorsHaveRoomToGrow(input: RuleInput): Problem[] {
  const { spark_max_executors: most, spark_executor_instances: initial } = input;
  if (most >= initial + 1) return [];
  return [
    {
      variable: "spark_max_executors",
      what: `dynamic allocation needs room to grow: spark_max_executors (${most}) must be at least spark_executor_instances + 1 (${initial + 1})`,
      ways: [{ spark_max_executors: initial + 1 }, { spark_executor_instances: most - 1 }],
    },
  ];
}

function executorsStartWithTheLeast(input: RuleInput): Problem[] {
  const { spark_min_executors: least, spark_executor_instances: initial } = input;
  if (least <= initial) return [];
  return [
    {
      variable: "spark_min_executors",
      what: `a run starts with no fewer executors than it keeps: spark_min_executors (${least}) must be at most spark_executor_instances (${initial})`,
      ways: [{ spark_min_executors: initial }, { spark_executor_instances: least }],
    },
  ];
}

/** Drivers of runs that have no room for executors would hold the capacity and wait for ever. */
function runsFitEmr(input: RuleInput): Problem[] {
  const { max_concurrent_runs: runs, emr_max_workers: workers } = input;
  const { asked, available, fits } = capacityOf(input);
  if (!fits || runs <= runsThatFit(input)) return [];
  const totals = FIGURES.filter(([, key]) => runs * asked[key] > available[key]).map(
    ([unit, key]) =>
      `${runs * asked[key]} ${unit} (${runs} runs × ${asked[key]}) where EMR allows ${available[key]} (${count(workers, "worker")} × ${available[key] / workers})`,
  );
  return [
    {
      variable: "max_concurrent_runs",
      what: `runs at once ask for ${totals.join(", ")}: they would wait for each other`,
      ways: [
        { max_concurrent_runs: runsThatFit(input) },
        { emr_max_workers: runs * (1 + input.spark_max_executors) },
      ],
    },
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The size that is nearest to the one wanted. */
export function nearest(sizes: readonly number[], wanted: number): number {
  return sizes.reduce((best, size) =>
    Math.abs(size - wanted) < Math.abs(best - wanted) ? size : best,
  );
}
