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

/** Where EMR carries Iceberg. */
const ICEBERG_JAR = "/usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar";

/**
 * The parameters' text.
 * @param packages URI of the zip with the job's own packages
 * @param warehouse `s3://` URI that tables without a place of their own would lie under
 */
export function sparkSubmitParameters(
  spark: SparkSettings,
  packages: string,
  warehouse: string,
): string {
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
    "spark.jars": ICEBERG_JAR,
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    // The Glue catalog, under the name that the job calls it by.
    "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.lake.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
    "spark.sql.catalog.lake.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
    "spark.sql.catalog.lake.warehouse": warehouse,
  };
  return [
    `--py-files ${packages}`,
    ...Object.entries(conf).map(([key, value]) => `--conf ${key}=${value}`),
  ].join(" ");
}
