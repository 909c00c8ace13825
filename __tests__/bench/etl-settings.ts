/** Spark's settings of a run, as they can be had on one machine. */
import { join } from "node:path";
import type { Variables } from "../../src/config/schema";
import { sparkSettings } from "../../src/config/spark-settings";
import { sparkSubmitParameters } from "../../src/orchestration/spark-submit";

/** Of no meaning where one JVM is driver and executor, or replaced below. */
const LEFT_OUT =
  /^spark\.(driver\.|executor\.|dynamicAllocation\.|emr-serverless\.|jars$|sql\.catalog\.lake\.)/;

/**
 * What the state machine tells spark-submit for these variables, but for a catalog of folders
 * instead of Glue, and one JVM with the heap of an executor, which does the work of all. Without
 * what the local AWS adds to save time on small data (the first compiler alone).
 * @param jars folder of Iceberg and of Spark's S3 file system
 */
export function sparkOnThisMachine(variables: Variables, jars: string): Record<string, string> {
  const told = sparkSubmitParameters(sparkSettings(variables), "lake.zip", "s3://lake/");
  return {
    ...Object.fromEntries(confOf(told).filter(([name]) => !LEFT_OUT.test(name))),
    "spark.driver.memory": variables.spark_executor_memory,
    "spark.driver.extraClassPath": join(jars, "iceberg", "*"),
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.catalog.lake.type": "hadoop",
    // Like EMR's S3-optimized committer: a task's files are in place when the task commits.
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
  };
}

function confOf(parameters: string): [string, string][] {
  return [...parameters.matchAll(/--conf ([^ =]+)=(\S*)/g)].map(([, name, value]) => [
    name ?? "",
    value ?? "",
  ]);
}
