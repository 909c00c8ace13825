/** Every resource of every environment: whoever adds, drops or renames one says so here. */
import { expect, test } from "vitest";
import { BUCKET_PARTS } from "../support/bucket-parts";
import { environments } from "../support/lake";

/** Names by type, as in `terraform state list`. */
type Inventory = Readonly<Record<string, string>>;

const buckets = (names: string): Inventory =>
  Object.fromEntries(BUCKET_PARTS.map((type) => [type, names]));

const EVERYWHERE: Inventory = {
  ...buckets("access_logs athena_results curated etl landing processed"),
  aws_athena_workgroup: "lake",
  aws_budgets_budget: "data_lake",
  aws_cloudwatch_dashboard: "lake",
  aws_cloudwatch_event_rule: "job_ended raw_object_created raw_object_deleted run_unfinished",
  aws_cloudwatch_event_target: "job_ended raw_object_created raw_object_deleted run_unfinished",
  aws_cloudwatch_log_group: "crawler emr_serverless etl_pipeline metrics trigger validate",
  aws_cloudwatch_metric_alarm:
    "emr_failures emr_pending emr_scheduled events_dead_letters executions_failed executions_throttled executions_timed_out ingest_age ingest_dead_letters metrics_errors metrics_throttles trigger_errors trigger_throttles validate_errors validate_throttles",
  aws_dynamodb_table: "locks",
  aws_emrserverless_application: "spark",
  aws_glue_catalog_database: "processed",
  aws_glue_crawler: "processed",
  aws_glue_security_configuration: "crawler",
  aws_iam_role: "emr_execution glue_crawler metrics stepfunctions trigger validate",
  aws_iam_role_policy: "emr_execution glue_crawler metrics stepfunctions trigger validate",
  aws_kms_alias: "lake",
  aws_kms_key: "lake",
  aws_lambda_event_source_mapping: "trigger",
  aws_lambda_function: "metrics trigger validate",
  aws_lambda_permission: "job_ended",
  aws_s3_bucket_logging: "athena_results curated etl landing processed",
  aws_s3_bucket_notification: "landing",
  aws_s3_object: "sources spark_job spark_packages",
  aws_sfn_state_machine: "etl_pipeline",
  aws_sns_topic: "alerts",
  aws_sns_topic_policy: "alerts",
  aws_sqs_queue: "events_dlq ingest ingest_dlq",
  aws_sqs_queue_policy: "events_dlq ingest ingest_dlq",
  aws_sqs_queue_redrive_policy: "ingest",
  "data.aws_caller_identity": "current",
  "data.aws_partition": "current",
};

/** Where `enable_vpc`. */
const VPC: Inventory = {
  aws_cloudwatch_log_group: "flow_logs",
  aws_default_security_group: "default",
  aws_flow_log: "lake",
  aws_iam_role: "flow_logs",
  aws_iam_role_policy: "flow_logs",
  aws_route_table: "private_a private_b",
  aws_route_table_association: "private_a private_b",
  aws_security_group: "emr endpoints",
  aws_subnet: "private_a private_b",
  aws_vpc: "lake",
  aws_vpc_endpoint: "glue logs s3",
  aws_vpc_security_group_egress_rule: "emr_endpoints emr_s3 emr_workers",
  aws_vpc_security_group_ingress_rule: "emr endpoints",
  "data.aws_availability_zones": "available",
};

/** Where `encrypt_glue_catalog`. */
const CATALOG: Inventory = { aws_glue_data_catalog_encryption_settings: "account" };

const STATE: Inventory = {
  ...buckets("state state_logs"),
  aws_s3_bucket_logging: "state",
  "data.aws_caller_identity": "current",
  "data.aws_partition": "current",
};

const ofSource = (source: string): Inventory => ({
  aws_athena_named_query: `${source}_latest_day ${source}_rows_per_day`,
  aws_cloudwatch_metric_alarm: `quarantined_${source}`,
});

/** Where data of the source, and the end of its jobs, is expected. */
const expected = (source: string): Inventory => ({
  aws_cloudwatch_event_rule: "metrics_schedule",
  aws_cloudwatch_event_target: "metrics_schedule",
  aws_cloudwatch_metric_alarm: `freshness_${source} long_run_${source}`,
  aws_lambda_permission: "metrics_schedule",
});

const LAKES: Record<string, Inventory[]> = {
  dev: [EVERYWHERE, ofSource("events")],
  local: [EVERYWHERE, CATALOG, ofSource("flights")],
  prod: [EVERYWHERE, CATALOG, ofSource("events"), expected("events"), VPC],
  staging: [EVERYWHERE, ofSource("events"), expected("events"), VPC],
};

function addresses(...inventories: Inventory[]): string[] {
  return inventories
    .flatMap((inventory) => Object.entries(inventory))
    .flatMap(([type, names]) => names.split(" ").map((name) => `${type}.${name}`))
    .sort();
}

test("env/ describes local, dev, staging and prod, and this file lists each of them", async () => {
  expect(Object.keys(await environments())).toEqual(Object.keys(LAKES));
});

test.each(Object.keys(LAKES))("the lake of %s consists of these resources", async (name) => {
  const { [name]: environment } = await environments();
  expect(environment?.lake.addresses()).toEqual(addresses(...(LAKES[name] ?? [])));
});

test.each(Object.keys(LAKES))(
  "the state stack of %s is the bucket and its access logs, with their controls",
  async (name) => {
    const { [name]: environment } = await environments();
    expect(environment?.state.addresses()).toEqual(addresses(STATE));
  },
);

test("every resource that the template declares is at the template's address", async () => {
  const { prod } = await environments();
  expect(prod?.lake.addresses()).toEqual(
    expect.arrayContaining([
      "aws_budgets_budget.data_lake",
      "aws_cloudwatch_metric_alarm.emr_failures",
      "aws_emrserverless_application.spark",
      "aws_glue_catalog_database.processed",
      "aws_glue_crawler.processed",
      "aws_s3_bucket.landing",
      "aws_s3_bucket_lifecycle_configuration.landing",
      "aws_sfn_state_machine.etl_pipeline",
      // Declared nowhere in the template, but referred to by it.
      "aws_iam_role.emr_execution",
      "aws_iam_role.glue_crawler",
      "aws_iam_role.stepfunctions",
      "aws_lambda_function.validate",
      "aws_s3_bucket.etl",
      "aws_s3_bucket.processed",
      "aws_sns_topic.alerts",
    ]),
  );
});
