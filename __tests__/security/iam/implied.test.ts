import { expect, test } from "vitest";
import { ref, Synthesized } from "../../support/synth";
import { catalogKey, encryptionOf } from "./encryption";
import type { Request } from "./evaluate";
import { Implied } from "./implied";
import { type ResolvedStack, resolveStack } from "./resolve";

const ROLE = "arn:aws:iam::123456789012:role/job";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/77";
const KEY_REF = ref("aws_kms_key.lake.arn");

function stackWith(resource: object): ResolvedStack {
  const all = { aws_kms_key: { lake: {} }, ...resource };
  const text = JSON.stringify({ provider: { aws: [{}] }, resource: all });
  return resolveStack(new Synthesized(text), { ids: { "aws_kms_key.lake": "77" } });
}

/** A bucket that is encrypted by the key, or as the rule says. */
function bucket(rule: object = {}): ResolvedStack {
  const byDefault = { sse_algorithm: "aws:kms", kms_master_key_id: KEY_REF };
  return stackWith({
    aws_s3_bucket: { raw: { bucket: "raw" } },
    aws_s3_bucket_server_side_encryption_configuration: {
      raw: {
        bucket: ref("aws_s3_bucket.raw.id"),
        rule: [{ apply_server_side_encryption_by_default: byDefault, ...rule }],
      },
    },
  });
}

function implied(stack: ResolvedStack, action: string, resource: string, more = {}) {
  const request: Request = { principal: ROLE, action, resource, context: {}, ...more };
  return new Implied(stack).of(request);
}

/** Action, service and encryption context of the calls, in words that tests read well with. */
function words(stack: ResolvedStack, action: string, resource: string): string[] {
  return implied(stack, action, resource).map((call) => {
    expect(call).toMatchObject({ principal: ROLE, resource: KEY });
    expect(call.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    const context = Object.entries(call.context)
      .filter(([key]) => key.startsWith("kms:EncryptionContext:"))
      .map(([key, value]) => `${key.slice(22)}=${value}`);
    return [call.action, call.context["kms:ViaService"], ...context].join(" ");
  });
}

const VIA_S3 = "s3.us-east-1.amazonaws.com";
const OBJECT = "arn:aws:s3:::raw/a";

test("an object is read with Decrypt, by its own ARN without a bucket key", () => {
  expect(words(bucket(), "s3:GetObject", OBJECT)).toEqual([
    `kms:Decrypt ${VIA_S3} aws:s3:arn=${OBJECT}`,
  ]);
});

test("with a bucket key it is the bucket's ARN", () => {
  expect(words(bucket({ bucket_key_enabled: true }), "s3:GetObject", OBJECT)).toEqual([
    `kms:Decrypt ${VIA_S3} aws:s3:arn=arn:aws:s3:::raw`,
  ]);
});

test("a put may be a part of many: it decrypts too", () => {
  expect(words(bucket(), "s3:PutObject", OBJECT).map((text) => text.split(" ")[0])).toEqual([
    "kms:GenerateDataKey",
    "kms:Decrypt",
  ]);
});

test.each([
  "s3:ListBucket",
  "s3:DeleteObject",
  "s3:AbortMultipartUpload",
  "sqs:DeleteMessage",
  "states:StartExecution",
  "logs:PutLogEvents",
  "lambda:InvokeFunction",
])("%s takes nothing of a key", (action) => expect(implied(bucket(), action, OBJECT)).toEqual([]));

test("what S3's own key encrypts, or nothing of the stack, takes nothing", () => {
  const own = bucket({ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } });
  expect(implied(own, "s3:GetObject", OBJECT)).toEqual([]);
  expect(implied(bucket(), "s3:GetObject", "arn:aws:s3:::other/a")).toEqual([]);
});

const QUEUE = "arn:aws:sqs:us-east-1:123456789012:q";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:t";
const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/locks";
const MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:etl";
const EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:etl:run-1";

const MESSAGES = stackWith({
  aws_sqs_queue: { q: { name: "q", kms_master_key_id: KEY_REF } },
  aws_sns_topic: { t: { name: "t", kms_master_key_id: ref("aws_kms_key.lake.key_id") } },
  aws_dynamodb_table: { l: { name: "locks", server_side_encryption: { kms_key_arn: KEY_REF } } },
  aws_sfn_state_machine: {
    m: { name: "etl", encryption_configuration: [{ kms_key_id: KEY_REF }] },
  },
});

