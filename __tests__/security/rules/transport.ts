/** Buckets, queues and topics are reached over TLS alone; a bucket takes only what is encrypted its way. */
import { isDeepStrictEqual } from "node:util";
import type { Block } from "../../support/synth";
import { controlsOf } from "./buckets";
import { list, type PlacedStatement, statementsIn } from "./documents";
import {
  type Resource,
  type Rule,
  resources,
  type Subject,
  target,
  valuesAt,
  verdict,
} from "./rule";

/** A statement that keeps everybody from something. */
interface Denial {
  readonly words: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Block;
}

export const transport: Rule = {
  name: "reached over TLS 1.2 alone",
  check: (subject) => [
    ...resources(subject, "aws_s3_bucket").flatMap((bucket) =>
      denials(subject, "aws_s3_bucket_policy", "bucket", bucket, [
        tls(["s3:*"], [arn(bucket), `${arn(bucket)}/*`]),
        {
          ...tls(["s3:*"], [arn(bucket), `${arn(bucket)}/*`]),
          words: "TLS before 1.2",
          condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
        },
      ]),
    ),
    ...resources(subject, "aws_sqs_queue").flatMap((queue) =>
      denials(subject, "aws_sqs_queue_policy", "queue_url", queue, [
        tls(["sqs:ReceiveMessage", "sqs:SendMessage"], [arn(queue)]),
      ]),
    ),
    ...resources(subject, "aws_sns_topic").flatMap((topic) =>
      denials(subject, "aws_sns_topic_policy", "arn", topic, [tls(["sns:Publish"], [arn(topic)])]),
    ),
  ],
};

/** A put that names no encryption gets the bucket's; one that names another is refused. */
export const puts: Rule = {
  name: "a bucket refuses what is encrypted otherwise",
  check: (subject) =>
    resources(subject, "aws_s3_bucket").flatMap((bucket) => {
      const [keyArn] = controlsOf(
        subject,
        "aws_s3_bucket_server_side_encryption_configuration",
        bucket,
      ).flatMap(({ block }) =>
        valuesAt(block, "rule.apply_server_side_encryption_by_default.kms_master_key_id"),
      );
      if (keyArn === undefined) return [];
      const other = (words: string, header: string, value: unknown): Denial => ({
        words,
        actions: ["s3:PutObject"],
        resources: [`${arn(bucket)}/*`],
        // A negated comparison holds for a header that is not there.
        condition: { Null: { [header]: "false" }, StringNotEquals: { [header]: value } },
      });
      return denials(subject, "aws_s3_bucket_policy", "bucket", bucket, [
        other("another encryption", "s3:x-amz-server-side-encryption", "aws:kms"),
        other("another key", "s3:x-amz-server-side-encryption-aws-kms-key-id", keyArn),
      ]);
    }),
};

function tls(actions: readonly string[], on: readonly string[]): Denial {
  return {
    words: "requests without TLS",
    actions,
    resources: on,
    condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function denials(
  subject: Subject,
  type: string,
  field: string,
  resource: Resource,
  wanted: readonly Denial[],
) {
  const statements = resources(subject, type)
    .filter(({ block }) => target(block[field]) === resource.address)
    .flatMap(statementsIn);
  return wanted.map((denial) => {
    const found = statements.filter((placed) => isThat(placed, denial));
    return verdict(
      resource.address,
      `a ${type} that denies ${denial.words} (${denial.actions.join(", ")})`,
      found[0]?.where,
      found.length === 1,
    );
  });
}

function isThat({ statement }: PlacedStatement, denial: Denial): boolean {
  const { Effect, Principal, Action, Resource, Condition } = statement;
  const actions = list(Action);
  const service = denial.actions[0]?.split(":")[0];
  return (
    Effect === "Deny" &&
    Principal === "*" &&
    (actions.includes(`${service}:*`) || denial.actions.every((one) => actions.includes(one))) &&
    denial.resources.every((one) => list(Resource).includes(one)) &&
    isDeepStrictEqual(Condition, denial.condition)
  );
}

function arn({ address }: Resource): string {
  return `\${${address}.arn}`;
}
