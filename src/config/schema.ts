/** Every variable of an environment, with its unit, bounds, default and the source of the bound. */
import { z } from "zod";
import { largestHeap, sparkMemoryMb, WORKER_VCPU, workerMemorySizes } from "./capacity";

/** Days that CloudWatch Logs accepts (PutRetentionPolicy). */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

/** Zone and folder names: what S3, Hive partitions, Glue tables and SQL all accept unquoted. */
export const SOURCE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

const SPARK_MEMORY = z
  .string()
  .refine((size) => sparkMemoryMb(size) >= 512, 'a Spark size of at least 512m, such as "4g"');

/** One feed. Its name in `sources` is the folder under raw/ and processed/, and the table. */
const source = z.strictObject({
  /** `json`: one object a line, or one array. `csv`: with a header line. Plain or gzip. */
  format: z.enum(["json", "csv"]),
  /** Spark DDL, such as `id BIGINT, at TIMESTAMP`. Without one, types are inferred. */
  schema: z.string().min(1).optional(),
});

const whole = (least: number, most: number) => z.int().min(least).max(most);

const fields = {
  /** First part of every physical name. S3 names are global: choose one that is yours. */
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]*[a-z0-9]$/, "lower-case letters, digits and inner hyphens")
    .default("data-lake"),
  /** Last part of every bucket name, to make it unique in all of AWS. */
  bucket_suffix: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*[a-z0-9]$/, "lower-case letters, digits and inner hyphens")
    .optional(),
  aws_region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region, such as us-east-1")
    .default("us-east-1"),
  /** The one account this environment may touch; without it, whichever the credentials name. */
  account_id: z
    .string()
    .regex(/^\d{12}$/, "twelve digits, in quotes")
    .optional(),
  /** Tags on every resource, beside Project, Environment and ManagedBy. */
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),

  sources: z
    .record(
      z.string().regex(SOURCE_NAME, "lower-case letters, digits and underscores, at most 63"),
      source,
    )
    .refine((map) => Object.keys(map).length > 0, "at least one source")
    .default({ events: { format: "json" } }),

  /** EMR release; the job is written for Spark 3.5 (emr-7). */
  emr_release_label: z
    .string()
    .regex(/^emr-\d+\.\d+\.\d+$/, "an EMR release, such as emr-7.12.0")
    .default("emr-7.12.0"),
  /** ARM64 costs 20 % less; the job is plain PySpark and runs on both. */
  emr_architecture: z.enum(["X86_64", "ARM64"]).default("X86_64"),
  /** Workers at most, driver included. */
  emr_max_workers: whole(1, 10_000).default(5),
  /** vCPU of one worker. */
  emr_worker_cpu: z.literal(WORKER_VCPU).default(2),
  /** GB of memory of one worker. */
  emr_worker_memory: whole(2, 120).default(8),
  /** GB of disk of one worker (EMR Serverless: 20 to 200). */
  emr_worker_disk: whole(20, 200).default(20),
  /** Minutes without a job after which the application stops (EMR Serverless: 1 to 10080). */
  emr_idle_timeout_minutes: whole(1, 10_080).default(15),
  /** Workers kept ready: the driver and the initial executors start in seconds, and are billed. */
  enable_pre_warming: z.boolean().default(false),

  /** File in jobs/ that the state machine submits. */
  spark_job_name: z
    .string()
    .regex(/^[A-Za-z0-9_-]+\.py$/, "a Python file in jobs/")
    .default("etl.py"),
  spark_driver_cores: z.literal(WORKER_VCPU).default(2),
  /** Heap; by default the largest whole GB whose container fits one worker. */
  spark_driver_memory: SPARK_MEMORY.optional(),
  spark_executor_cores: z.literal(WORKER_VCPU).default(2),
  /** Heap; by default the largest whole GB whose container fits one worker. */
  spark_executor_memory: SPARK_MEMORY.optional(),
  /** Executors that a job starts with (`spark.dynamicAllocation.initialExecutors`). */
  spark_executor_instances: whole(0, 10_000).default(2),
  spark_max_executors: whole(1, 10_000).default(3),
  /** Minutes after which a job is cancelled. */
  job_timeout_minutes: whole(5, 7 * 24 * 60).default(120),

  /** Private subnets, NAT gateway and an S3 endpoint for the job; about 70 USD a month. */
  enable_vpc: z.boolean().default(false),
  vpc_cidr: z
    .cidrv4()
    .refine(
      (cidr) => Number(cidr.split("/")[1]) <= 24 && Number(cidr.split("/")[1]) >= 16,
      "a block of /16 to /24",
    )
    .refine(startsAtItsNetwork, "a block that starts at its network address, such as 10.0.0.0/16")
    .default("10.0.0.0/16"),
  /** One NAT gateway for all zones: half the price, and one zone's outage stops the job. */
  single_nat_gateway: z.boolean().default(false),

  /** Seconds that events are gathered into one batch (Lambda event source mapping: 0 to 300). */
  ingest_batch_window_seconds: whole(0, 300).default(60),
  /** Seconds between two looks at the crawler. */
  crawler_poll_seconds: whole(1, 300).default(15),

  /** Days after which objects in the landing bucket move to INTELLIGENT_TIERING. */
  raw_intelligent_tiering_days: whole(0, 3650).default(90),
  /** Days after which objects in the landing bucket move to GLACIER. */
  raw_glacier_days: whole(1, 3650).default(365),
  /** Days after which objects under temp/ end. */
  temp_expiration_days: whole(1, 3650).default(7),
  /** Days that query results are kept. */
  athena_results_expiration_days: whole(1, 3650).default(30),
  /** GB that one query may scan before Athena stops it (Athena: 10 MB at least). */
  athena_scan_limit_gb: whole(1, 7_000_000).default(100),
  log_retention_days: z.literal(LOG_RETENTION_DAYS).default(30),
  /** Data buckets refuse to be destroyed, and keep their objects. */
  retain_data: z.boolean().default(true),

  /** Receives alarms, failures and the budget; at most ten, the limit of one budget notification. */
  alert_emails: z.array(z.email()).max(10).default([]),
  /** USD a month. */
  monthly_budget_usd: z.number().positive().default(500),
};

/** Strict: a name that is not here is an error. */
export const variablesSchema = z.strictObject(fields).transform((v) => ({
  ...v,
  spark_driver_memory:
    v.spark_driver_memory ?? defaultHeap(v.spark_driver_cores, v.emr_worker_memory),
  spark_executor_memory:
    v.spark_executor_memory ?? defaultHeap(v.spark_executor_cores, v.emr_worker_memory),
}));

/** A worker's memory, unless EMR Serverless gives that many cores less. */
function defaultHeap(cores: number, workerMemory: number): string {
  return largestHeap(Math.min(workerMemory, workerMemorySizes(cores).at(-1) ?? workerMemory));
}

/** AWS refuses `10.0.0.1/16`: the bits after the prefix must be zero. */
function startsAtItsNetwork(cidr: string): boolean {
  const [address = "", prefix] = cidr.split("/");
  const value = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return value % 2 ** (32 - Number(prefix)) === 0;
}

/** Names of all variables. */
export const VARIABLE_NAMES = Object.keys(fields);

/** A valid set of variables, defaults filled in. */
export type Variables = z.infer<typeof variablesSchema>;
export type Source = z.infer<typeof source>;
