/**
 * The only findings of Checkov that are not mended, each with the resources and the reason. A test
 * keeps this free of entries that skip nothing.
 */
export interface Skip {
  /** Such as `CKV_AWS_18`. */
  readonly check: string;
  /** Addresses, exactly. */
  readonly addresses: readonly string[];
  readonly reason: string;
}

const BUCKETS = [
  "aws_s3_bucket.access_logs",
  "aws_s3_bucket.athena_results",
  "aws_s3_bucket.curated",
  "aws_s3_bucket.etl",
  "aws_s3_bucket.landing",
  "aws_s3_bucket.processed",
  "aws_s3_bucket.state",
  "aws_s3_bucket.state_logs",
];
const FUNCTIONS = [
  "aws_lambda_function.metrics",
  "aws_lambda_function.trigger",
  "aws_lambda_function.validate",
];

export const SKIPS: readonly Skip[] = [
  {
    check: "CKV_AWS_94", // the Glue catalog's encryption, passwords of connections included
    addresses: ["aws_glue_data_catalog_encryption_settings.account"],
    reason:
      "the catalog is encrypted; passwords of connections, of which the lake has none, stay as their owners read them",
  },
  {
    check: "CKV_AWS_18", // access logging
    addresses: ["aws_s3_bucket.access_logs", "aws_s3_bucket.state_logs"],
    reason: "S3 writes the other buckets' access logs here: logging these would make logs of logs",
  },
  {
    check: "CKV_AWS_145", // encrypted with KMS
    addresses: ["aws_s3_bucket.access_logs", "aws_s3_bucket.state_logs"],
    reason:
      "S3's log delivery takes no customer key (S3 User Guide, Enabling access logging): SSE-S3",
  },
  {
    check: "CKV_AWS_145",
    addresses: ["aws_s3_bucket.state"],
    reason:
      "a key for the state would be in the state that it protects: SSE-S3, as docs/decisions say",
  },
  {
    check: "CKV2_AWS_62", // event notifications
    addresses: BUCKETS.filter((address) => address !== "aws_s3_bucket.landing"),
    reason: "only what lands in raw/ begins something; nothing listens to the other buckets",
  },
  {
    check: "CKV_AWS_144", // replication to another region
    addresses: BUCKETS,
    reason:
      "a second region doubles the price, and where data may lie is its owner's to say; versions and prevent_destroy keep what is deleted",
  },
  {
    check: "CKV_AWS_116", // dead-letter queue of the function
    addresses: FUNCTIONS,
    reason:
      "that queue is for asynchronous calls: the trigger is polled from SQS, whose own dead letters it has; Step Functions waits for validate; of metrics a lost call is a point less in a graph, and an alarm tells of it",
  },
  {
    check: "CKV_AWS_117", // function inside a VPC
    addresses: FUNCTIONS,
    reason:
      "they call AWS's public endpoints over TLS and nothing private; a VPC would need a way out, and ec2:CreateNetworkInterface on every resource",
  },
  {
    check: "CKV_AWS_272", // code signing
    addresses: FUNCTIONS,
    reason:
      "signing needs a profile of AWS Signer outside of the lake; the code is built from locked sources and pinned by its hash",
  },
  {
    check: "CKV_AWS_50", // X-Ray
    addresses: FUNCTIONS,
    reason: "X-Ray needs xray:PutTraceSegments on every resource; runs are followed by their logs",
  },
  {
    check: "CKV_AWS_284", // X-Ray
    addresses: ["aws_sfn_state_machine.etl_pipeline"],
    reason:
      "X-Ray needs xray:PutTraceSegments on every resource; a run is followed by its history and its log",
  },
  {
    check: "CKV_AWS_338", // logs kept for a year
    addresses: [
      "aws_cloudwatch_log_group.crawler",
      "aws_cloudwatch_log_group.emr_serverless",
      "aws_cloudwatch_log_group.etl_pipeline",
      "aws_cloudwatch_log_group.flow_logs",
      "aws_cloudwatch_log_group.metrics",
      "aws_cloudwatch_log_group.trigger",
      "aws_cloudwatch_log_group.validate",
    ],
    reason:
      "logs to find faults with, kept for log_retention_days of the environment, whose owner may say 365; the account's audit trail is CloudTrail's",
  },
  {
    check: "CKV2_AWS_5", // security group in use
    addresses: ["aws_security_group.emr"],
    reason:
      "the EMR Serverless application has it, a type that Checkov does not know; a rule of ours looks for who is in a group",
  },
];
