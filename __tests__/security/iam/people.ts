/**
 * What the account's people and their Terraform call: policies of resources and keys must leave it
 * to them, or nobody looks after the lake. Their own policies are taken to allow it.
 */
import { globalContext, type KnownCall } from "./calls";
import { encryptionOf } from "./encryption";
import { arnsOf, type ResolvedStack } from "./resolve";

const DOCS = "https://docs.aws.amazon.com";

/** The one who calls: a role of the account that may do everything. */
export function administrator({ partition, account }: ResolvedStack): string {
  return `arn:${partition}:iam::${account}:role/administrator`;
}

/** Looking after a key: what the AWS provider calls for aws_kms_key and aws_kms_alias … */
const TERRAFORM = [
  "CreateAlias",
  "DeleteAlias",
  "DescribeKey",
  "DisableKey",
  "DisableKeyRotation",
  "EnableKey",
  "EnableKeyRotation",
  "GetKeyPolicy",
  "GetKeyRotationStatus",
  "ListResourceTags",
  "PutKeyPolicy",
  "ScheduleKeyDeletion",
  "TagResource",
  "UntagResource",
  "UpdateAlias",
  "UpdateKeyDescription",
];
/** … and what a person does: take back a deletion or a grant, look at what is there. */
const BY_HAND = [
  "CancelKeyDeletion",
  "ListGrants",
  "ListKeyPolicies",
  "ListKeyRotations",
  "RevokeGrant",
];

/** What using the key through each service takes of whoever sets up or uses what is encrypted. */
const THROUGH: Readonly<Record<string, { actions: readonly string[]; source: string }>> = {
  dynamodb: {
    // "At a minimum, DynamoDB requires the following permissions on a customer managed key."
    actions: [
      "Encrypt",
      "Decrypt",
      "ReEncryptFrom",
      "ReEncryptTo",
      "GenerateDataKey",
      "GenerateDataKeyWithoutPlaintext",
      "DescribeKey",
    ],
    source: `${DOCS}/amazondynamodb/latest/developerguide/encryption.usagenotes.html`,
  },
  lambda: {
    actions: ["Encrypt", "Decrypt"],
    source: `${DOCS}/lambda/latest/dg/configuration-envvars-encryption.html`,
  },
  s3: {
    actions: ["GenerateDataKey", "Decrypt"],
    source: `${DOCS}/AmazonS3/latest/userguide/UsingKMSEncryption.html`,
  },
  sns: {
    actions: ["GenerateDataKey", "Decrypt"],
    source: `${DOCS}/sns/latest/dg/sns-key-management.html`,
  },
  sqs: {
    actions: ["GenerateDataKey", "Decrypt"],
    source: `${DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html`,
  },
};

/** Every call that must be left to the account's people. */
export function peoplesCalls(stack: ResolvedStack): KnownCall[] {
  return [...keyCalls(stack), ...bucketCalls(stack), ...messageCalls(stack)];
}

function byAdministrator(
  stack: ResolvedStack,
  action: string,
  resource: string,
  because: string,
  source: string,
  context: KnownCall["context"] = {},
): KnownCall {
  const principal = administrator(stack);
  return {
    principal,
    action,
    resource,
    context: { ...globalContext(principal, action, stack), ...context },
    because,
    source,
  };
}

function keyCalls(stack: ResolvedStack): KnownCall[] {
  const machines = arnsOf(stack, "aws_sfn_state_machine");
  const encryption = encryptionOf(stack);
  return arnsOf(stack, "aws_kms_key").flatMap(({ arn: key }) => {
    const call = (name: string, because: string, source: string, context = {}) =>
      byAdministrator(stack, `kms:${name}`, key, because, source, context);
    const via = (service: string) => ({
      "kms:ViaService": `${service}.${stack.region}.amazonaws.com`,
    });
    const guide = `${DOCS}/kms/latest/developerguide/key-policy-default.html`;
    return [
      ...[...TERRAFORM, ...BY_HAND].map((name) => call(name, "the key is looked after", guide)),
      ...Object.entries(THROUGH).flatMap(([service, { actions, source }]) =>
        actions.map((name) => call(name, `${service} is used`, source, via(service))),
      ),
      ...["dynamodb", "lambda"].map((service) =>
        call("CreateGrant", `${service} keeps a grant`, THROUGH[service]?.source ?? "", {
          ...via(service),
          "kms:GrantIsForAWSResource": "true",
        }),
      ),
      ...machines
        .filter(({ arn }) => encryption.get(arn)?.key === key)
        .flatMap(({ arn }) =>
          ["Decrypt", "GenerateDataKey"].map((name) =>
            call(
              name,
              "the machine is changed, its executions are read",
              `${DOCS}/step-functions/latest/dg/encryption-at-rest.html`,
              { ...via("states"), "kms:EncryptionContext:aws:states:stateMachineArn": arn },
            ),
          ),
        ),
    ];
  });
}

/** Objects are put with and without naming the encryption, read and listed. */
function bucketCalls(stack: ResolvedStack): KnownCall[] {
  const encryption = encryptionOf(stack);
  const source = `${DOCS}/AmazonS3/latest/userguide/UsingServerSideEncryption.html`;
  return arnsOf(stack, "aws_s3_bucket").flatMap(({ arn }) => {
    const key = encryption.get(arn)?.key;
    const call = (action: string, resource: string, because: string, context = {}) =>
      byAdministrator(stack, action, resource, because, source, context);
    return [
      call("s3:ListBucket", arn, "a person looks into the bucket"),
      call("s3:GetObject", `${arn}/any`, "a person reads"),
      call(
        "s3:PutObject",
        `${arn}/any`,
        "a person writes, and leaves the encryption to the bucket",
      ),
      ...(key === undefined
        ? []
        : [
            call(
              "s3:PutObject",
              `${arn}/any`,
              "a person writes with the bucket's encryption named",
              {
                "s3:x-amz-server-side-encryption": "aws:kms",
                "s3:x-amz-server-side-encryption-aws-kms-key-id": key,
              },
            ),
          ]),
    ];
  });
}

/** Messages are sent by hand to try a queue or the topic, and read from a dead-letter queue. */
function messageCalls(stack: ResolvedStack): KnownCall[] {
  return [
    ...arnsOf(stack, "aws_sqs_queue").flatMap(({ arn }) =>
      ["sqs:SendMessage", "sqs:ReceiveMessage"].map((action) =>
        byAdministrator(
          stack,
          action,
          arn,
          "a person looks after the queue",
          THROUGH.sqs?.source ?? "",
        ),
      ),
    ),
    ...arnsOf(stack, "aws_sns_topic").map(({ arn }) =>
      byAdministrator(
        stack,
        "sns:Publish",
        arn,
        "a person tries the topic",
        THROUGH.sns?.source ?? "",
      ),
    ),
  ];
}
