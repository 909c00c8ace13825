/** Every variable of an environment, with its unit, bounds, default and the source of the bound. */
import { z } from "zod";
import {
  largestHeap,
  runsThatFit,
  sparkMemoryMb,
  WORKER_VCPU,
  workerMemorySizes,
} from "./capacity";
import { isVpcBlock } from "./cidr";
import { type About, about, flag, oneOf, text, whatIsSaidOf, whole } from "./fields";
import { SOURCE_NAME, source } from "./source";
import { workload } from "./workload";

/** Days that CloudWatch Logs accepts (PutRetentionPolicy). */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;
/** Runs at once that the pipeline keeps apart: one that waits looks at one slot's owner a minute. */
export const MOST_RUNS = 20;

const ROLE_PATH = /^\/([A-Za-z0-9+=,.@_-]+\/){0,20}$/;
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[A-Za-z0-9+=,.@_/-]+$/;
/**
 * Letters, digits, spaces and `+ - = . _ : / @`, of any language; not what AWS keeps for itself. A
 * `{` would be a token to cdktf.
 */
const TAG_KEY = /^(?!aws:)[\p{L}\p{N}\p{Z}_.:/=+\-@]{1,128}$/iu;
const TAG_VALUE = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]{0,256}$/u;
const TAG_TEXT = "letters, digits, spaces and + - = . _ : / @";

const NAME_PART = "lower-case letters, digits and inner hyphens";
const EMAIL = "an e-mail address";
const CIDR = "an IPv4 block of /16 to /24 at its network address, such as 10.0.0.0/16";
const HEAP = 'a Spark size of at least 512m, such as "4g"';
const heap = () => z.string(HEAP).refine((size) => sparkMemoryMb(size) >= 512, HEAP);

const WORKERS = "EMR Serverless User Guide, Worker configurations";
const SPARK = "EMR Serverless User Guide, Spark job properties";

