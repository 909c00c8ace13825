import { describe, expect, test } from "vitest";
import { VARIABLE_NAMES, variablesSchema } from "../../src/config/schema";
import { SOURCE_NAME } from "../../src/config/source";

const accepts = (values: Record<string, unknown>) => variablesSchema.safeParse(values).success;

test("without a word said, every variable has the value of the template's dev, or its text's", () => {
  expect(variablesSchema.parse({})).toEqual({
    project: "data-lake",
    aws_region: "us-east-1",
    tags: {},
    sources: { events: { format: "json", layout: "iceberg", max_quarantined_percent: 10 } },
    emr_release_label: "emr-7.12.0",
    emr_architecture: "X86_64",
    emr_max_workers: 5,
    emr_worker_cpu: 2,
    emr_worker_memory: 8,
    emr_worker_disk: 20,
    emr_idle_timeout_minutes: 15,
    enable_pre_warming: false,
    spark_job_name: "etl.py",
    spark_driver_cores: 2,
    spark_driver_memory: "7g",
    spark_executor_cores: 2,
    spark_executor_memory: "7g",
    spark_executor_instances: 2,
    spark_max_executors: 3,
    spark_min_executors: 0,
    max_concurrent_runs: 1,
    state_in_bucket: false,
    job_timeout_minutes: 120,
    encrypt_glue_catalog: false,
    iam_role_path: "/",
    enable_vpc: false,
    vpc_cidr: "10.0.0.0/16",
    enable_nat_gateway: false,
    single_nat_gateway: false,
    ingest_batch_window_seconds: 60,
    crawler_poll_seconds: 15,
    raw_intelligent_tiering_days: 90,
    raw_glacier_days: 365,
    temp_expiration_days: 7,
    athena_results_expiration_days: 30,
    athena_scan_limit_gb: 100,
    log_retention_days: 30,
    retain_data: true,
    alert_emails: [],
    monthly_budget_usd: 500,
    workload: {
      gb_per_day: 1,
      files_per_day: 100,
      runs_per_day: 4,
      queries_per_day: 20,
      gb_per_query: 0.1,
      vcpu_hours_per_gb: 1.3,
    },
  });
});

test("a name that the schema does not know is refused", () => {
  expect(accepts({ emr_max_worker: 5 })).toBe(false);
  expect(accepts({ sources: { a: { format: "json", formt: "x" } } })).toBe(false);
});

test.each([
  ["emr_max_workers", 1, 10_000],
  ["emr_worker_disk", 20, 200],
  ["emr_worker_memory", 2, 120],
  ["emr_idle_timeout_minutes", 1, 10_080],
  ["spark_executor_instances", 0, 10_000],
  ["spark_min_executors", 0, 10_000],
  ["max_concurrent_runs", 1, 20],
  ["spark_max_executors", 1, 10_000],
  ["job_timeout_minutes", 5, 10_080],
  ["ingest_batch_window_seconds", 0, 300],
  ["crawler_poll_seconds", 1, 300],
  ["raw_intelligent_tiering_days", 0, 3650],
  ["raw_glacier_days", 1, 3650],
  ["temp_expiration_days", 1, 3650],
  ["athena_results_expiration_days", 1, 3650],
  ["athena_scan_limit_gb", 1, 7_000_000],
])("%s is a whole number from %i to %i", (name, least, most) => {
  expect(accepts({ [name]: least })).toBe(true);
  expect(accepts({ [name]: most })).toBe(true);
  expect(accepts({ [name]: least - 1 })).toBe(false);
  expect(accepts({ [name]: most + 1 })).toBe(false);
  expect(accepts({ [name]: least + 0.5 })).toBe(false);
  expect(accepts({ [name]: String(least) })).toBe(false);
});

