/** What the picture knows of resource types: which are boxes, and which belong to a box. */

/** Groups of boxes that look alike. */
export type Tone = "storage" | "events" | "compute" | "catalog" | "watch" | "guard";

/** A type that has a box. */
export interface Kind {
  /** What it is, in two words. */
  readonly word: string;
  readonly tone: Tone;
  /** `flow`: where data goes. `around`: beside it, for all. `frame`: around what is in it. */
  readonly place: "flow" | "around" | "frame";
}

const kind = (word: string, tone: Tone, place: Kind["place"] = "flow"): Kind => ({
  word,
  tone,
  place,
});

/** Types with a box of their own. */
export const KINDS: Readonly<Record<string, Kind>> = {
  aws_s3_bucket: kind("S3 bucket", "storage"),
  aws_dynamodb_table: kind("DynamoDB table", "storage"),
  aws_cloudwatch_event_rule: kind("EventBridge rule", "events"),
  aws_sqs_queue: kind("SQS queue", "events"),
  aws_sns_topic: kind("SNS topic", "events"),
  aws_lambda_function: kind("Lambda function", "compute"),
  aws_sfn_state_machine: kind("Step Functions", "compute"),
  aws_emrserverless_application: kind("EMR Serverless", "compute"),
  aws_glue_crawler: kind("Glue crawler", "catalog"),
  aws_glue_catalog_database: kind("Glue database", "catalog"),
  aws_athena_workgroup: kind("Athena workgroup", "catalog"),
  aws_cloudwatch_metric_alarm: kind("CloudWatch alarm", "watch"),
  aws_budgets_budget: kind("Budget", "watch"),
  aws_cloudwatch_dashboard: kind("Dashboard", "watch", "around"),
  aws_kms_key: kind("KMS key", "guard", "around"),
  aws_vpc: kind("VPC", "guard", "frame"),
};

const BUCKET = ["aws_s3_bucket"];
const RUNS = ["aws_lambda_function", "aws_sfn_state_machine", "aws_emrserverless_application"];
const NETWORK = ["aws_vpc"];

/** Types that belong to the box of another: its types, the first that is found. */
export const PARTS: Readonly<Record<string, readonly string[]>> = {
  aws_athena_named_query: ["aws_athena_workgroup"],
  aws_cloudwatch_event_target: ["aws_cloudwatch_event_rule"],
  aws_cloudwatch_log_group: [...RUNS, "aws_glue_crawler", ...NETWORK],
  aws_default_security_group: NETWORK,
  aws_eip: NETWORK,
  aws_flow_log: NETWORK,
  aws_glue_data_catalog_encryption_settings: ["aws_glue_catalog_database"],
  aws_glue_security_configuration: ["aws_glue_crawler"],
  aws_iam_policy: RUNS,
  aws_iam_role: [...RUNS, "aws_glue_crawler", ...NETWORK],
  aws_iam_role_policy: [...RUNS, "aws_glue_crawler", ...NETWORK],
  aws_iam_role_policy_attachment: RUNS,
  aws_internet_gateway: NETWORK,
  aws_kms_alias: ["aws_kms_key"],
  aws_lambda_event_source_mapping: ["aws_lambda_function"],
  aws_lambda_permission: ["aws_lambda_function"],
  aws_nat_gateway: NETWORK,
  aws_route: NETWORK,
  aws_route_table: NETWORK,
  aws_route_table_association: NETWORK,
  aws_s3_bucket_lifecycle_configuration: BUCKET,
  aws_s3_bucket_logging: BUCKET,
  aws_s3_bucket_notification: BUCKET,
  aws_s3_bucket_ownership_controls: BUCKET,
  aws_s3_bucket_policy: BUCKET,
  aws_s3_bucket_public_access_block: BUCKET,
  aws_s3_bucket_server_side_encryption_configuration: BUCKET,
  aws_s3_bucket_versioning: BUCKET,
  aws_s3_object: BUCKET,
  aws_security_group: NETWORK,
  aws_sns_topic_policy: ["aws_sns_topic"],
  aws_sns_topic_subscription: ["aws_sns_topic"],
  aws_sqs_queue_policy: ["aws_sqs_queue"],
  aws_sqs_queue_redrive_policy: ["aws_sqs_queue"],
  aws_subnet: NETWORK,
  aws_vpc_endpoint: NETWORK,
  aws_vpc_security_group_egress_rule: NETWORK,
  aws_vpc_security_group_ingress_rule: NETWORK,
};
