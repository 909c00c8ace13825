/** The trigger's ways to AWS: each function is one call, or one conditional write. */
import { createHash } from "node:crypto";
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { ReportDeps } from "./reports";
import type { StartExecution, TriggerDeps } from "./trigger";
import type { PendingDays, WaitingDeps } from "./waiting";

const environment = (name: string) => process.env[name] ?? "";
const dynamodb = new DynamoDBClient({});
/** For what must not be sent twice within one call. */
const once = new DynamoDBClient({ maxAttempts: 1 });
const stepFunctions = new SFNClient({});
const s3 = new S3Client({});
const sns = new SNSClient({});

/** Seconds that a report is remembered; repeated deliveries come within days. */
const REMEMBERED_SECONDS = 30 * 24 * 60 * 60;
/** Longer than an invocation lives: who has not told by then never will. */
const TELLING_SECONDS = 10 * 60;

export const pending: PendingDays = {
  async add(source, days) {
    await update(`pending#${source}`, {
      UpdateExpression: "ADD pending :days",
      ExpressionAttributeValues: { ":days": { SS: [...days] } },
    });
  },
  async claim(source, execution, dead) {
    // Once: sent again it could register a waiter that has had its turn meanwhile. Where the answer
    // is lost the messages come again, to an invocation with another name to register.
    const refused = await update(
      `pending#${source}`,
      {
        UpdateExpression: "SET waiter = :me",
        ConditionExpression: "attribute_not_exists(waiter) OR waiter = :dead",
        ExpressionAttributeValues: { ":me": { S: execution }, ":dead": { S: dead ?? execution } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      },
      once,
    );
    return refused?.Item?.waiter?.S;
  },
};

export const reports: ReportDeps = {
  async begin({ messageId, subject }) {
    const expiresAt = Math.floor(Date.now() / 1000) + REMEMBERED_SECONDS;
    const refused = await update(reportId(subject), {
      UpdateExpression: "SET message_id = :m, expires_at = :t",
      // The same message again, or long after: whoever had it before died before he had told. A
      // message that comes back from the dead letters has another id.
      ConditionExpression:
        "attribute_not_exists(message_id) OR (attribute_not_exists(told) AND (message_id = :m OR expires_at < :stale))",
      ExpressionAttributeValues: {
        ":m": { S: messageId },
        ":t": { N: String(expiresAt) },
        ":stale": { N: String(expiresAt - TELLING_SECONDS) },
      },
    });
    return refused === undefined;
  },
  async finish({ subject }) {
    await update(reportId(subject), {
      UpdateExpression: "SET told = :yes",
      ExpressionAttributeValues: { ":yes": { BOOL: true } },
    });
  },
  async publish(subject, message) {
    const TopicArn = environment("TOPIC_ARN");
    await sns.send(
      new PublishCommand({ TopicArn, Subject: subject, Message: JSON.stringify(message) }),
    );
  },
};

export const startExecution: StartExecution = async (name, input) => {
  const stateMachineArn = environment("STATE_MACHINE_ARN");
  try {
    await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
};

export const stateOf: WaitingDeps["stateOf"] = async (execution) => {
  const machine = environment("STATE_MACHINE_ARN").replace(":stateMachine:", ":execution:");
  try {
    const executionArn = `${machine}:${execution}`;
    const { status } = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return status === "RUNNING" ? "RUNNING" : "ENDED";
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return "UNKNOWN";
    throw error;
  }
};

export const outcomeOf: TriggerDeps["outcomeOf"] = async (executionArn) => {
  const { error, cause, input } = await stepFunctions.send(
    new DescribeExecutionCommand({ executionArn }),
  );
  return { error, cause, input };
};

export async function readSources(): Promise<readonly string[]> {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: environment("ETL_BUCKET"), Key: environment("SOURCES_KEY") }),
  );
  return Object.keys(JSON.parse((await Body?.transformToString()) ?? "{}"));
}

function reportId(subject: string): string {
  return `reported#${createHash("sha256").update(subject).digest("hex")}`;
}

/** One write; the exception where its condition did not hold. */
async function update(
  id: string,
  change: Omit<UpdateItemCommandInput, "TableName" | "Key">,
  client = dynamodb,
): Promise<ConditionalCheckFailedException | undefined> {
  try {
    const TableName = environment("LOCKS_TABLE");
    await client.send(new UpdateItemCommand({ TableName, Key: { id: { S: id } }, ...change }));
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error;
    throw error;
  }
}
