import type { DefinitionProps } from "../../src/orchestration/definition";
import { KEY } from "./aws";

/** Values of the shape that they have in an account. */
export const DEFINITION_PROPS: DefinitionProps = {
  validateFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:lake-validate-local",
  applicationId: "00f1abcdefgh",
  executionRoleArn: "arn:aws:iam::123456789012:role/lake-emr-execution-local",
  entryPoint: "s3://lake-etl-local/spark/jobs/etl.py",
  packages: "s3://lake-etl-local/spark/jobs/lake.zip",
  config: "s3://lake-etl-local/config/sources.json",
  rawUri: "s3://lake-landing-local/raw",
  processedUri: "s3://lake-processed-local/processed",
  quarantineUri: "s3://lake-processed-local/quarantine",
  databaseName: "lake_processed_local",
  runsUri: "s3://lake-etl-local/runs",
  logUri: "s3://lake-etl-local/logs/",
  keyArn: KEY.arn,
  logGroupName: "/aws/emr-serverless/lake-spark-local",
  spark: {
    driverCores: 2,
    driverMemory: "3g",
    executorCores: 4,
    executorMemory: "5g",
    initialExecutors: 6,
    minExecutors: 1,
    maxExecutors: 7,
    workerDiskGb: 21,
  },
  jobTimeoutMinutes: 120,
  maxConcurrentRuns: 2,
  locksTableName: "lake-locks-local",
  crawlerName: "lake-processed-local",
  crawlerPollSeconds: 15,
  topicArn: "arn:aws:sns:us-east-1:123456789012:lake-alerts-local",
};
