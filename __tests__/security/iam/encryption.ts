/** Which of a stack's keys encrypts what. */
import type { Block } from "../../support/synth";
import { arnsOf, type ResolvedStack, resourcesOf } from "./resolve";

/** How a resource is encrypted. */
export interface Encryption {
  /** ARN of the key. */
  readonly key: string;
  /** Of a bucket: whether S3 asks KMS once for many objects, by the bucket's ARN. */
  readonly bucketKey: boolean;
}

/** Where a type of resource names its key. */
const KEY_OF: Readonly<Record<string, (block: Block) => unknown>> = {
  aws_cloudwatch_log_group: (block) => block.kms_key_id,
  aws_dynamodb_table: (block) => one(block.server_side_encryption)?.kms_key_arn,
  aws_lambda_function: (block) => block.kms_key_arn,
  aws_sfn_state_machine: (block) => one(block.encryption_configuration)?.kms_key_id,
  aws_sns_topic: (block) => block.kms_master_key_id,
  aws_sqs_queue: (block) => block.kms_master_key_id,
};

/** Keys of the stack by the ARN of what they encrypt. What AWS's own keys encrypt is not there. */
export function encryptionOf(stack: ResolvedStack): Map<string, Encryption> {
  const found = new Map<string, Encryption>();
  const add = (arn: string, reference: unknown, bucketKey = false) => {
    const key = keyArn(stack, reference);
    if (key !== undefined) found.set(arn, { key, bucketKey });
  };
  for (const [type, keyOf] of Object.entries(KEY_OF))
    for (const { arn, block } of arnsOf(stack, type)) add(arn, keyOf(block));
  const buckets = arnsOf(stack, "aws_s3_bucket");
  for (const { type, address, block } of resourcesOf(stack.configuration)) {
    if (type !== "aws_s3_bucket_server_side_encryption_configuration") continue;
    const name = stack.references.attribute(address, "bucket");
    const bucket = buckets.find((candidate) => candidate.arn.endsWith(`:::${name}`));
    const rule = one(block.rule);
    const byDefault = one(rule?.apply_server_side_encryption_by_default);
    if (bucket) add(bucket.arn, byDefault?.kms_master_key_id, rule?.bucket_key_enabled === true);
  }
  return found;
}

/** The key of the account's catalog; undefined where the stack sets none, or Glue's own. */
export function catalogKey(stack: ResolvedStack): string | undefined {
  const settings = Object.values(
    stack.configuration.resource?.aws_glue_data_catalog_encryption_settings ?? {},
  );
  const atRest = one(one(one(settings)?.data_catalog_encryption_settings)?.encryption_at_rest);
  return keyArn(stack, atRest?.sse_aws_kms_key_id);
}

/** Where a crawler logs. */
export interface CrawlerLog {
  readonly address: string;
  /** ARN of the crawler's role. */
  readonly role: string;
  readonly group: string;
  /** ARN of the key that Glue makes the group with. */
  readonly key: string | undefined;
}

/**
 * The crawlers' log groups, which Glue makes itself: one for all of an account, or with a security
 * configuration one for role and configuration.
 */
export function crawlerLogs(stack: ResolvedStack): CrawlerLog[] {
  const { references } = stack;
  const configurations = Object.entries(
    stack.configuration.resource?.aws_glue_security_configuration ?? {},
  );
  return arnsOf(stack, "aws_glue_crawler").map(({ address, block }) => {
    const role = references.text(block.role);
    if (block.security_configuration === undefined)
      return { address, role, group: "/aws-glue/crawlers", key: undefined };
    const name = references.text(block.security_configuration);
    const [, found] =
      configurations.find(
        ([id]) => references.attribute(`aws_glue_security_configuration.${id}`, "name") === name,
      ) ?? [];
    const logs = one(one(found?.encryption_configuration)?.cloudwatch_encryption);
    return {
      address,
      role,
      group: `/aws-glue/crawlers-role/${role.split(":role/")[1]}-${name}`,
      key: keyArn(stack, logs?.kms_key_arn),
    };
  });
}

/** The key that a value means, by ARN, id or alias; undefined for none, or one of AWS's own. */
function keyArn(stack: ResolvedStack, reference: unknown): string | undefined {
  if (reference === undefined) return undefined;
  const value = stack.references.text(String(reference));
  if (/(^|:)alias\/aws\//.test(value)) return undefined;
  const aliases = arnsOf(stack, "aws_kms_alias");
  const alias = aliases.find(({ arn }) => arn === value || arn.endsWith(`:${value}`));
  const target = alias ? stack.references.text(alias.block.target_key_id) : value;
  const key = arnsOf(stack, "aws_kms_key").find(
    ({ arn }) => arn === target || arn.endsWith(`/${target}`),
  );
  if (key === undefined) throw new Error(`the stack has no KMS key ${value}`);
  return key.arn;
}

/** Terraform's JSON has single blocks as they are or in a list. */
function one(block: Block): Block {
  return Array.isArray(block) ? block[0] : block;
}
