import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { denyInsecureTransport } from "../../src/iam";
import { RawIngestion, type RawIngestionProps } from "../../src/ingestion/raw-ingestion";
import { KEY } from "../support/aws";
import { folderWith } from "../support/folder";
import { ref, statement, statements, synthScope } from "../support/synth";

function synth(change: Partial<RawIngestionProps> = {}) {
  const props: RawIngestionProps = {
    landingBucketName: "landing-bucket",
    rules: {
      rawObjectCreated: "lake-created-dev",
      rawObjectDeleted: "lake-deleted-dev",
      runUnfinished: "lake-run-dev",
    },
    queueNames: {
      ingest: "lake-ingest-dev",
      ingestDlq: "lake-ingest-dlq-dev",
      eventsDlq: "lake-events-dlq-dev",
    },
    logGroupName: "/aws/lambda/lake-trigger-dev",
    key: KEY,
    functionName: "lake-trigger-dev",
    roleName: "lake-trigger-dev",
    zipPath: join(folderWith({ "trigger.zip": "zip" }), "trigger.zip"),
    stateMachineArn: "arn:state-machine",
    executionsArn: "arn:execution",
    locksTable: { name: "lake-locks-dev", arn: "arn:locks" },
    topicArn: "arn:topic",
    sources: { bucket: { name: "etl", arn: "arn:etl" }, key: "config/sources.json" },
    batchWindowSeconds: 60,
    logRetentionDays: 30,
    ...change,
  };
  return synthScope((scope) => new RawIngestion(scope, "ingestion", props));
}

describe("the rules", () => {
  const pattern = (rule: string) =>
    JSON.parse(synth().resource("aws_cloudwatch_event_rule", rule).event_pattern);

  test("take what is created under raw/ of the landing bucket, however large", () => {
    const rules = synth().all("aws_cloudwatch_event_rule");
    expect(Object.values(rules).map(({ name }) => name)).toEqual([
      "lake-created-dev",
      "lake-deleted-dev",
      "lake-run-dev",
    ]);
    expect(pattern("raw_object_created")).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: ["landing-bucket"] },
        object: { key: [{ prefix: "raw/" }] },
      },
    });
  });

  test("take what somebody deletes under raw/, not what a lifecycle ends", () => {
    expect(pattern("raw_object_deleted")).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Deleted"],
      detail: {
        bucket: { name: ["landing-bucket"] },
        object: { key: [{ prefix: "raw/" }] },
        reason: ["DeleteObject"],
      },
    });
  });

  test("take runs of this state machine that ended without success", () => {
    expect(pattern("run_unfinished")).toEqual({
      source: ["aws.states"],
      "detail-type": ["Step Functions Execution Status Change"],
      detail: {
        stateMachineArn: ["arn:state-machine"],
        status: ["FAILED", "TIMED_OUT", "ABORTED"],
      },
    });
  });

  const RULES = ["raw_object_created", "raw_object_deleted", "run_unfinished"];

  test.each(RULES)(
    "%s sends to the queue, and what it cannot send to its own dead letters",
    (rule) => {
      expect(synth().resource("aws_cloudwatch_event_target", rule)).toMatchObject({
        rule: ref(`aws_cloudwatch_event_rule.${rule}.name`),
        arn: ref("aws_sqs_queue.ingest.arn"),
        dead_letter_config: { arn: ref("aws_sqs_queue.events_dlq.arn") },
      });
    },
  );

  test.each(["ingest", "events_dlq"])("and nothing else may send to %s", (queue) => {
    const { queue_url, policy } = synth().resource("aws_sqs_queue_policy", queue);
    expect(queue_url).toBe(ref(`aws_sqs_queue.${queue}.url`));
    expect(statements(policy)).toEqual([
      denyInsecureTransport("sqs:*", ref(`aws_sqs_queue.${queue}.arn`)),
      {
        Sid: "RulesSend",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: ref(`aws_sqs_queue.${queue}.arn`),
        Condition: {
          ArnEquals: {
            "aws:SourceArn": RULES.map((rule) => ref(`aws_cloudwatch_event_rule.${rule}.arn`)),
          },
        },
      },
    ]);
  });
});

describe("the queue", () => {
  test("hands a message to the dead letters after five deliveries", () => {
    const stack = synth();
    const { queue_url, redrive_policy } = stack.resource("aws_sqs_queue_redrive_policy", "ingest");
    expect(queue_url).toBe(ref("aws_sqs_queue.ingest.url"));
    expect(JSON.parse(redrive_policy)).toEqual({
      deadLetterTargetArn: ref("aws_sqs_queue.ingest_dlq.arn"),
      maxReceiveCount: 5,
    });
  });

  test("waits for no other queue: the provider takes 25 s for each", () => {
    for (const queue of Object.values(synth().all("aws_sqs_queue")))
      expect(JSON.stringify(queue)).not.toContain("aws_sqs_queue.");
  });

  test("hides a message for the window and six times as long as the function may take", () => {
    const stack = synth({ batchWindowSeconds: 300 });
    expect(stack.resource("aws_sqs_queue", "ingest").visibility_timeout_seconds).toBe(
      6 * stack.the("aws_lambda_function").timeout + 300,
    );
  });

  test.each(["ingest", "ingest_dlq", "events_dlq"])(
    "%s keeps messages for as long as SQS can, two weeks",
    (queue) => {
      const { message_retention_seconds } = synth().resource("aws_sqs_queue", queue);
      expect(message_retention_seconds).toBe(1_209_600);
    },
  );

  test("and its dead letters are encrypted", () => {
    for (const queue of Object.values(synth().all("aws_sqs_queue")))
      expect(queue.kms_master_key_id).toBe(KEY.arn);
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

  test("may start the state machine, add days, report and read its queue and the sources, nothing else", () => {
    const stack = synth();
    expect(stack.the("aws_lambda_function").environment.variables).toEqual({
      STATE_MACHINE_ARN: "arn:state-machine",
      LOCKS_TABLE: "lake-locks-dev",
      TOPIC_ARN: "arn:topic",
      ETL_BUCKET: "etl",
      SOURCES_KEY: "config/sources.json",
    });
    const { policy } = stack.the("aws_iam_role_policy");
    expect(statements(policy).map(({ Sid }) => Sid)).toEqual([
      "WriteLogs",
      "StartExecution",
      "DescribeExecutions",
      "AddDays",
      "Report",
      "ReadSources",
      "ReceiveEvents",
      "ReadWithKey",
      "ReportWithKey",
      "UseKeyForExecutions",
    ]);
    const may = (sid: string) => [statement(policy, sid).Action, statement(policy, sid).Resource];
    expect(may("DescribeExecutions")).toEqual(["states:DescribeExecution", "arn:execution:*"]);
    expect(may("AddDays")).toEqual(["dynamodb:UpdateItem", "arn:locks"]);
    expect(may("Report")).toEqual(["sns:Publish", "arn:topic"]);
    expect(may("ReadSources")).toEqual(["s3:GetObject", "arn:etl/config/sources.json"]);
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
