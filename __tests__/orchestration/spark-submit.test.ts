import { expect, test } from "vitest";
import { type SparkSettings, sparkSubmitParameters } from "../../src/orchestration/spark-submit";

const SPARK: SparkSettings = {
  driverCores: 2,
  driverMemory: "3g",
  executorCores: 4,
  executorMemory: "5g",
  initialExecutors: 6,
  minExecutors: 1,
  maxExecutors: 7,
  workerDiskGb: 21,
};

test("every setting is passed on, the packages first", () => {
  expect(sparkSubmitParameters(SPARK, "s3://etl/lake.zip", "s3://p/processed")).toBe(
    [
      "--py-files s3://etl/lake.zip",
      "--conf spark.driver.cores=2",
      "--conf spark.driver.memory=3g",
      "--conf spark.executor.cores=4",
      "--conf spark.executor.memory=5g",
      "--conf spark.dynamicAllocation.minExecutors=1",
      "--conf spark.dynamicAllocation.initialExecutors=6",
      "--conf spark.dynamicAllocation.maxExecutors=7",
      "--conf spark.emr-serverless.driver.disk=21G",
      "--conf spark.emr-serverless.executor.disk=21G",
      "--conf spark.jars=/usr/share/aws/iceberg/lib/iceberg-spark3-runtime.jar",
      "--conf spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
      "--conf spark.sql.catalog.lake=org.apache.iceberg.spark.SparkCatalog",
      "--conf spark.sql.catalog.lake.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
      "--conf spark.sql.catalog.lake.io-impl=org.apache.iceberg.aws.s3.S3FileIO",
      "--conf spark.sql.catalog.lake.warehouse=s3://p/processed",
    ].join(" "),
  );
});

test.each<[keyof SparkSettings, number | string, string[]]>([
  ["driverCores", 9, ["spark.driver.cores=9"]],
  ["driverMemory", "9g", ["spark.driver.memory=9g"]],
  ["executorCores", 9, ["spark.executor.cores=9"]],
  ["executorMemory", "9g", ["spark.executor.memory=9g"]],
  ["initialExecutors", 9, ["spark.dynamicAllocation.initialExecutors=9"]],
  ["minExecutors", 3, ["spark.dynamicAllocation.minExecutors=3"]],
  ["maxExecutors", 9, ["spark.dynamicAllocation.maxExecutors=9"]],
  [
    "workerDiskGb",
    99,
    ["spark.emr-serverless.driver.disk=99G", "spark.emr-serverless.executor.disk=99G"],
  ],
])("%s alone decides its settings", (name, value, changed) => {
  const settings = (spark: SparkSettings) =>
    sparkSubmitParameters(spark, "p", "w").split(" --conf ");
  const before = settings(SPARK);
  const after = settings({ ...SPARK, [name]: value });
  expect(after.filter((setting) => !before.includes(setting))).toEqual(changed);
  expect(after).toHaveLength(before.length);
});

test("no executors to start with are passed on as a zero", () => {
  expect(sparkSubmitParameters({ ...SPARK, initialExecutors: 0 }, "p", "w")).toContain(
    "initialExecutors=0 ",
  );
});
