/** Every line that there is, and what small cases of them come to, reckoned by hand. */
import { describe, expect, test } from "vitest";
import { RUNNING_LOOK_MINUTES } from "../../../lambda/metrics/contract";
import { costOf } from "../../../src/config/cost";
import { dayOf } from "../../../src/config/costs/day";
import { storageLines, TWELFTH_MONTH } from "../../../src/config/costs/storage";
import { variablesSchema } from "../../../src/config/schema";

const KEYS = [
  "athena.scanned",
  "cloudwatch.alarms",
  "cloudwatch.dashboard",
  "cloudwatch.metrics",
  "dynamodb.reads",
  "dynamodb.writes",
  "emr.idle.disk",
  "emr.idle.memory",
  "emr.idle.vcpu",
  "emr.jobs.disk",
  "emr.jobs.memory",
  "emr.jobs.vcpu",
  "events.objects",
  "glue.crawler",
  "glue.requests",
  "kms.key",
  "kms.requests",
  "lambda.duration",
  "lambda.requests",
  "logs.ingested",
  "logs.stored",
  "s3.access_logs",
  "s3.glacier.index",
  "s3.glacier.names",
  "s3.moves.glacier",
  "s3.moves.tiering",
  "s3.processed",
  "s3.raw.glacier",
  "s3.raw.standard",
  "s3.raw.tiering_archive",
  "s3.raw.tiering_frequent",
  "s3.raw.tiering_infrequent",
  "s3.replaced",
  "s3.requests.read",
  "s3.requests.write",
  "s3.tiering.watch",
  "sns.emails",
  "sns.messages",
  "sqs.requests",
  "states.transitions",
  "vpc.endpoints",
  "vpc.endpoints.data",
  "vpc.nat",
  "vpc.nat.addresses",
  "vpc.nat.data",
];

const IDLE = { gb_per_day: 0, files_per_day: 0, runs_per_day: 0, queries_per_day: 0 };
/** 730 in the month: a day of it is 1/24 of 730. */
const HOURLY = { runs_per_day: 24 };

/** The lake's lines by key; what the workload does not name does not happen. */
function lines(workload: Record<string, number>, more: Record<string, unknown> = {}) {
  const variables = variablesSchema.parse({ ...more, workload: { ...IDLE, ...workload } });
  return Object.fromEntries(costOf({ name: "test", variables }).lines.map((one) => [one.key, one]));
}
const usd = (key: string, ...of: Parameters<typeof lines>) => lines(...of)[key]?.usd ?? Number.NaN;
const source = (more: Record<string, unknown>) => ({ sources: { s: { format: "json", ...more } } });

test("there is a line for each thing that is billed, and none is forgotten", () => {
  expect(Object.keys(lines({})).sort()).toEqual(KEYS);
});

describe("an hourly run costs a month", () => {
  test.each([
    // 730 runs of 23 states; 0.025 USD for 1,000.
    ["states.transitions", {}, (0.73 * 23 * 25) / 1000],
    // Ten writes, 0.625 USD a million, and three reads, 0.125.
    ["dynamodb.writes", {}, 0.0045625],
    ["dynamodb.reads", {}, 0.00027375],
    // A message each, 0.50 USD a million, to two addresses, 2 USD for 100,000.
    ["sns.messages", {}, 0.000365],
    ["sns.emails", { alert_emails: ["a@example.com", "b@example.com"] }, 0.0292],
    // 100 requests each, 73,000; 0.03 USD for 10,000.
    ["kms.requests", {}, 0.219],
    // Trigger, validation, metrics: 2,190 calls; 0.20 USD a million.
    ["lambda.requests", {}, 0.000438],
    // 50 requests each, 36,500; 1 USD a million.
    ["glue.requests", {}, 0.0365],
    // 40 of each kind, 29,200; 0.005 and 0.0004 USD for 1,000.
    ["s3.requests.write", {}, 0.146],
    ["s3.requests.read", {}, 0.01168],
  ])("%s, with %j: %d USD", (key, more, is) => {
    expect(usd(key, HOURLY, more)).toBeCloseTo(is, 9);
  });

  test("of a crawled source 48 states: 27, and three for each of seven further looks", () => {
    expect(usd("states.transitions", HOURLY, source({ layout: "parquet" }))).toBeCloseTo(0.876, 9);
    // Two minutes of looks every 40 s: two further ones.
    const slow = { ...source({ layout: "parquet" }), crawler_poll_seconds: 40 };
    expect(usd("states.transitions", HOURLY, slow)).toBeCloseTo((0.73 * 33 * 25) / 1000, 9);
  });
});

