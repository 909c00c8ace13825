import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RawIngestion, type RawIngestionProps } from "../../src/ingestion/raw-ingestion";
import { folderWith } from "../support/folder";
import { ref, statement, statements, synthScope } from "../support/synth";

function synth(change: Partial<RawIngestionProps> = {}) {
  const props: RawIngestionProps = {
    landingBucketName: "landing-bucket",
    ruleName: "lake-raw-object-created-dev",
    queueName: "lake-ingest-dev",
    deadLetterQueueName: "lake-ingest-dlq-dev",
    functionName: "lake-trigger-dev",
    roleName: "lake-trigger-dev",
    zipPath: join(folderWith({ "trigger.zip": "zip" }), "trigger.zip"),
    stateMachineArn: "arn:state-machine",
    batchWindowSeconds: 60,
    logRetentionDays: 30,
    ...change,
  };
  return synthScope((scope) => new RawIngestion(scope, "ingestion", props));
}

describe("the rule", () => {
  test("takes objects that hold something, created under raw/ of the landing bucket", () => {
    const rule = synth().the("aws_cloudwatch_event_rule");
    expect(rule.name).toBe("lake-raw-object-created-dev");
    expect(JSON.parse(rule.event_pattern)).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: ["landing-bucket"] },
        object: { key: [{ prefix: "raw/" }], size: [{ numeric: [">", 0] }] },
      },
    });
  });

  test("sends to the queue, and what it cannot send to the dead letters", () => {
    expect(synth().the("aws_cloudwatch_event_target")).toMatchObject({
      rule: ref("aws_cloudwatch_event_rule.raw_object_created.name"),
      arn: ref("aws_sqs_queue.ingest.arn"),
      dead_letter_config: { arn: ref("aws_sqs_queue.ingest_dlq.arn") },
    });
  });

  test.each(["ingest", "ingest_dlq"])("and nothing else may send to %s", (queue) => {
    const { queue_url, policy } = synth().resource("aws_sqs_queue_policy", queue);
    expect(queue_url).toBe(ref(`aws_sqs_queue.${queue}.url`));
    expect(statements(policy)).toEqual([
      {
        Sid: "RuleSends",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: ref(`aws_sqs_queue.${queue}.arn`),
        Condition: {
          ArnEquals: { "aws:SourceArn": ref("aws_cloudwatch_event_rule.raw_object_created.arn") },
        },
      },
    ]);
  });
});

describe("the queue", () => {
  test("hands a message to the dead letters after five deliveries", () => {
    const { redrive_policy } = synth().resource("aws_sqs_queue", "ingest");
    expect(JSON.parse(redrive_policy)).toEqual({
      deadLetterTargetArn: ref("aws_sqs_queue.ingest_dlq.arn"),
      maxReceiveCount: 5,
    });
  });

  test("hides a message for six times as long as the function may take", () => {
    const stack = synth();
    expect(stack.resource("aws_sqs_queue", "ingest").visibility_timeout_seconds).toBe(
      6 * stack.the("aws_lambda_function").timeout,
    );
  });

  test("keeps dead letters for as long as SQS can, two weeks", () => {
    expect(synth().resource("aws_sqs_queue", "ingest_dlq")).toMatchObject({
      name: "lake-ingest-dlq-dev",
      message_retention_seconds: 1_209_600,
    });
  });

  test("and its dead letters are encrypted", () => {
    for (const queue of Object.values(synth().all("aws_sqs_queue")))
      expect(queue.sqs_managed_sse_enabled).toBe(true);
  });
});

describe("the trigger", () => {
  const mapping = (change: Partial<RawIngestionProps> = {}) =>
    synth(change).the("aws_lambda_event_source_mapping");

  test("is given what gathers within the window, a thousand events at most", () => {
    expect(mapping({ batchWindowSeconds: 1 })).toMatchObject({
      event_source_arn: ref("aws_sqs_queue.ingest.arn"),
      function_name: ref("aws_lambda_function.trigger.arn"),
      batch_size: 1000,
      maximum_batching_window_in_seconds: 1,
    });
  });

  test("without a window is given ten events at most, as Lambda asks", () => {
    expect(mapping({ batchWindowSeconds: 0 }).batch_size).toBe(10);
  });

  test("says which messages failed, so that the others are not delivered again", () => {
    expect(mapping().function_response_types).toEqual(["ReportBatchItemFailures"]);
  });

  test("is connected after its role may read the queue", () => {
    expect(mapping().depends_on).toEqual(["aws_iam_role_policy.trigger"]);
  });

  test("knows the state machine, and may start it and read the queue, nothing else", () => {
    const stack = synth();
    expect(stack.the("aws_lambda_function").environment.variables).toEqual({
      STATE_MACHINE_ARN: "arn:state-machine",
    });
    const { policy } = stack.the("aws_iam_role_policy");
    expect(statements(policy).map(({ Sid }) => Sid)).toEqual([
      "WriteLogs",
      "StartExecution",
      "ReceiveEvents",
    ]);
    expect(statement(policy, "StartExecution")).toMatchObject({
      Action: "states:StartExecution",
      Resource: "arn:state-machine",
    });
    expect(statement(policy, "ReceiveEvents")).toMatchObject({
      Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      Resource: ref("aws_sqs_queue.ingest.arn"),
    });
  });
});
