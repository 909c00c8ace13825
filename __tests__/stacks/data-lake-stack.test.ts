import { beforeAll, describe, expect, test } from "vitest";
import { environments, type Lake, lakeWith } from "../support/lake";
import { ref } from "../support/synth";

let lakes: Record<string, Lake>;
let dev: Lake;
let prod: Lake;
let local: Lake;

beforeAll(async () => {
  lakes = await environments();
  ({ dev, prod, local } = lakes as { dev: Lake; prod: Lake; local: Lake });
});

describe("the template's values", () => {
  test("landed objects move after 90 and 365 days, and temp ends after 7", () => {
    for (const { lake } of [dev, prod]) {
      const [archive, temp] = lake.resource(
        "aws_s3_bucket_lifecycle_configuration",
        "landing",
      ).rule;
      expect(archive).toMatchObject({
        id: "archive-old-data",
        status: "Enabled",
        transition: [
          { days: 90, storage_class: "INTELLIGENT_TIERING" },
          { days: 365, storage_class: "GLACIER" },
        ],
      });
      expect(temp).toEqual({
        id: "cleanup-temp",
        status: "Enabled",
        expiration: [{ days: 7 }],
        filter: [{ prefix: "temp/" }],
      });
    }
  });

  test("dev's application has at most 10 vCPU and 40 GB", () => {
    expect(dev.lake.resource("aws_emrserverless_application", "spark")).toMatchObject({
      maximum_capacity: { cpu: "10 vCPU", memory: "40 GB" },
    });
  });

  test("prod's application has at most 400 vCPU and 1600 GB", () => {
    expect(prod.lake.resource("aws_emrserverless_application", "spark")).toMatchObject({
      maximum_capacity: { cpu: "400 vCPU", memory: "1600 GB" },
    });
  });

  test("the application starts with a job and stops after 15 idle minutes", () => {
    for (const { lake } of Object.values(lakes))
      expect(lake.resource("aws_emrserverless_application", "spark")).toMatchObject({
        type: "SPARK",
        auto_start_configuration: { enabled: true },
        auto_stop_configuration: { enabled: true, idle_timeout_minutes: 15 },
      });
  });

  test.each([
    ["dev", "50"],
    ["prod", "500"],
  ])("the budget of %s is %s USD a month and tells at 80 % of it, among others", (name, limit) => {
    const budget = lakes[name]?.lake.resource("aws_budgets_budget", "data_lake");
    expect(budget).toMatchObject({
      budget_type: "COST",
      limit_amount: limit,
      limit_unit: "USD",
      time_unit: "MONTHLY",
    });
    expect(budget.notification).toContainEqual(
      expect.objectContaining({
        comparison_operator: "GREATER_THAN",
        threshold: 80,
        threshold_type: "PERCENTAGE",
        notification_type: "ACTUAL",
      }),
    );
  });

  test("the crawler updates the table in place and only logs what is gone", () => {
    expect(prod.lake.resource("aws_glue_crawler", "processed").schema_change_policy).toEqual({
      update_behavior: "UPDATE_IN_DATABASE",
      delete_behavior: "LOG",
    });
  });

  test("names are the project, the part and the environment", () => {
    const name = (type: string, address: string, field = "name") =>
      prod.lake.resource(type, address)[field];
    expect(name("aws_s3_bucket", "landing", "bucket")).toBe("data-lake-landing-prod");
    expect(name("aws_emrserverless_application", "spark")).toBe("data-lake-spark-prod");
    expect(name("aws_sfn_state_machine", "etl_pipeline")).toBe("data-lake-etl-prod");
    expect(name("aws_glue_crawler", "processed")).toBe("data-lake-processed-prod");
    expect(name("aws_glue_catalog_database", "processed")).toBe("data_lake_processed_prod");
  });
});

