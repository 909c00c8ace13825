/**
 * The metrics that alarms and widgets are made of: what AWS publishes, with the dimensions that it
 * publishes them with, and where it says so. A metric with other dimensions is another metric, and
 * an alarm on it waits for ever.
 */
import { DIMENSIONS, METRICS, NAMESPACE } from "../../lambda/metrics/contract";

const DOCS = "https://docs.aws.amazon.com";

/** One metric, told apart by its dimensions. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Metrics of one namespace that have the same dimensions. */
interface Published {
  readonly namespace: string;
  readonly metrics: readonly string[];
  readonly dimensions: readonly string[];
  /** The page that lists them. */
  readonly source: string;
}

const EMR_SERVERLESS = {
  namespace: "AWS/EMRServerless",
  source: `${DOCS}/emr/latest/EMR-Serverless-UserGuide/app-job-metrics.html`,
} as const;
const APPLICATION = ["ApplicationId", "ApplicationName"] as const;

/** All that are used here; the published ones are more. */
export const PUBLISHED = {
  /**
   * How many are in the state, each minute. What AWS counts of the states that a job ends in
   * (`SuccessJobs`, `FailedJobs`, `CancelledJobs`) its page does not say: taken here to be the jobs
   * that came to it in the minute. Were it all that are in it, `emr_failures` would not end.
   */
  jobs: {
    ...EMR_SERVERLESS,
    metrics: [
      "SubmittedJobs",
      "PendingJobs",
      "ScheduledJobs",
      "RunningJobs",
      "SuccessJobs",
      "FailedJobs",
      "CancelledJobs",
    ],
    dimensions: APPLICATION,
  },
  /** In vCPU and GB. */
  limits: {
    ...EMR_SERVERLESS,
    metrics: ["MaxCPUAllowed", "MaxMemoryAllowed"],
    dimensions: APPLICATION,
  },
  /** In vCPU and GB. */
  workers: {
    ...EMR_SERVERLESS,
    metrics: ["CPUAllocated", "MemoryAllocated"],
    dimensions: [...APPLICATION, "WorkerType", "CapacityAllocationType"],
  },
  executions: {
    namespace: "AWS/States",
    metrics: [
      "ExecutionsStarted",
      "ExecutionsSucceeded",
      "ExecutionsFailed",
      "ExecutionsTimedOut",
      "ExecutionsAborted",
      "ExecutionThrottled",
    ],
    dimensions: ["StateMachineArn"],
    source: `${DOCS}/step-functions/latest/dg/procedure-cw-metrics.html`,
  },
  functions: {
    namespace: "AWS/Lambda",
    metrics: ["Invocations", "Errors", "Throttles"],
    dimensions: ["FunctionName"],
    source: `${DOCS}/lambda/latest/dg/monitoring-metrics-types.html`,
  },
  queues: {
    namespace: "AWS/SQS",
    metrics: ["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"],
    dimensions: ["QueueName"],
    source: `${DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html`,
  },
  /** The lake's own. */
  sources: {
    namespace: NAMESPACE,
    metrics: Object.keys(METRICS) as (keyof typeof METRICS)[],
    dimensions: DIMENSIONS,
    source: "lambda/metrics/contract.ts",
  },
} as const satisfies Record<string, Published>;

type Kind = keyof typeof PUBLISHED;

/** A metric of the table: one that is not there, or with other dimensions, does not compile. */
export function metricOf<K extends Kind>(
  kind: K,
  name: (typeof PUBLISHED)[K]["metrics"][number],
  dimensions: Readonly<Record<(typeof PUBLISHED)[K]["dimensions"][number], string>>,
): Metric {
  return { namespace: PUBLISHED[kind].namespace, name, dimensions };
}

/** Whether AWS, or the lake, publishes such a metric with exactly such dimensions. */
export function isPublished({ namespace, name, dimensions }: Metric): boolean {
  const given = Object.keys(dimensions).sort().join();
  return Object.values<Published>(PUBLISHED).some(
    (one) =>
      one.namespace === namespace &&
      one.metrics.includes(name) &&
      [...one.dimensions].sort().join() === given,
  );
}