test.each([
  ["sqs:ReceiveMessage", QUEUE, ["kms:Decrypt sqs aws:sqs:arn"]],
  [
    "sqs:SendMessage",
    QUEUE,
    ["kms:GenerateDataKey sqs aws:sqs:arn", "kms:Decrypt sqs aws:sqs:arn"],
  ],
  [
    "sns:Publish",
    TOPIC,
    ["kms:GenerateDataKey sns aws:sns:topicArn", "kms:Decrypt sns aws:sns:topicArn"],
  ],
  ["dynamodb:UpdateItem", TABLE, ["kms:Decrypt dynamodb aws:dynamodb:tableName"]],
  ["states:DescribeExecution", EXECUTION, ["kms:Decrypt states aws:states:stateMachineArn"]],
])("%s: %j", (action, resource, expected) => {
  expect(
    words(MESSAGES, action, resource).map((text) => {
      const [name, via, context = ""] = text.split(" ");
      return [name, via?.split(".")[0], context.split("=")[0]].join(" ");
    }),
  ).toEqual(expected);
});

test("an execution is encrypted as its machine is, a table by its name and account", () => {
  expect(words(MESSAGES, "states:DescribeExecution", EXECUTION)[0]).toContain(`Arn=${MACHINE}`);
  expect(words(MESSAGES, "dynamodb:GetItem", TABLE)[0]).toMatch(
    /tableName=locks aws:dynamodb:subscriberId=123456789012$/,
  );
});

test("a service's call is no role's: it carries its source on, and no ViaService", () => {
  const context = {
    "aws:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/r",
    "aws:SourceAccount": "123456789012",
    "other:key": "x",
  };
  const [call] = implied(MESSAGES, "sqs:SendMessage", QUEUE, {
    principal: "events.amazonaws.com",
    context,
  });
  expect(call?.context).toMatchObject({
    "aws:SourceArn": context["aws:SourceArn"],
    "aws:SourceAccount": "123456789012",
    "aws:PrincipalIsAWSService": "true",
  });
  expect(Object.keys(call?.context ?? {})).not.toContain("kms:ViaService");
  expect(Object.keys(call?.context ?? {})).not.toContain("other:key");
});

test("the catalog's key is used where the stack sets one, and Glue's own is not the stack's", () => {
  const settings = (encryption_at_rest: object) =>
    stackWith({
      aws_glue_data_catalog_encryption_settings: {
        account: { data_catalog_encryption_settings: { encryption_at_rest } },
      },
    });
  const table = "arn:aws:glue:us-east-1:123456789012:table/d/t";
  const own = settings({ catalog_encryption_mode: "SSE-KMS" });
  expect(catalogKey(own)).toBeUndefined();
  expect(implied(own, "glue:GetTable", table)).toEqual([]);
  const keyed = settings({ catalog_encryption_mode: "SSE-KMS", sse_aws_kms_key_id: KEY_REF });
  expect(words(keyed, "glue:GetTable", table).map((text) => text.split(" ")[0])).toEqual([
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "kms:Encrypt",
  ]);
});

test("a key is found by ARN, id and alias; AWS's own are no key of the stack", () => {
  const queues = stackWith({
    aws_kms_alias: { a: { name: "alias/lake", target_key_id: ref("aws_kms_key.lake.key_id") } },
    aws_sqs_queue: {
      a: { name: "a", kms_master_key_id: "alias/lake" },
      b: { name: "b", kms_master_key_id: "77" },
      c: { name: "c", kms_master_key_id: "alias/aws/sqs" },
      d: { name: "d" },
    },
  });
  const found = [...encryptionOf(queues)].map(([arn, { key }]) => [arn.at(-1), key]);
  expect(found).toEqual([
    ["a", KEY],
    ["b", KEY],
  ]);
  const stray = stackWith({ aws_sqs_queue: { a: { name: "a", kms_master_key_id: "78" } } });
  expect(() => encryptionOf(stray)).toThrow("the stack has no KMS key 78");
});
