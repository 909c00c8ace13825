import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EMRServerlessClient } from "@aws-sdk/client-emr-serverless";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { realLosses } from "../../../src/cli/deploy/half-made";
import { losses, requireAllowed } from "../../../src/cli/deploy/losses";
import type { Plan } from "../../../src/cli/deploy/plan";
import { localTarget } from "../../../src/cli/target";
import { variablesSchema } from "../../../src/config/schema";

const TARGET = localTarget(
  { name: "local", variables: variablesSchema.parse({}) },
  "http://127.0.0.1:1",
);
const COUNTS = {
  ApproximateNumberOfMessages: "0",
  ApproximateNumberOfMessagesDelayed: "0",
  ApproximateNumberOfMessagesNotVisible: "0",
};
const EMPTY = [
  ["aws_s3_bucket", S3Client, {}],
  ["aws_sqs_queue", SQSClient, { Attributes: COUNTS }],
  ["aws_dynamodb_table", DynamoDBClient, { Items: [] }],
  ["aws_emrserverless_application", EMRServerlessClient, { jobRuns: [] }],
] as const;
const FULL = [
  ["aws_s3_bucket", S3Client, { Versions: [{}] }],
  ["aws_s3_bucket", S3Client, { DeleteMarkers: [{}] }],
  [
    "aws_sqs_queue",
    SQSClient,
    { Attributes: { ...COUNTS, ApproximateNumberOfMessagesNotVisible: "1" } },
  ],
  ["aws_sqs_queue", SQSClient, { Attributes: {} }],
  ["aws_dynamodb_table", DynamoDBClient, { Items: [{}] }],
  ["aws_emrserverless_application", EMRServerlessClient, { jobRuns: [{}] }],
] as const;

let said = "";
beforeEach(() => {
  said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

function plan(type: string, action_reason = "replace_because_tainted"): Plan {
  const before = { bucket: "b", url: "u", name: "n", id: "i" };
  const change = { actions: ["delete", "create"], before };
  return { resource_changes: [{ address: `${type}.x`, type, action_reason, change }] };
}

function answers(client: { prototype: { send: unknown } }, answer: object) {
  return vi
    .spyOn(client.prototype as { send(): Promise<object> }, "send")
    .mockResolvedValue(answer);
}

test.each(EMPTY)(
  "%s that was half made and is empty is no loss, and that is told",
  async (type, client, answer) => {
    answers(client, answer);
    expect(await realLosses(TARGET, plan(type))).toEqual([]);
    expect(said).toContain(`${type}.x is made anew: an earlier deploy did not end making it`);
  },
);

test.each(FULL)("%s that holds something is a loss: %#", async (type, client, answer) => {
  answers(client, answer);
  expect(await realLosses(TARGET, plan(type))).toHaveLength(1);
  expect(said).toBe("");
});

test("one that is replaced for another reason is not even asked", async () => {
  const send = answers(S3Client, {});
  const changed = plan("aws_s3_bucket", "replace_because_cannot_update");
  expect(await realLosses(TARGET, changed)).toHaveLength(1);
  expect(send).not.toHaveBeenCalled();
});

test("what cannot be asked, or does not answer, may hold something", async () => {
  answers(S3Client, {}).mockRejectedValue(new Error("AccessDenied"));
  expect(await realLosses(TARGET, plan("aws_s3_bucket"))).toHaveLength(1);
  expect(await realLosses(TARGET, plan("aws_kms_key"))).toHaveLength(1);
});

test("one that is allowed although it need not be is no mistake", async () => {
  answers(S3Client, {});
  const planned = plan("aws_s3_bucket");
  const real = await realLosses(TARGET, planned);
  expect(() => requireAllowed(losses(planned), ["aws_s3_bucket.x"], real)).not.toThrow();
  expect(() => requireAllowed(losses(planned), [], real)).not.toThrow();
});