describe("what an environment switches on", () => {
  test("workers are kept ready where enable_pre_warming, and nowhere else", () => {
    const warm = Object.values(lakes).map(({ lake, variables }) => [
      variables.enable_pre_warming,
      lake.resource("aws_emrserverless_application", "spark").initial_capacity !== undefined,
    ]);
    expect(warm).toContainEqual([true, true]);
    expect(warm).toContainEqual([false, false]);
    expect(warm.every(([wanted, got]) => wanted === got)).toBe(true);
  });

  test("the workers kept ready are one driver and the initial executors, in the job's sizes", () => {
    const { initial_capacity } = prod.lake.resource("aws_emrserverless_application", "spark");
    const worker_configuration = { cpu: "4 vCPU", memory: "16 GB", disk: "20 GB" };
    expect(initial_capacity).toEqual([
      {
        initial_capacity_type: "Driver",
        initial_capacity_config: { worker_count: 1, worker_configuration },
      },
      {
        initial_capacity_type: "Executor",
        initial_capacity_config: {
          worker_count: prod.variables.spark_executor_instances,
          worker_configuration,
        },
      },
    ]);
  });

  test("the application is in the VPC's private subnets where enable_vpc, and in none elsewhere", () => {
    expect(
      prod.lake.resource("aws_emrserverless_application", "spark").network_configuration,
    ).toEqual({
      subnet_ids: [ref("aws_subnet.private_a.id"), ref("aws_subnet.private_b.id")],
      security_group_ids: [ref("aws_security_group.emr.id")],
    });
    expect(
      dev.lake.resource("aws_emrserverless_application", "spark").network_configuration,
    ).toBeUndefined();
    expect(dev.lake.all("aws_vpc")).toEqual({});
  });

  test("a VPC has no NAT gateway by default, two where they are asked for, and one where one is", () => {
    const gateways = (values: object) =>
      Object.keys(lakeWith({ enable_vpc: true, ...values }).lake.all("aws_nat_gateway"));
    expect(gateways({})).toEqual([]);
    expect(gateways({ single_nat_gateway: true })).toEqual([]);
    expect(gateways({ enable_nat_gateway: true })).toEqual(["nat_a", "nat_b"]);
    expect(gateways({ enable_nat_gateway: true, single_nat_gateway: true })).toEqual(["nat_a"]);
  });

  test("every source has its queries, and is crawled where its layout is plain", () => {
    const { lake } = lakeWith({
      sources: {
        weather: { format: "csv", layout: "parquet" },
        flights: { format: "json", max_quarantined_percent: 0 },
      },
    });
    expect(
      lake.resource("aws_glue_crawler", "processed").s3_target.map((t: { path: string }) => t.path),
    ).toEqual([expect.stringMatching(/\/processed\/weather\/$/)]);
    expect(Object.keys(lake.all("aws_athena_named_query"))).toEqual([
      "flights_latest_day",
      "flights_rows_per_day",
      "weather_latest_day",
      "weather_rows_per_day",
    ]);
    expect(JSON.parse(lake.resource("aws_s3_object", "sources").content)).toEqual({
      weather: { format: "csv", layout: "parquet", max_quarantined_percent: 10 },
      flights: { format: "json", layout: "iceberg", max_quarantined_percent: 0 },
    });
  });

  test("what is expected of a source makes alarms, and is nothing of the job's", () => {
    const expected = { expected_every_hours: 24, expected_minutes: 30 };
    const { lake } = lakeWith({
      sources: { a: { format: "json", ...expected }, b: { format: "json" } },
    });
    const plain = { format: "json", layout: "iceberg", max_quarantined_percent: 10 };
    expect(JSON.parse(lake.resource("aws_s3_object", "sources").content)).toEqual({
      a: plain,
      b: plain,
    });
    const alarms = Object.keys(lake.all("aws_cloudwatch_metric_alarm"));
    expect(alarms.filter((id) => /_[ab]$/.test(id))).toEqual([
      "freshness_a",
      "long_run_a",
      "quarantined_a",
      "quarantined_b",
    ]);
    // Nobody waits for how long jobs of b take.
    expect(Object.keys(lakeWith({}).lake.all("aws_cloudwatch_event_rule"))).not.toContain(
      "metrics_schedule",
    );
  });

  test("a job's hours are priced by the environment's processor", () => {
    const price = (emr_architecture: string) =>
      lakeWith({ emr_architecture }).lake.resource("aws_lambda_function", "metrics").environment
        .variables.USD_PER_VCPU_HOUR;
    expect(Number(price("ARM64")) / Number(price("X86_64"))).toBeCloseTo(0.8, 5);
  });

  test("alert e-mails are subscribed and told of the budget", () => {
    const alert_emails = ["a@example.org", "b@example.org"];
    const { lake } = lakeWith({ alert_emails });
    expect(
      Object.values(lake.all("aws_sns_topic_subscription")).map(({ endpoint }) => endpoint),
    ).toEqual(alert_emails);
    expect(
      lake.resource("aws_budgets_budget", "data_lake").notification[0].subscriber_email_addresses,
    ).toEqual(alert_emails);
  });
});

