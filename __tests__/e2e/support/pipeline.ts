/** What a test does to a deployed lake, and what it reads back: through AWS's own APIs. */
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { EMRServerlessClient } from "@aws-sdk/client-emr-serverless";
import { GlueClient } from "@aws-sdk/client-glue";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { clientSettings } from "./aws-client";
import type { DeployedLake } from "./deployed-lake";

const ACCOUNT = "123456789012";
/** Milliseconds between two looks. */
const LOOK_MS = 250;
/** Milliseconds that anything may take: a queue of Spark jobs on two busy cores is the longest. */
const PATIENCE_MS = 420_000;

/** One execution that has ended. */
export interface Ended {
  readonly name: string;
  readonly status: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Names of the states, in the order they were entered. */
  readonly states: readonly string[];
}

export function pipelineOf(lake: DeployedLake) {
  const settings = clientSettings(lake.endpoint, lake.region);
  const s3 = new S3Client(settings);
  const sfn = new SFNClient(settings);
  const sns = new SNSClient(settings);
  const sqs = new SQSClient(settings);
  const athena = new AthenaClient(settings);
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${lake.region}:${ACCOUNT}:${resource}`;
  const stateMachineArn = arn("states", `stateMachine:${lake.names.stateMachine.etlPipeline}`);

  async function executions() {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions.map(({ executionArn = "", name = "" }) => ({ executionArn, name }));
  }

  async function ended(executionArn: string): Promise<Ended> {
    const execution = await eventually(`the end of ${executionArn}`, async () => {
      const now = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return now.status === "RUNNING" ? undefined : now;
    });
    return { ...outcome(execution), states: await statesOf(executionArn) };
  }

  async function statesOf(executionArn: string): Promise<string[]> {
    const { events = [] } = await sfn.send(
      new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
    );
    return events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
  }

  const put = (key: string, body: string | Uint8Array, bucket = lake.names.bucket.landing) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));

  /** Whether events are in the queue, or with the trigger. */
  async function messagesWait(): Promise<boolean> {
    const { QueueUrl } = await sqs.send(
      new GetQueueUrlCommand({ QueueName: lake.names.queue.ingest }),
    );
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    return Object.values(Attributes).some((count) => count !== "0");
  }

  return {
    s3,
    sfn,
    sqs,
    emr: new EMRServerlessClient(settings),
    glue: new GlueClient(settings),
    stateMachineArn,
    executions,
    ended,
    statesOf,
    put,

    /** Uploads and resolves when the one execution that this starts has ended. */
    async ingest(key: string, body: string | Uint8Array): Promise<Ended> {
      const before = new Set((await executions()).map((one) => one.executionArn));
      await put(key, body);
      const started = await eventually(`an execution for ${key}`, async () =>
        (await executions()).find((one) => !before.has(one.executionArn)),
      );
      return ended(started.executionArn);
    },

    messagesWait,

    /** Resolves when no message waits and no execution runs any more. */
    settled: () =>
      eventually("quiet", async () => {
        if (await messagesWait()) return undefined;
        const { executions: running = [] } = await sfn.send(
          new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }),
        );
        return running.length === 0 ? true : undefined;
      }),

    async read(bucket: string, key: string): Promise<string> {
      const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await object.Body?.transformToString()) ?? "";
    },

    async keys(bucket: string, prefix: string): Promise<string[]> {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
      );
      return Contents.map(({ Key = "" }) => Key).sort();
    },

    /** Rows of a query, the header first. */
    async query(sql: string): Promise<string[][]> {
      return (await this.ask(sql)).rows;
    },

    /** As query, with what it read. */
    async ask(sql: string): Promise<{ rows: string[][]; scannedBytes: number }> {
      const { QueryExecutionId } = await athena.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          WorkGroup: lake.names.workgroup.lake,
          QueryExecutionContext: { Database: lake.names.database.processed },
        }),
      );
      const scannedBytes = await eventually(`the query ${sql}`, async () => {
        const { QueryExecution } = await athena.send(
          new GetQueryExecutionCommand({ QueryExecutionId }),
        );
        const { State, StateChangeReason } = QueryExecution?.Status ?? {};
        if (State === "FAILED") throw new Error(StateChangeReason);
        const { DataScannedInBytes = 0 } = QueryExecution?.Statistics ?? {};
        return State === "SUCCEEDED" ? DataScannedInBytes : undefined;
      });
      const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
      const rows = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
        Data.map(({ VarCharValue = "" }) => VarCharValue),
      );
      return { rows, scannedBytes };
    },

    /** Subscribes to the alerts; `of` resolves with the subject and the body of one run's message. */
    async inbox() {
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "test-inbox" }));
      await sns.send(
        new SubscribeCommand({
          TopicArn: arn("sns", lake.names.topic.alerts),
          Protocol: "sqs",
          Endpoint: arn("sqs", "test-inbox"),
        }),
      );
      const seen: { subject: string; message: Record<string, unknown> }[] = [];
      const receive = async () => {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
        );
        for (const { Body = "" } of Messages) {
          const { Subject, Message } = JSON.parse(Body) as { Subject: string; Message: string };
          seen.push({ subject: Subject, message: JSON.parse(Message) });
        }
      };
      return {
        with: (subject: string, about = "") =>
          eventually(`a message "${subject}" about ${about}`, async () => {
            await receive();
            return seen.find(
              (one) => one.subject === subject && JSON.stringify(one.message).includes(about),
            );
          }),
        of: (run: Ended) =>
          eventually(`a message of ${run.name}`, async () => {
            await receive();
            return seen.find(({ message }) => message.run === run.name);
          }),
      };
    },
  };
}

function outcome(execution: DescribeExecutionCommandOutput) {
  return {
    name: execution.name ?? "",
    status: execution.status ?? "",
    error: execution.error,
    cause: execution.cause,
  };
}

/** Looks until there is something; rejects, naming what was awaited, when patience ends. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${patienceMs / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
