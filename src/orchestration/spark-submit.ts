/** Spark's settings as `spark-submit` takes them, all of them from the environment's variables. */

export interface SparkSettings {
  readonly driverCores: number;
  /** Heap, such as `4g`. */
  readonly driverMemory: string;
  readonly executorCores: number;
  /** Heap, such as `4g`. */
  readonly executorMemory: string;
  /** Executors that a job keeps when it has nothing to do. */
  readonly minExecutors: number;
  /** Executors that a job starts with. */
  readonly initialExecutors: number;
  readonly maxExecutors: number;
  /** GB of disk for the driver and for each executor. */
  readonly workerDiskGb: number;
}

/** The parameters' text; `packages` is the URI of the zip with the job's own packages. */
export function sparkSubmitParameters(spark: SparkSettings, packages: string): string {
  const conf: Record<string, string | number> = {
    "spark.driver.cores": spark.driverCores,
    "spark.driver.memory": spark.driverMemory,
    "spark.executor.cores": spark.executorCores,
    "spark.executor.memory": spark.executorMemory,
    "spark.dynamicAllocation.minExecutors": spark.minExecutors,
    "spark.dynamicAllocation.initialExecutors": spark.initialExecutors,
    "spark.dynamicAllocation.maxExecutors": spark.maxExecutors,
    "spark.emr-serverless.driver.disk": `${spark.workerDiskGb}G`,
    "spark.emr-serverless.executor.disk": `${spark.workerDiskGb}G`,
  };
  return [
    `--py-files ${packages}`,
    ...Object.entries(conf).map(([key, value]) => `--conf ${key}=${value}`),
  ].join(" ");
}
