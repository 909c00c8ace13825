/**
 * Whether Spark fits EMR Serverless, worked out from its documentation's text and by placing every
 * container on a worker: by other means than src/config, so that the two can be held together.
 */

/** "Worker configurations" in the EMR Serverless User Guide. */
const DOCUMENTED = `
1 vCPU: minimum 2 GB, maximum 8 GB, in 1 GB increments
2 vCPU: minimum 4 GB, maximum 16 GB, in 1 GB increments
4 vCPU: minimum 8 GB, maximum 30 GB, in 1 GB increments
8 vCPU: minimum 16 GB, maximum 60 GB, in 4 GB increments
16 vCPU: minimum 32 GB, maximum 120 GB, in 8 GB increments
`;

/** Every worker that there is: its vCPU, and the GB that it may have. */
export const WORKERS: readonly { readonly vcpu: number; readonly sizes: readonly number[] }[] =
  DOCUMENTED.trim()
    .split("\n")
    .map((line) => {
      const [vcpu = 0, least = 0, most = 0, step = 1] = (line.match(/\d+/g) ?? []).map(Number);
      const sizes: number[] = [];
      for (let size = least; size <= most; size += step) sizes.push(size);
      return { vcpu, sizes };
    });

/** What is set, all of it, with heaps in MB. */
export interface Shape {
  readonly workers: number;
  readonly vcpu: number;
  readonly memory: number;
  readonly disk: number;
  readonly driver: { readonly cores: number; readonly heap: number };
  readonly executor: { readonly cores: number; readonly heap: number };
  readonly least: number;
  readonly initial: number;
  readonly most: number;
  readonly runs: number;
}

/** The shape as variables. */
export function variablesOf(shape: Shape) {
  return {
    emr_max_workers: shape.workers,
    emr_worker_cpu: shape.vcpu,
    emr_worker_memory: shape.memory,
    emr_worker_disk: shape.disk,
    spark_driver_cores: shape.driver.cores,
    spark_driver_memory: `${shape.driver.heap}m`,
    spark_executor_cores: shape.executor.cores,
    spark_executor_memory: `${shape.executor.heap}m`,
    spark_min_executors: shape.least,
    spark_executor_instances: shape.initial,
    spark_max_executors: shape.most,
    max_concurrent_runs: shape.runs,
  };
}

/** Heap and overhead in MB: a tenth, and no less than 384. */
function containerMb(heap: number): number {
  const tenth = (heap - (heap % 10)) / 10;
  return tenth > 384 ? heap + tenth : heap + 384;
}

/** The largest heap in MB whose container is no larger than so many GB. */
export function largestHeapMb(gigabytes: number): number {
  let heap = 0;
  for (let step = 1 << 20; step >= 1; step >>= 1)
    if (containerMb(heap + step) <= gigabytes * 1024) heap += step;
  return heap;
}

/** GB that EMR Serverless gives so many cores at most. */
export function mostGb(cores: number): number {
  return Math.max(0, ...(WORKERS.find(({ vcpu }) => vcpu === cores)?.sizes ?? []));
}

/** Whether every run, each at its widest, finds a worker for each of its containers. */
export function fits(shape: Shape): boolean {
  const exists = WORKERS.some((w) => w.vcpu === shape.vcpu && w.sizes.includes(shape.memory));
  if (!exists || shape.least > shape.initial || shape.initial >= shape.most) return false;
  const free = { workers: shape.workers };
  for (let run = 0; run < shape.runs; run += 1) {
    const containers = [
      shape.driver,
      ...Array<typeof shape.executor>(shape.most).fill(shape.executor),
    ];
    for (const { cores, heap } of containers) {
      const size = containerMb(heap);
      if (cores > shape.vcpu || size > shape.memory * 1024 || size > mostGb(cores) * 1024)
        return false;
      free.workers -= 1;
      if (free.workers < 0) return false;
    }
  }
  return true;
}
