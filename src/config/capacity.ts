/**
 * Whether Spark fits the EMR Serverless application, by the arithmetic that EMR Serverless itself
 * applies: a container is heap plus overhead, rounded up to a worker size that exists.
 */

/** Memory that each worker vCPU count may have, in GB: `[least, most, step]`.
 * Source: EMR Serverless User Guide, "Worker configurations". */
export const WORKER_MEMORY_GB: Readonly<Record<number, readonly [number, number, number]>> = {
  1: [2, 8, 1],
  2: [4, 16, 1],
  4: [8, 30, 1],
  8: [16, 60, 4],
  16: [32, 120, 8],
};

/** vCPU counts that a worker may have. */
export const WORKER_VCPU = Object.keys(WORKER_MEMORY_GB).map(Number);

/** Spark adds the larger of these to the heap (`spark.*.memoryOverheadFactor`, `minMemoryOverhead`). */
const OVERHEAD_FACTOR = 0.1;
const OVERHEAD_LEAST_MB = 384;
const MB_PER_GB = 1024;

/** The part of an environment that decides whether Spark fits. Memory in GB unless named otherwise. */
export interface CapacityInput {
  readonly emr_max_workers: number;
  readonly emr_worker_cpu: number;
  readonly emr_worker_memory: number;
  readonly emr_worker_disk: number;
  readonly spark_driver_cores: number;
  readonly spark_driver_memory: string;
  readonly spark_executor_cores: number;
  readonly spark_executor_memory: string;
  readonly spark_max_executors: number;
}

/** vCPU, memory (GB) and disk (GB) of one worker or of many. */
export interface Resources {
  readonly vcpu: number;
  readonly memoryGb: number;
  readonly diskGb: number;
}

/** What Spark asks for at most, what the application may have at most, and the container sizes. */
export interface Capacity {
  readonly driver: Resources;
  readonly executor: Resources;
  readonly asked: Resources;
  readonly available: Resources;
  readonly fits: boolean;
}

/** Memory sizes (GB) that EMR Serverless offers for a vCPU count; empty when it offers none. */
export function workerMemorySizes(vcpu: number): number[] {
  const bounds = WORKER_MEMORY_GB[vcpu];
  if (!bounds) return [];
  const [least, most, step] = bounds;
  return Array.from({ length: (most - least) / step + 1 }, (_, i) => least + i * step);
}

/** Spark's size string in MB: `512m`, `4g`, `1t`; NaN when it is none. */
export function sparkMemoryMb(size: string): number {
  const match = /^(\d+)([mgt])$/i.exec(size);
  if (!match) return Number.NaN;
  const unit = { m: 1, g: MB_PER_GB, t: MB_PER_GB * MB_PER_GB }[match[2]?.toLowerCase() ?? ""];
  return Number(match[1]) * (unit ?? Number.NaN);
}

/** Memory that a container of this heap asks for, in GB, before rounding to a worker size. */
export function containerMemoryGb(heap: string): number {
  const mb = sparkMemoryMb(heap);
  return (mb + Math.max(Math.floor(mb * OVERHEAD_FACTOR), OVERHEAD_LEAST_MB)) / MB_PER_GB;
}

/** The smallest worker (GB) that holds a container of `vcpu` cores and this heap; NaN when none does. */
export function workerMemoryGb(vcpu: number, heap: string): number {
  const needed = containerMemoryGb(heap);
  return workerMemorySizes(vcpu).find((size) => size >= needed) ?? Number.NaN;
}

/** The largest whole-GB heap whose container fits a worker of this memory (GB). */
export function largestHeap(workerMemory: number): string {
  let heap = Math.floor(workerMemory);
  while (heap > 1 && containerMemoryGb(`${heap}g`) > workerMemory) heap -= 1;
  return `${heap}g`;
}

/** Sums Spark's request and the application's maximum for one run at its widest. */
export function capacityOf(input: CapacityInput): Capacity {
  const container = (cores: number, heap: string): Resources => ({
    vcpu: cores,
    memoryGb: workerMemoryGb(cores, heap),
    diskGb: input.emr_worker_disk,
  });
  const driver = container(input.spark_driver_cores, input.spark_driver_memory);
  const executor = container(input.spark_executor_cores, input.spark_executor_memory);
  const sum = (key: keyof Resources) => driver[key] + input.spark_max_executors * executor[key];
  const asked = { vcpu: sum("vcpu"), memoryGb: sum("memoryGb"), diskGb: sum("diskGb") };
  const available = {
    vcpu: input.emr_max_workers * input.emr_worker_cpu,
    memoryGb: input.emr_max_workers * input.emr_worker_memory,
    diskGb: input.emr_max_workers * input.emr_worker_disk,
  };
  const fits = (Object.keys(asked) as (keyof Resources)[]).every((k) => asked[k] <= available[k]);
  return { driver, executor, asked, available, fits };
}

/** Runs at their widest that have room at once; 0 where not even one has, or no worker holds it. */
export function runsThatFit(input: CapacityInput): number {
  const { asked, available } = capacityOf(input);
  const shares = (Object.keys(asked) as (keyof Resources)[]).map((k) => available[k] / asked[k]);
  return Math.floor(Math.min(...shares)) || 0;
}
