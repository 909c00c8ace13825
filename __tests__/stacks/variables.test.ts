/** Every variable changes what is deployed, and changes it in its place. */
import { expect, test } from "vitest";
import { VARIABLE_NAMES } from "../../src/config/schema";
import { type Lake, lakeWith } from "../support/lake";

const machine = ({ lake }: Lake) =>
  JSON.parse(lake.resource("aws_sfn_state_machine", "etl_pipeline").definition).States;
const spark = (of: Lake): string =>
  machine(of).StartEMRJob.Parameters.JobDriver.SparkSubmit.SparkSubmitParameters;
const application = ({ lake }: Lake) => lake.resource("aws_emrserverless_application", "spark");
const lifecycle = ({ lake }: Lake, bucket: string) =>
  JSON.stringify(lake.resource("aws_s3_bucket_lifecycle_configuration", bucket).rule);
const bucket = ({ lake }: Lake) => lake.resource("aws_s3_bucket", "landing");

/** A value other than the default, and where it is found afterwards. */
const VARIABLES: Record<string, [value: unknown, where: (of: Lake) => unknown, found?: unknown]> = {
  project: ["other", (of) => bucket(of).bucket, "other-landing-test"],
  bucket_suffix: ["acme", (of) => bucket(of).bucket, "data-lake-landing-test-acme"],
  aws_region: ["eu-west-1", ({ lake }) => lake.provider("aws").region],
  account_id: ["111111111111", ({ lake }) => lake.provider("aws").allowed_account_ids[0]],
  tags: [{ Team: "a" }, ({ lake }) => lake.provider("aws").default_tags[0].tags.Team, "a"],
  sources: [
    { a: { format: "csv", layout: "parquet", max_quarantined_percent: 2.5 } },
    ({ lake }) => JSON.parse(lake.resource("aws_s3_object", "sources").content),
  ],
  emr_release_label: ["emr-7.9.0", (of) => application(of).release_label],
  emr_architecture: ["ARM64", (of) => application(of).architecture],
  emr_max_workers: [9, (of) => application(of).maximum_capacity.cpu, "18 vCPU"],
  emr_worker_cpu: [4, (of) => application(of).maximum_capacity.cpu, "20 vCPU"],
  emr_worker_memory: [16, (of) => application(of).maximum_capacity.memory, "80 GB"],
  emr_worker_disk: [30, (of) => application(of).maximum_capacity.disk, "150 GB"],
  emr_idle_timeout_minutes: [
    5,
    (of) => application(of).auto_stop_configuration.idle_timeout_minutes,
  ],
  enable_pre_warming: [true, (of) => application(of).initial_capacity.length, 2],
  spark_job_name: [
    "other.py",
    (of) => machine(of).StartEMRJob.Parameters.JobDriver.SparkSubmit.EntryPoint.split("/").pop(),
  ],
  spark_driver_cores: [1, (of) => spark(of).match(/driver\.cores=(\S+)/)?.[1], "1"],
  spark_driver_memory: ["2g", (of) => spark(of).match(/driver\.memory=(\S+)/)?.[1]],
  spark_executor_cores: [1, (of) => spark(of).match(/executor\.cores=(\S+)/)?.[1], "1"],
  spark_executor_memory: ["2g", (of) => spark(of).match(/executor\.memory=(\S+)/)?.[1]],
  spark_min_executors: [2, (of) => spark(of).match(/minExecutors=(\S+)/)?.[1], "2"],
  spark_executor_instances: [1, (of) => spark(of).match(/initialExecutors=(\S+)/)?.[1], "1"],
  spark_max_executors: [4, (of) => spark(of).match(/maxExecutors=(\S+)/)?.[1], "4"],
  job_timeout_minutes: [30, (of) => machine(of).StartEMRJob.Parameters.ExecutionTimeoutMinutes],
  max_concurrent_runs: [
    3,
    (of) => machine(of).TakeRunSlot.Parameters.ExpressionAttributeValues[":most"].N,
    "3",
  ],
  iam_role_path: [
    "/lake/",
    ({ lake }) => [...new Set(Object.values(lake.all("aws_iam_role")).map(({ path }) => path))],
    ["/lake/"],
  ],
  iam_permissions_boundary: [
    "arn:aws:iam::111111111111:policy/boundary",
    ({ lake }) => lake.resource("aws_iam_role", "trigger").permissions_boundary,
  ],
  encrypt_glue_catalog: [
    true,
    ({ lake }) => Object.keys(lake.all("aws_glue_data_catalog_encryption_settings")),
    ["account"],
  ],
  enable_vpc: [true, ({ lake }) => Object.keys(lake.all("aws_vpc")), ["lake"]],
  vpc_cidr: ["10.9.0.0/20", ({ lake }) => lake.the("aws_vpc").cidr_block],
  enable_nat_gateway: [
    true,
    ({ lake }) => Object.keys(lake.all("aws_nat_gateway")),
    ["nat_a", "nat_b"],
  ],
  single_nat_gateway: [true, ({ lake }) => Object.keys(lake.all("aws_nat_gateway")), ["nat_a"]],
  ingest_batch_window_seconds: [
    5,
    ({ lake }) => lake.the("aws_lambda_event_source_mapping").maximum_batching_window_in_seconds,
  ],
  crawler_poll_seconds: [5, (of) => machine(of).WaitForCrawler.Seconds],
  raw_intelligent_tiering_days: [
    11,
    (of) => lifecycle(of, "landing").match(/"days":(11),/)?.[1],
    "11",
  ],
  raw_glacier_days: [777, (of) => lifecycle(of, "landing").match(/"days":(777),/)?.[1], "777"],
  temp_expiration_days: [13, (of) => lifecycle(of, "landing").match(/"days":(13)\}/)?.[1], "13"],
  athena_results_expiration_days: [
    17,
    (of) => lifecycle(of, "athena_results").match(/"days":(17)\}/)?.[1],
    "17",
  ],
  athena_scan_limit_gb: [
    2,
    ({ lake }) => lake.the("aws_athena_workgroup").configuration.bytes_scanned_cutoff_per_query,
    2 * 1024 ** 3,
  ],
  log_retention_days: [
    7,
    ({ lake }) => [
      ...new Set(
        Object.values(lake.all("aws_cloudwatch_log_group")).map((group) => group.retention_in_days),
      ),
    ],
    [7],
  ],
  retain_data: [false, (of) => bucket(of).force_destroy, true],
  state_in_bucket: [
    true,
    ({ state }) => state.terraform.backend.s3?.key,
    "state-test/terraform.tfstate",
  ],
  alert_emails: [
    ["a@example.org"],
    ({ lake }) => [lake.the("aws_sns_topic_subscription").endpoint],
  ],
  monthly_budget_usd: [7, ({ lake }) => lake.the("aws_budgets_budget").limit_amount, "7"],
  workload: [
    { queries_per_day: 0 },
    ({ lake }) => Object.keys(lake.outputs.monthly_estimate.value).includes("athena.scanned"),
    false,
  ],
};

/** Variables that say something only where another does. */
const WITH: Record<string, Record<string, unknown>> = {
  vpc_cidr: { enable_vpc: true },
  enable_nat_gateway: { enable_vpc: true },
  single_nat_gateway: { enable_vpc: true, enable_nat_gateway: true },
};

const DEFAULTS = lakeWith({});

test("every variable of the schema is looked for here", () => {
  expect(Object.keys(VARIABLES).sort()).toEqual([...VARIABLE_NAMES].sort());
});

test.each(Object.entries(VARIABLES))(
  "%s reaches what it is about",
  (name, [value, where, found]) => {
    const others = WITH[name];
    const changed = where(lakeWith({ ...others, [name]: value }));
    expect(changed).toEqual(found ?? value);
    // Not there by chance: the default gives something else, or nothing.
    let before: unknown;
    try {
      before = where(others ? lakeWith(others) : DEFAULTS);
    } catch {
      before = undefined;
    }
    expect(before).not.toEqual(changed);
  },
);