test.each<[name: string, good: unknown[], bad: unknown[]]>([
  [
    "project",
    ["lake", "data-lake", "a1"],
    ["a", "Lake", "1lake", "lake-", "-lake", "my_lake", "a b", ""],
  ],
  ["bucket_suffix", ["4f2a", "acme", "a-b"], ["", "-a", "a-", "A1", "a_b", "a.b"]],
  [
    "aws_region",
    ["us-east-1", "us-gov-west-1", "ap-southeast-2"],
    ["us-east", "useast1", "US-EAST-1", ""],
  ],
  [
    "account_id",
    ["123456789012", "000000000001"],
    [123456789012, "12345678901", "1234567890123", "12345678901a"],
  ],
  ["emr_release_label", ["emr-7.12.0", "emr-6.15.0"], ["7.12.0", "emr-7.12", "emr-7.12.0-beta"]],
  ["emr_architecture", ["X86_64", "ARM64"], ["x86_64", "arm64", "GRAVITON"]],
  ["emr_worker_cpu", [1, 2, 4, 8, 16], [0, 3, 6, 32, "2"]],
  ["spark_driver_cores", [1, 2, 4, 8, 16], [0, 3, 6, 32, "2"]],
  ["spark_executor_cores", [1, 2, 4, 8, 16], [0, 3, 6, 32, "2"]],
  ["spark_driver_memory", ["512m", "1g", "14G"], ["511m", "4", "4gb", "", 4]],
  ["spark_executor_memory", ["512m", "1g", "14G"], ["511m", "4", "4gb", "", 4]],
  [
    "spark_job_name",
    ["etl.py", "my-job_2.py"],
    ["etl", "jobs/etl.py", "../etl.py", "etl.PY", ".py"],
  ],
  [
    "vpc_cidr",
    ["10.0.0.0/16", "172.31.16.0/20", "192.168.1.0/24"],
    [
      "10.0.0.0/15",
      "10.0.0.0/25",
      "10.0.0.1/16",
      "10.0.8.0/20",
      "10.0.0.0",
      "300.0.0.0/16",
      "::/64",
    ],
  ],
  ["log_retention_days", [1, 30, 365, 3653], [0, 2, 31, 3654]],
  [
    "alert_emails",
    [[], ["a@example.org"], Array(10).fill("a@example.org")],
    [["a"], ["a@b"], "a@example.org", Array(11).fill("a@example.org")],
  ],
  ["monthly_budget_usd", [0.5, 50, 1e6], [0, -1, "50", Number.POSITIVE_INFINITY]],
  ["enable_vpc", [true, false], ["true", 1]],
  [
    "tags",
    [{}, { Team: "data", Empty: "" }],
    [{ "": "x" }, { Team: 1 }, { Team: "x".repeat(257) }],
  ],
  [
    "sources",
    [{ a: { format: "csv" } }, { a: { format: "json", schema: "id BIGINT" } }],
    [
      {},
      { a: {} },
      { a: { format: "xml" } },
      { a: { format: "json", schema: "" } },
      { "a-b": { format: "json" } },
    ],
  ],
])("%s is what AWS, Spark or the file system takes", (name, good, bad) => {
  for (const value of good)
    expect(accepts({ [name]: value }), `good: ${JSON.stringify(value)}`).toBe(true);
  for (const value of bad)
    expect(accepts({ [name]: value }), `bad: ${JSON.stringify(value)}`).toBe(false);
});

describe("a source's name", () => {
  test("is a folder, a table and a partition of SQL without quotes", () => {
    for (const good of ["a", "flights", "flights_20k", "x".repeat(63)])
      expect(good).toMatch(SOURCE_NAME);
    for (const bad of ["", "Flights", "1st", "_tmp", "a-b", "a/b", "a b", "x".repeat(64)])
      expect(bad).not.toMatch(SOURCE_NAME);
  });
});

describe("heaps that are not set", () => {
  const heaps = (values: Record<string, unknown>) => {
    const { spark_driver_memory, spark_executor_memory } = variablesSchema.parse(values);
    return [spark_driver_memory, spark_executor_memory];
  };

  test("fill a worker with their overhead", () => {
    expect(heaps({ emr_worker_cpu: 4, emr_worker_memory: 16 })).toEqual(["14g", "14g"]);
  });

  test("are no more than what EMR Serverless gives their cores", () => {
    expect(
      heaps({
        emr_worker_cpu: 4,
        emr_worker_memory: 30,
        spark_driver_cores: 1,
        spark_executor_cores: 4,
      }),
    ).toEqual(["7g", "27g"]);
  });

  test("leave those alone that are set", () => {
    expect(heaps({ spark_driver_memory: "2g" })).toEqual(["2g", "7g"]);
  });
});

describe("runs at once", () => {
  const runs = (values: Record<string, unknown>) =>
    variablesSchema.parse(values).max_concurrent_runs;

  test("are those that the capacity has room for, where nothing is said", () => {
    expect([10, 11, 12].map((workers) => runs({ emr_max_workers: workers }))).toEqual([2, 2, 3]);
  });

  test("are no more than the pipeline keeps apart", () => {
    expect(runs({ emr_max_workers: 10_000 })).toBe(20);
  });

  test("may be fewer", () => {
    expect(runs({ emr_max_workers: 12, max_concurrent_runs: 2 })).toBe(2);
  });
});

test("the names of all variables are known, those without a default too", () => {
  expect(VARIABLE_NAMES).toEqual(
    expect.arrayContaining(["bucket_suffix", "account_id", "retain_data"]),
  );
  const defaulted = Object.keys(variablesSchema.parse({}));
  expect(VARIABLE_NAMES).toEqual(expect.arrayContaining(defaulted));
});