const fields = {
  project: about(text(/^[a-z][a-z0-9-]*[a-z0-9]$/, NAME_PART).default("data-lake"), {
    what: "first part of every physical name; S3 names are global: choose one that is yours",
    source: "S3 User Guide, Bucket naming rules",
  }),
  bucket_suffix: about(text(/^[a-z0-9][a-z0-9-]*[a-z0-9]$/, NAME_PART).optional(), {
    what: "last part of every bucket name, to make it unique in all of AWS",
    source: "S3 User Guide, Bucket naming rules",
  }),
  aws_region: about(
    text(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region, such as us-east-1").default("us-east-1"),
    { what: "AWS region of everything" },
  ),
  account_id: about(text(/^\d{12}$/, "twelve digits, in quotes").optional(), {
    what: "the one account that this environment may touch; without it, whichever the credentials name",
  }),
  tags: about(
    z
      .record(
        z.string().regex(TAG_KEY, `1 to 128 ${TAG_TEXT}, not beginning with aws:`),
        z.string("text in quotes").regex(TAG_VALUE, `at most 256 ${TAG_TEXT}`),
        'a map of text, such as { Team = "data" }',
      )
      .default({}),
    {
      what: "on every resource, beside `Project`, `Environment` and `ManagedBy`",
      source: "EMR Serverless User Guide, Tagging limitations",
    },
  ),
  sources: about(
    z
      .record(
        z.string().regex(SOURCE_NAME, "lower-case letters, digits and underscores, at most 63"),
        source,
        'a map of sources, such as { events = { format = "json" } }',
      )
      .refine((map) => Object.keys(map).length > 0, "at least one source")
      .default({ events: { format: "json", layout: "iceberg", max_quarantined_percent: 10 } }),
    {
      what: 'feeds, 500 at most (decisions/0018-sources-in-one-lake.md): `name = { format = "json" or "csv", schema = "Spark DDL, optional", layout = "iceberg" or "parquet", sort_by = ["columns, optional"], max_quarantined_percent = 10, alarm_quarantined_percent = 5, expected_every_hours = 24, expected_minutes = 30 }`; the last three set alarms, the two without default only where they are given; the name is the folder and the table. `sort_by`: a day\'s rows are sorted by these columns of the table, at most four, so that a query for some of their values reads less; without it they keep the order in which they came. `parquet` is the template\'s plain layout with its crawler: during a run, and after one that died, a reader may see a day\'s old rows beside its new ones',
      source: "Glue and Athena: names without quotes",
    },
  ),

  emr_release_label: about(
    text(/^emr-\d+\.\d+\.\d+$/, "an EMR release, such as emr-7.12.0").default("emr-7.12.0"),
    { what: "EMR release; the job is written for Spark 3.5 (emr-7)" },
  ),
  emr_architecture: about(z.enum(["X86_64", "ARM64"], '"X86_64" or "ARM64"').default("X86_64"), {
    what: "of the workers; `ARM64` costs 20 % less, and the job runs on both",
  }),
  emr_max_workers: about(whole(1, 10_000, "workers").default(5), {
    what: "workers that all runs may have together, drivers included",
    source: "ours; the account's vCPU quota is lower",
  }),
  emr_worker_cpu: about(oneOf(WORKER_VCPU, "vCPU").default(2), {
    what: "vCPU of one worker",
    source: WORKERS,
  }),
  emr_worker_memory: about(whole(2, 120, "GB").default(8), {
    what: "memory of one worker; which sizes exist depends on its vCPU",
    source: WORKERS,
  }),
  emr_worker_disk: about(whole(20, 200, "GB").default(20), {
    what: "disk of one worker",
    source: WORKERS,
  }),
  emr_idle_timeout_minutes: about(whole(1, 10_080, "minutes").default(15), {
    what: "without a job, after which the application stops",
    source: "EMR Serverless API Reference, AutoStopConfig",
  }),
  enable_pre_warming: about(flag().default(false), {
    what: "one driver and `spark_executor_instances` executors kept ready, and billed while the application is started",
  }),

  spark_job_name: about(text(/^[A-Za-z0-9_-]+\.py$/, "a Python file in jobs/").default("etl.py"), {
    what: "file in `jobs/` that the state machine submits",
  }),
  spark_driver_cores: about(oneOf(WORKER_VCPU, "vCPU").default(2), {
    what: "of the driver; it runs on one worker",
    source: WORKERS,
  }),
  spark_driver_memory: about(heap().optional(), {
    what: "heap of the driver, such as `7g`; its container is heap plus 10 %, at least 384 MB",
    source: SPARK,
  }),
  spark_executor_cores: about(oneOf(WORKER_VCPU, "vCPU").default(2), {
    what: "of each executor; it runs on one worker",
    source: WORKERS,
  }),
  spark_executor_memory: about(heap().optional(), {
    what: "heap of each executor",
    source: SPARK,
  }),
  spark_min_executors: about(whole(0, 10_000, "executors").default(0), {
    what: "that a run keeps even when it has nothing to do",
    source: SPARK,
  }),
  spark_executor_instances: about(whole(0, 10_000, "executors").default(2), {
    what: "that a run starts with, at least `spark_min_executors`",
    source: SPARK,
  }),
  spark_max_executors: about(whole(1, 10_000, "executors").default(3), {
    what: "that a run may grow to, at least `spark_executor_instances + 1`",
    source: SPARK,
  }),
  job_timeout_minutes: about(whole(5, 7 * 24 * 60, "minutes").default(120), {
    what: "after which a job is cancelled",
    source: "ours; a week",
  }),
  max_concurrent_runs: about(whole(1, MOST_RUNS, "runs").optional(), {
    what: "runs that Spark works on at once; more wait. What fits the capacity, by default",
    source: "ours: a run that waits looks at one slot's owner a minute",
  }),

  iam_role_path: about(text(ROLE_PATH, "a path that begins and ends with /").default("/"), {
    what: "path of every role, for accounts that tell roles apart by it",
    source: "IAM User Guide, IAM identifiers",
  }),
  iam_permissions_boundary: about(text(POLICY_ARN, "the ARN of an IAM policy").optional(), {
    what: "policy beyond which no role may go, in accounts that ask for one",
    source: "IAM User Guide, Permissions boundaries",
  }),
  encrypt_glue_catalog: about(flag().default(false), {
    what: "this environment sets, for the whole account in this region, that the Glue catalog is encrypted, with Glue's own key: in one environment of an account at most, and where nobody else sets it",
    source: "Glue Developer Guide, Encrypting your Data Catalog: one setting an account and region",
  }),

  enable_vpc: about(flag().default(false), {
    what: "private subnets in two zones for the job, with endpoints of S3, Glue and CloudWatch Logs and no way to the internet; about 30 USD a month",
  }),
  vpc_cidr: about(z.cidrv4(CIDR).refine(isVpcBlock, CIDR).default("10.0.0.0/16"), {
    what: "addresses of the VPC",
    source: "VPC User Guide: /16 to /28; ours: room for four subnets",
  }),
  enable_nat_gateway: about(flag().default(false), {
    what: "with `enable_vpc`: a NAT gateway in each zone and TLS to everywhere, for a job that calls more than S3, Glue and CloudWatch Logs; about 66 USD a month more",
  }),
  single_nat_gateway: about(flag().default(false), {
    what: "with `enable_nat_gateway`: one for all zones, half the price, and one zone's outage stops the job",
  }),

  ingest_batch_window_seconds: about(whole(0, 300, "seconds").default(60), {
    what: "that events are gathered into one batch",
    source: "Lambda Developer Guide, Batching behavior",
  }),
  crawler_poll_seconds: about(whole(1, 300, "seconds").default(15), {
    what: "between two looks at the crawler",
    source: "ours",
  }),

  raw_intelligent_tiering_days: about(whole(0, 3650, "days").default(90), {
    what: "age at which landed objects move to INTELLIGENT_TIERING",
    source: "ours; ten years",
  }),
  raw_glacier_days: about(whole(1, 3650, "days").default(365), {
    what: "age at which landed objects move to GLACIER",
    source: "ours; ten years",
  }),
  temp_expiration_days: about(whole(1, 3650, "days").default(7), {
    what: "age at which objects under temp/ end",
    source: "ours; ten years",
  }),
  athena_results_expiration_days: about(whole(1, 3650, "days").default(30), {
    what: "that query results are kept",
    source: "ours; ten years",
  }),
  athena_scan_limit_gb: about(whole(1, 7_000_000, "GB").default(100), {
    what: "that one query may scan before Athena stops it",
    source: "Athena User Guide, Data usage controls: 10 MB to 7 EB",
  }),
  log_retention_days: about(oneOf(LOG_RETENTION_DAYS, "days").default(30), {
    what: "that every log group keeps its events",
    source: "CloudWatch Logs API Reference, PutRetentionPolicy",
  }),
  retain_data: about(flag().default(true), {
    what: "data buckets, their key, the database and the table of locks refuse to be destroyed",
  }),
  state_in_bucket: about(flag().default(false), {
    what: "the state of the state bucket lies in that bucket too: docs/operations.md says how it gets there",
  }),

  alert_emails: about(
    z
      .array(z.email(EMAIL), "a list of e-mail addresses")
      .max(10, "at most ten e-mail addresses")
      .default([]),
    {
      what: "told of failures, alarms and the budget",
      source: "AWS Budgets: ten e-mail subscribers a notification",
      sensitive: true,
    },
  ),
  monthly_budget_usd: about(
    z.number("an amount in USD above 0").positive("an amount in USD above 0").default(500),
    {
      what: "USD a month of the whole account, all that runs in it; alerts come at 50, 80 and 100 %, and when the forecast is above it",
    },
  ),
  workload: about(workload.prefault({}), {
    what: "expected of an ordinary day, for the estimate of the cost (docs/cost.md): GB and files that land in raw/, runs of the pipeline over all sources, queries, GB that one query reads, and executors' vCPU-hours for one GB of raw data",
  }),
};

/** Strict: a name that is not here is an error. */
export const variablesSchema = z.strictObject(fields).transform((v) => {
  const memory = {
    spark_driver_memory:
      v.spark_driver_memory ?? defaultHeap(v.spark_driver_cores, v.emr_worker_memory),
    spark_executor_memory:
      v.spark_executor_memory ?? defaultHeap(v.spark_executor_cores, v.emr_worker_memory),
  };
  const fitting = Math.max(1, Math.min(runsThatFit({ ...v, ...memory }), MOST_RUNS));
  return { ...v, ...memory, max_concurrent_runs: v.max_concurrent_runs ?? fitting };
});

/** A worker's memory, unless EMR Serverless gives that many cores less. */
function defaultHeap(cores: number, workerMemory: number): string {
  return largestHeap(Math.min(workerMemory, workerMemorySizes(cores).at(-1) ?? workerMemory));
}

/** Names of all variables. */
export const VARIABLE_NAMES = Object.keys(fields);

/** The type of one variable, and what is said of it; undefined when there is no such variable. */
export function variable(name: string): { type: z.ZodType; about: About } | undefined {
  if (!Object.hasOwn(fields, name)) return undefined;
  const type = fields[name as keyof typeof fields];
  const words = whatIsSaidOf(type);
  return words && { type, about: words };
}

/** A valid set of variables, defaults filled in. */
export type Variables = z.infer<typeof variablesSchema>;