describe("Terraform", () => {
  test("the state is in the environment's own bucket, under one key, locked by S3 itself", () => {
    for (const [name, { lake, state, variables }] of Object.entries(lakes))
      expect(lake.terraform.backend).toEqual({
        s3: {
          bucket: state.resource("aws_s3_bucket", "state").bucket,
          key: `data-lake-${name}/terraform.tfstate`,
          region: variables.aws_region,
          encrypt: true,
          use_lockfile: true,
        },
      });
  });

  test("no two environments share a state", () => {
    const places = Object.values(lakes).map(({ lake }) => {
      const { bucket, key } = lake.terraform.backend.s3;
      return `${bucket}/${key}`;
    });
    expect(new Set(places).size).toBe(places.length);
  });

  test("the Terraform is one whose S3 backend can lock, the provider is 5.100.0", () => {
    for (const { lake, state } of Object.values(lakes))
      for (const { terraform } of [lake, state]) {
        expect(terraform.required_version).toBe(">= 1.10");
        expect(terraform.required_providers.aws.version).toBe("5.100.0");
      }
  });

  test("the provider is held to one account where the environment names it, and only there", () => {
    for (const stack of [local.lake, local.state])
      expect(stack.provider("aws").allowed_account_ids).toEqual(["123456789012"]);
    for (const stack of [dev.lake, dev.state, prod.lake, prod.state])
      expect(stack.provider("aws")).not.toHaveProperty("allowed_account_ids");
  });

  test("every resource is tagged with project, environment, manager and the environment's tags", () => {
    const { lake, state } = lakeWith({ project: "lake", tags: { Team: "data" } }, "qa");
    for (const stack of [lake, state])
      expect(stack.provider("aws").default_tags).toEqual([
        { tags: { Team: "data", Project: "lake", Environment: "qa", ManagedBy: "cdktf" } },
      ]);
  });

  test("the region is the environment's", () => {
    const { lake } = lakeWith({ aws_region: "eu-central-1", enable_vpc: true });
    expect(lake.provider("aws").region).toBe("eu-central-1");
    expect(lake.resource("aws_vpc_endpoint", "s3").service_name).toBe(
      "com.amazonaws.eu-central-1.s3",
    );
    // Prices are those of one region, and the dashboard says of which.
    expect(lake.text.replaceAll("prices of us-east-1", "")).not.toContain("us-east-1");
  });
});

describe("data", () => {
  const DATA = ["landing", "processed", "curated", "etl"];

  test("data buckets refuse to be destroyed where retain_data", () => {
    for (const name of DATA)
      expect(prod.lake.resource("aws_s3_bucket", name)).toMatchObject({
        force_destroy: false,
        lifecycle: { prevent_destroy: true },
      });
  });

  test("data buckets go with their objects where not retain_data", () => {
    for (const name of DATA) {
      expect(dev.lake.resource("aws_s3_bucket", name).force_destroy).toBe(true);
      expect(dev.lake.resource("aws_s3_bucket", name)).not.toHaveProperty("lifecycle");
    }
  });

  test("query results are never retained", () => {
    expect(prod.lake.resource("aws_s3_bucket", "athena_results").force_destroy).toBe(true);
    expect(prod.lake.resource("aws_s3_bucket", "athena_results")).not.toHaveProperty("lifecycle");
  });
});
