/** Spark's settings, as the environment's variables have them. */
import type { Variables } from "./schema";

/** What a run's `spark-submit` is told of driver and executors. */
export function sparkSettings(variables: Variables) {
  return {
    driverCores: variables.spark_driver_cores,
    driverMemory: variables.spark_driver_memory,
    executorCores: variables.spark_executor_cores,
    executorMemory: variables.spark_executor_memory,
    minExecutors: variables.spark_min_executors,
    initialExecutors: variables.spark_executor_instances,
    maxExecutors: variables.spark_max_executors,
    workerDiskGb: variables.emr_worker_disk,
  };
}