describe("24,000 files a day cost a month", () => {
  test.each([
    // 730,000 events; 1 USD a million.
    ["events.objects", 0.73],
    // One request to the key each; 0.03 USD for 10,000.
    ["kms.requests", 2.19],
    // 730 batches of 1,000: 0.20 USD a million calls; a second of 0.25 GB each, 182.5 GB-seconds.
    ["lambda.requests", 0.000146],
    ["lambda.duration", 182.5 * 0.0000133334],
    // Written once, read by three requests; 0.005 and 0.0004 USD for 1,000.
    ["s3.requests.write", 3.65],
    ["s3.requests.read", 0.876],
  ])("%s: %d USD", (key, is) => {
    expect(usd(key, { files_per_day: 24_000 })).toBeCloseTo(is, 9);
  });

  test("and the access logs of it all, 600 bytes a request, as long as logs are kept", () => {
    // 96,000 lines a day are 57.6 MB.
    const month = (30 * 57.6e6 * 0.023) / 1024 ** 3;
    expect(usd("s3.access_logs", { files_per_day: 24_000 })).toBeCloseTo(month, 9);
    expect(
      usd("s3.access_logs", { files_per_day: 24_000 }, { log_retention_days: 90 }),
    ).toBeCloseTo(3 * month, 9);
  });
});

test("queries ask the key five times, S3 for twenty reads and two writes, the catalog ten times", () => {
  const hourly = lines({ queries_per_day: 24 });
  expect(hourly["kms.requests"]?.quantity).toBeCloseTo(0.365, 9);
  expect(hourly["s3.requests.read"]?.quantity).toBeCloseTo(14.6, 9);
  expect(hourly["s3.requests.write"]?.quantity).toBeCloseTo(1.46, 9);
  expect(hourly["glue.requests"]?.quantity).toBeCloseTo(0.0073, 9);
});

describe("the look at jobs that run", () => {
  const watched = source({ expected_minutes: 30 });

  test("is a call as often as the function's rule says, whether anything runs or not", () => {
    const calls = (730 * 60) / RUNNING_LOOK_MINUTES;
    expect(lines({}, watched)["lambda.requests"]?.quantity).toBeCloseTo(calls / 1e6, 12);
    expect(lines({})["lambda.requests"]?.quantity).toBe(0);
  });

  test("is a second of 0.25 GB: 8,760 calls are 2,190 GB-seconds", () => {
    expect(usd("lambda.duration", {}, watched)).toBeCloseTo(2190 * 0.0000133334, 9);
  });
});

describe("logs", () => {
  const VPC = { enable_vpc: true };
  const gb = (key: string, more = {}, runs = 24) =>
    lines({ runs_per_day: runs }, more)[key]?.quantity ?? Number.NaN;

  test("are at least those of the driver and the functions, and as many more as there are runs", () => {
    // 730 runs of 2.1 MB.
    expect(gb("logs.ingested")).toBeGreaterThan(1.53);
    expect(gb("logs.ingested", {}, 48)).toBeCloseTo(2 * gb("logs.ingested"), 9);
  });

  test("of a network's flows: 1 MB a run and 1 MB a day, where there is one", () => {
    const flows = (key: string) => gb(key, VPC) - gb(key);
    expect(flows("logs.ingested")).toBeCloseTo((0.025 * 730) / 24, 9);
    // Of what came in 30 days, 15 % in bytes.
    expect(flows("logs.stored")).toBeCloseTo(0.1125, 9);
    expect(usd("logs.ingested", {}, VPC)).toBeCloseTo((0.5 * 0.73) / 24, 9);
    expect(usd("logs.stored", {}, VPC)).toBeCloseTo(0.03 * 0.0045, 9);
  });

  test("are stored for as long as they are kept", () => {
    expect(gb("logs.stored", { log_retention_days: 90 })).toBeCloseTo(3 * gb("logs.stored"), 9);
  });
});

test("tiered files are monitored, each: 0.0025 USD a month for 1,000", () => {
  const variables = variablesSchema.parse({
    raw_intelligent_tiering_days: 10,
    raw_glacier_days: 50,
    workload: { gb_per_day: 1, files_per_day: 1000 },
  });
  const found = storageLines(variables, dayOf(variables), TWELFTH_MONTH).find(
    ({ key }) => key === "s3.tiering.watch",
  );
  // Of each of forty days.
  expect(found?.usd).toBeCloseTo(0.1, 9);
});
