/**
 * The whole lake on one machine: the real Terraform and AWS provider deploy it, real Lambda code,
 * Step Functions and Spark run it, and it is destroyed again. One deployment serves the file, so
 * the tests stand in the order of a lake's life.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetApplicationCommand,
  ListApplicationsCommand,
  StopApplicationCommand,
} from "@aws-sdk/client-emr-serverless";
import { GetTableCommand, GetTablesCommand } from "@aws-sdk/client-glue";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../src/local/paths";
import { type DeployedLake, deployLake } from "./support/deployed-lake";
import { eventually, pipelineOf } from "./support/pipeline";

const DATA = join(ROOT, "node_modules", "vega-datasets", "data");
const FLIGHTS = readFileSync(join(DATA, "flights-20k.json"));
const WEATHER = readFileSync(join(DATA, "seattle-weather.csv"));
const DAY = "year=2025/month=10/day=09";

/** env/local.tfvars as it is, with two more sources: one of the template's plain layout, one that is broken. */
const TFVARS = readFileSync(join(ROOT, "env", "local.tfvars"), "utf8").replace(
  /sources = \{/,
  `sources = {
  weather = { format = "csv", layout = "parquet" }
  broken  = { format = "json", schema = "this is no DDL" }`,
);

let lake: DeployedLake;
let pipeline: ReturnType<typeof pipelineOf>;
let inbox: Awaited<ReturnType<ReturnType<typeof pipelineOf>["inbox"]>>;

beforeAll(async () => {
  lake = await deployLake(TFVARS);
  pipeline = pipelineOf(lake);
  inbox = await pipeline.inbox();
});
afterAll(() => lake?.close());

describe("deployed by the stock CLI", () => {
  it("shows no change on a second plan", async () => {
    await lake.expectNoChange("data-lake-local");
  });

  it("has in its state what was synthesized, at the template's addresses", async () => {
    const { output } = await lake.terraformIn("data-lake-local", "state", "list");
    const state = output.split("\n").filter((line) => !line.startsWith("data."));
    expect(state.sort()).toEqual(synthesizedAddresses(lake).sort());
    expect(state).toEqual(
      expect.arrayContaining([
        "aws_s3_bucket.landing",
        "aws_s3_bucket_lifecycle_configuration.landing",
        "aws_emrserverless_application.spark",
        "aws_sfn_state_machine.etl_pipeline",
        "aws_lambda_function.validate",
        "aws_glue_catalog_database.processed",
        "aws_glue_crawler.processed",
        "aws_cloudwatch_metric_alarm.emr_failures",
        "aws_budgets_budget.data_lake",
        "aws_sns_topic.alerts",
      ]),
    );
  });

  it("keeps its state in the bucket of state-local", async () => {
    expect(await pipeline.keys(lake.names.bucket.state, "")).toContain(
      "data-lake-local/terraform.tfstate",
    );
  });
});

describe("a file dropped into raw/", () => {
  // The first of all: Hadoop asks for each folder above its own while there is none.
  it("becomes a table by a crawl where its source has the template's plain layout", async () => {
    const run = await pipeline.ingest(`raw/weather/${DAY}/seattle-weather.csv`, WEATHER);
    expect(run).toMatchObject({ status: "SUCCEEDED" });
    expect(run.states).toEqual(expect.arrayContaining(["RunGlueCrawler", "WaitForCrawler"]));
    const lines = WEATHER.toString().trim().split("\n");
    expect((await pipeline.query("SELECT count(*) AS n FROM weather"))[1]).toEqual([
      String(lines.length - 1),
    ]);
    const { TableList = [] } = await pipeline.glue.send(
      new GetTablesCommand({ DatabaseName: lake.names.database.processed }),
    );
    const table = TableList.find(({ Name }) => Name === "weather");
    expect(table?.StorageDescriptor?.Columns?.map(({ Name }) => Name).sort()).toEqual(
      lines[0]?.split(",").sort(),
    );
    expect(table?.PartitionKeys?.map(({ Name }) => Name)).toEqual(["year", "month", "day"]);
  });

  it("becomes a table with all of its rows", async () => {
    const run = await pipeline.ingest(`raw/flights/${DAY}/flights-20k.json`, FLIGHTS);
    expect(run).toMatchObject({ status: "SUCCEEDED" });
    expect(run.states.join(" ")).toBe(
      [
        "ValidateInput HasValidData QueueForSourceLock GetSourceLockOwners IsSourceLockOwned",
        "TakeSourceLock LeaveWaiting GetPending IsPending PickDays TakePending IsRestPending",
        "QueueForRunSlot GetRunSlotOwners IsRunSlotOwned TakeRunSlot ConfirmDays StartEMRJob ReleaseRunSlot",
        "IsCrawled ReleaseDays ReleaseSourceLock SendSuccess",
      ].join(" "),
    );
    expect(run.name).toMatch(/^etl-[0-9a-f]{8}-\d{8}-\d{6}-0-flights$/);
    const rows = JSON.parse(FLIGHTS.toString()) as unknown[];
    expect(await pipeline.query('SELECT count(*) AS n FROM "flights"')).toEqual([
      ["n"],
      [String(rows.length)],
    ]);
    const summary = JSON.parse(
      await pipeline.read(lake.names.bucket.etl, `runs/${run.name}/summary.json`),
    );
    expect(summary).toMatchObject({
      source: "flights",
      partitions: ["2025-10-09"],
      rows_read: rows.length,
      rows_written: rows.length,
      rows_quarantined: 0,
    });
    expect(await inbox.of(run)).toMatchObject({
      subject: "ETL Success",
      message: { run: run.name, source: "flights", partitions: ["2025-10-09"] },
    });
  });

  it("lies as Parquet under its day", async () => {
    const keys = await pipeline.keys(lake.names.bucket.processed, `processed/flights/${DAY}/`);
    expect(keys.filter((key) => key.endsWith(".parquet"))).not.toHaveLength(0);
  });

  it("changes nothing when the same file comes again", async () => {
    const run = await pipeline.ingest(`raw/flights/${DAY}/flights-20k.json`, FLIGHTS);
    expect(run).toMatchObject({ status: "SUCCEEDED" });
    expect((await pipeline.query("SELECT count(*) AS n FROM flights"))[1]).toEqual([
      String((JSON.parse(FLIGHTS.toString()) as unknown[]).length),
    ]);
  });

  it("is queryable when the run ends, without a crawl, and one day of it reads less than two", async () => {
    const { Table } = await pipeline.glue.send(
      new GetTableCommand({ DatabaseName: lake.names.database.processed, Name: "flights" }),
    );
    expect(Table?.Parameters?.table_type).toBe("ICEBERG");
    const run = await pipeline.ingest("raw/flights/year=2025/month=10/day=08/all.json", FLIGHTS);
    expect(run).toMatchObject({ status: "SUCCEEDED" });
    const scanned = async (where: string) =>
      (await pipeline.ask(`SELECT sum(delay) FROM flights WHERE ${where}`)).scannedBytes;
    const [day, both] = [await scanned("day = '09'"), await scanned("day IN ('08', '09')")];
    expect(day).toBeGreaterThan(0);
    expect(both / day).toBeCloseTo(2, 2);
  });

  it("answers the queries that every source is born with", async () => {
    const stack = JSON.parse(
      readFileSync(join(lake.folder, "cdktf.out/stacks/data-lake-local/cdk.tf.json"), "utf8"),
    );
    const named = stack.resource.aws_athena_named_query;
    expect(await pipeline.query(named.weather_rows_per_day.query)).toEqual([
      ["year", "month", "day", "row_count"],
      ["2025", "10", "09", "1461"],
    ]);
    expect(await pipeline.query(named.weather_latest_day.query)).toHaveLength(101);
  });
});

describe("a run that cannot succeed", () => {
  it("ends without Spark when the day holds no data, started with the template's input", async () => {
    const run = await startWith("raw/flights/year=2020/month=01/day=01/none.json");
    expect(run).toMatchObject({ status: "SUCCEEDED" });
    expect(run.states).toEqual(["ValidateInput", "HasValidData", "NoDataFound"]);
  });

  it("tells the topic and fails when the input is invalid, without trying again", async () => {
    const run = await startWith("raw/unknown_feed/year=2020/month=01/day=01/x.json");
    expect(run).toMatchObject({ status: "FAILED", error: "ValidateInputFailed" });
    expect(run.cause).toContain('unknown source \\"unknown_feed\\"');
    expect(run.states).toEqual([
      "ValidateInput",
      "ValidateInputFailed",
      "SendFailure",
      "PipelineFailed",
    ]);
    expect(await inbox.of(run)).toMatchObject({
      subject: "ETL Failure",
      message: { run: run.name, state: "ValidateInput", error: "InvalidInput" },
    });
  });

  it("tells the topic which state failed and why when the job fails", async () => {
    const run = await pipeline.ingest(`raw/broken/${DAY}/a.json`, '{"a": 1}\n');
    expect(run).toMatchObject({ status: "FAILED", error: "StartEMRJobFailed" });
    expect(run.states.slice(-7)).toEqual([
      "StartEMRJob",
      "StartEMRJobFailed",
      "ReleaseRunSlotAfterFailure",
      "ReleaseDaysAfterFailure",
      "ReleaseSourceLockAfterFailure",
      "SendFailure",
      "PipelineFailed",
    ]);
    const { subject, message } = await inbox.of(run);
    expect(subject).toBe("ETL Failure");
    expect(message).toMatchObject({
      run: run.name,
      state: "StartEMRJob",
      partitions: ["2025-10-09"],
    });
    expect(message.cause).toContain("this is no DDL");
  });

  it("tells the topic and fails when the crawl fails, and keeps what was there", async () => {
    const rubbish = `processed/weather/${DAY}/rubbish.snappy.parquet`;
    await pipeline.put(rubbish, "this is no Parquet", lake.names.bucket.processed);
    const run = await pipeline.ingest("raw/weather/year=2025/month=10/day=10/all.csv", WEATHER);
    expect(run).toMatchObject({ status: "FAILED", error: "RunGlueCrawlerFailed" });
    expect(run.states.slice(-6)).toEqual([
      "CrawlFailed",
      "RunGlueCrawlerFailed",
      "ReleaseDaysAfterFailure",
      "ReleaseSourceLockAfterFailure",
      "SendFailure",
      "PipelineFailed",
    ]);
    expect(await inbox.of(run)).toMatchObject({
      subject: "ETL Failure",
      message: { state: "RunGlueCrawler", error: "CrawlFailed" },
    });
    expect((await pipeline.query("SELECT count(*) AS n FROM flights WHERE day = '09'"))[1]).toEqual(
      [String((JSON.parse(FLIGHTS.toString()) as unknown[]).length)],
    );
  });

  it("starts nothing for folders, markers and empty files", async () => {
    const before = (await pipeline.executions()).length;
    await pipeline.put(`raw/flights/${DAY}/`, "");
    await pipeline.put(`raw/flights/${DAY}/_SUCCESS`, "x");
    await pipeline.put(`raw/flights/${DAY}/empty.json`, "");
    // Overwrites the rubbish that the crawl failed on.
    const run = await pipeline.ingest(`raw/weather/${DAY}/seattle-weather.csv`, WEATHER);
    expect(run).toMatchObject({ status: "SUCCEEDED" });
    expect(await pipeline.executions()).toHaveLength(before + 1);
  });
});

describe("afterwards", () => {
  it("shows no change on a plan after runs", async () => {
    await lake.expectNoChange("data-lake-local");
  });

  it("is destroyed and leaves nothing but its state bucket and who read it", async () => {
    await stopApplication();
    await lake.cdktf("destroy", "data-lake-local", "--auto-approve", "--skip-synth");
    const { output } = await lake.terraformIn("data-lake-local", "state", "list");
    expect(output).toBe("");
    const { Buckets = [] } = await pipeline.s3.send(new ListBucketsCommand({}));
    const { state, stateLogs } = lake.names.bucket;
    expect(Buckets.map(({ Name }) => Name).sort()).toEqual([stateLogs, state].sort());
  });
});

async function startWith(key: string) {
  const { executionArn = "" } = await pipeline.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: pipeline.stateMachineArn,
      input: JSON.stringify({
        detail: { bucket: { name: lake.names.bucket.landing }, object: { key } },
      }),
    }),
  );
  return pipeline.ended(executionArn);
}

function synthesizedAddresses({ folder }: DeployedLake): string[] {
  const { resource } = JSON.parse(
    readFileSync(join(folder, "cdktf.out/stacks/data-lake-local/cdk.tf.json"), "utf8"),
  ) as { resource: Record<string, Record<string, unknown>> };
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );
}

async function stopApplication(): Promise<void> {
  const { applications = [] } = await pipeline.emr.send(new ListApplicationsCommand({}));
  const applicationId = applications[0]?.id;
  await pipeline.emr.send(new StopApplicationCommand({ applicationId }));
  await eventually("the application to stop", async () => {
    const { application } = await pipeline.emr.send(new GetApplicationCommand({ applicationId }));
    return application?.state === "STOPPED" ? true : undefined;
  });
}
