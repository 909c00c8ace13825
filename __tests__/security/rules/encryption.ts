/** Everything that stores something is encrypted with the lake's own key. */
import { absentOr, attributes, between, demand, is, OWN_KEY, refersTo } from "./attribute";
import { type Rule, resources, type Subject, verdict } from "./rule";

const GLUE = "encryption_configuration";

/** What holds data, messages, logs, definitions or environment, by the attribute that names the key. */
export const encrypted = attributes("encrypted with the lake's key", [
  demand("aws_sqs_queue", "kms_master_key_id", OWN_KEY),
  demand("aws_sns_topic", "kms_master_key_id", OWN_KEY),
  demand("aws_cloudwatch_log_group", "kms_key_id", OWN_KEY),
  demand("aws_sfn_state_machine", "encryption_configuration.type", is("CUSTOMER_MANAGED_KMS_KEY")),
  demand("aws_sfn_state_machine", "encryption_configuration.kms_key_id", OWN_KEY),
  demand("aws_dynamodb_table", "server_side_encryption.enabled", is(true)),
  demand("aws_dynamodb_table", "server_side_encryption.kms_key_arn", OWN_KEY),
  demand("aws_lambda_function", "kms_key_arn", OWN_KEY),
  demand("aws_s3_object", "server_side_encryption", is("aws:kms")),
  demand("aws_s3_object", "kms_key_id", OWN_KEY),
  demand("aws_s3_object", "bucket_key_enabled", is(true)),
]);

/** Who asks Athena cannot ask for less: the workgroup's settings go before the client's. */
export const athena = attributes("Athena's results are encrypted", [
  demand("aws_athena_workgroup", "configuration.enforce_workgroup_configuration", is(true)),
  demand(
    "aws_athena_workgroup",
    "configuration.result_configuration.encryption_configuration.encryption_option",
    is("SSE_KMS"),
  ),
  demand(
    "aws_athena_workgroup",
    "configuration.result_configuration.encryption_configuration.kms_key_arn",
    OWN_KEY,
  ),
  demand("aws_athena_workgroup", "configuration.result_configuration.output_location", {
    expected: "a bucket of this stack",
    holds: (found) => /^s3:\/\/\$\{aws_s3_bucket\.\w+\.bucket\}\/$/.test(String(found)),
  }),
]);

export const crawler = attributes("the crawler's logs and bookmarks are encrypted", [
  demand("aws_glue_crawler", "security_configuration", refersTo("aws_glue_security_configuration")),
  demand(
    "aws_glue_security_configuration",
    `${GLUE}.cloudwatch_encryption.cloudwatch_encryption_mode`,
    is("SSE-KMS"),
  ),
  demand("aws_glue_security_configuration", `${GLUE}.cloudwatch_encryption.kms_key_arn`, OWN_KEY),
  demand(
    "aws_glue_security_configuration",
    `${GLUE}.job_bookmarks_encryption.job_bookmarks_encryption_mode`,
    is("CSE-KMS"),
  ),
  demand(
    "aws_glue_security_configuration",
    `${GLUE}.job_bookmarks_encryption.kms_key_arn`,
    OWN_KEY,
  ),
  demand(
    "aws_glue_security_configuration",
    `${GLUE}.s3_encryption.s3_encryption_mode`,
    is("SSE-KMS"),
  ),
  demand("aws_glue_security_configuration", `${GLUE}.s3_encryption.kms_key_arn`, OWN_KEY),
]);

export const key = attributes("keys turn over, and take time to go", [
  demand("aws_kms_key", "enable_key_rotation", is(true)),
  demand("aws_kms_key", "is_enabled", absentOr(is(true))),
  demand("aws_kms_key", "bypass_policy_lockout_safety_check", absentOr(is(false))),
  // The longest that AWS takes, where the data is to stay.
  demand("aws_kms_key", "deletion_window_in_days", ({ variables }) =>
    variables.retain_data ? is(30) : between(7, 30),
  ),
  demand("aws_kms_alias", "target_key_id", refersTo("aws_kms_key")),
]);

const SETTINGS = "data_catalog_encryption_settings";

/** The catalog's setting is the account's: an environment may leave it to somebody else. */
export const catalog: Rule = {
  name: "the Glue catalog is encrypted",
  check: (subject) => [
    ...presence(subject, "aws_kms_key", subject.kind === "lake"),
    ...presence(
      subject,
      "aws_glue_data_catalog_encryption_settings",
      subject.kind === "lake" && subject.variables.encrypt_glue_catalog,
    ),
    ...attributes("", [
      demand(
        "aws_glue_data_catalog_encryption_settings",
        `${SETTINGS}.encryption_at_rest.catalog_encryption_mode`,
        is("SSE-KMS"),
      ),
    ]).check(subject),
  ],
};

function presence(subject: Subject, type: string, wanted: boolean) {
  const found = resources(subject, type).length;
  const expected = wanted ? "one" : "none";
  return [verdict(type, expected, found, found === (wanted ? 1 : 0))];
}
