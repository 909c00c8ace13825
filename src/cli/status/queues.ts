/** What waits in the lake's queues, and since when. */
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { queueUrl } from "../redrive/dead-letters";
import type { Target } from "../target";

/** One queue. SQS counts approximately. */
export interface QueueState {
  readonly name: string;
  /** `ingest`: what has landed, on its way to the trigger. The others hold what was given up. */
  readonly role: "ingest" | "dead letters";
  /** False where no queue of that name is deployed. */
  readonly isDeployed: boolean;
  /** Messages that wait. */
  readonly waiting: number;
  /** Messages that a reader has in its hands. */
  readonly inFlight: number;
  /**
   * Seconds that the oldest message has been there, as CloudWatch last measured it. SQS itself does
   * not say; undefined where nothing waits, or where CloudWatch has not measured it yet.
   */
  readonly oldestSeconds?: number | undefined;
}

/** SQS measures each minute, and CloudWatch shows it some minutes later. */
const LOOK_BACK_MS = 10 * 60_000;
const PERIOD_SECONDS = 60;

export async function queuesOf({ client, names }: Target, now: Date): Promise<QueueState[]> {
  const { ingest, ingestDlq, eventsDlq } = names.queue;
  const sqs = new SQSClient(client);
  const all = [ingest, ingestDlq, eventsDlq];
  const counted = await Promise.all(all.map((name) => countsOf(sqs, name)));
  const busy = all.filter(
    (_, at) => (counted[at]?.waiting ?? 0) + (counted[at]?.inFlight ?? 0) > 0,
  );
  // Whoever may read the queues need not be allowed to read metrics.
  const ages = await agesOf(new CloudWatchClient(client), busy, now).catch(() => new Map());
  return all.map((name, at) => ({
    name,
    role: name === ingest ? "ingest" : "dead letters",
    isDeployed: counted[at] !== undefined,
    ...(counted[at] ?? { waiting: 0, inFlight: 0 }),
    ...(ages.has(name) && { oldestSeconds: ages.get(name) }),
  }));
}

async function countsOf(sqs: SQSClient, name: string) {
  const QueueUrl = await queueUrl(sqs, name);
  if (QueueUrl === undefined) return undefined;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}

/**
 * Seconds by queue; of a dead-letter queue it is the longest that a message has been in it. See
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
async function agesOf(
  cloudwatch: CloudWatchClient,
  queues: readonly string[],
  now: Date,
): Promise<Map<string, number>> {
  if (queues.length === 0) return new Map();
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - LOOK_BACK_MS),
      EndTime: now,
      ScanBy: "TimestampDescending",
      MetricDataQueries: queues.map((queue, at) => ({
        Id: `q${at}`,
        MetricStat: {
          Metric: {
            Namespace: "AWS/SQS",
            MetricName: "ApproximateAgeOfOldestMessage",
            Dimensions: [{ Name: "QueueName", Value: queue }],
          },
          Period: PERIOD_SECONDS,
          Stat: "Maximum",
        },
      })),
    }),
  );
  return new Map(
    MetricDataResults.flatMap(({ Id = "", Values: [newest] = [] }) => {
      const queue = queues[Number(Id.slice(1))];
      return queue === undefined || newest === undefined ? [] : [[queue, newest] as const];
    }),
  );
}
