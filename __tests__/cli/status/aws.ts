/** An AWS with a deployed lake, for the parts of its status. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EMRServerlessClient } from "@aws-sdk/client-emr-serverless";
import { GlueClient } from "@aws-sdk/client-glue";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { vi } from "vitest";
import { statusOf } from "../../../src/cli/status/status";
import { qaTarget } from "../support/target";

export const ACCOUNT = "123456789012";
export const HOUR_MS = 3_600_000;
type Answers = Record<string, (input: never) => unknown>;

const CLIENTS = {
  CloudWatchClient,
  DynamoDBClient,
  EMRServerlessClient,
  GlueClient,
  LambdaClient,
  S3Client,
  SFNClient,
  SQSClient,
};

/** A deployed lake that nothing was ever done with, but for these answers, by the call's name. */
export function awsWith(answers: Answers = {}): void {
  const all: Answers = {
    ListExecutions: () => ({ executions: [] }),
    ListApplications: () => ({
      applications: [
        { id: "old", name: "lake-spark-qa", state: "TERMINATED" },
        { id: "app", name: "lake-spark-qa", state: "STARTED" },
      ],
    }),
    GetApplication: () => ({
      application: { state: "STARTED", maximumCapacity: { cpu: "16 vCPU" } },
    }),
    ListJobRuns: () => ({ jobRuns: [] }),
    ListEventSourceMappings: () => ({ EventSourceMappings: [{ UUID: "u", State: "Enabled" }] }),
    GetQueueUrl: ({ QueueName }: { QueueName: string }) => ({ QueueUrl: QueueName }),
    GetQueueAttributes: () => ({ Attributes: {} }),
    Scan: () => ({ Items: [] }),
    GetTables: () => ({ TableList: [] }),
    ListObjectsV2: () => ({}),
    DescribeAlarms: () => ({ MetricAlarms: [] }),
    ...answers,
  };
  const send = async (command: { constructor: { name: string }; input: never }) => {
    const name = command.constructor.name.replace(/Command$/, "");
    const answer = all[name];
    if (!answer) throw new Error(`${name} was not expected`);
    return answer(command.input);
  };
  for (const client of Object.values(CLIENTS))
    vi.spyOn(client.prototype, "send").mockImplementation(send as never);
}

/** Its status, with these variables. */
export const asked = (variables = {}) => statusOf(qaTarget(variables), ACCOUNT, 5);

/** What an account answers whose policies forbid the call. */
export function refuse(): never {
  throw Object.assign(new Error("not allowed"), { name: "AccessDeniedException", $metadata: {} });
}
