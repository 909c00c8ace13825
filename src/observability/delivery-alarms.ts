/** Alarms on the functions, and on the queues that events come through. */
import { type Alarm, onEvent, whileAbove, whileHeldBack } from "./alarm";
import { metricOf } from "./aws-metrics";

export interface DeliveryAlarmsProps {
  /** Name of the environment, for the commands that are to be typed. */
  readonly environment: string;
  /** Names of the functions, by what they are called in lambda/. */
  readonly functionNames: {
    readonly trigger: string;
    readonly validate: string;
    readonly metrics: string;
  };
  readonly queueNames: {
    readonly ingest: string;
    readonly ingestDlq: string;
    readonly eventsDlq: string;
  };
  /** Age at which a message has been dealt with, even where its first delivery failed. */
  readonly oldestMessageSeconds: number;
}

/** What happens while a function fails or is held back. */
const WITHOUT = {
  trigger:
    "No run is started for what a call brought; its events wait in the queue and come again.",
  validate:
    "Runs fail in ValidateInput, before Spark is paid for; an input that it refuses counts too, and is told of as a failed run besides.",
  metrics: "Rows, cost and freshness of some runs are not measured; the data is not touched.",
} as const;

/**
 * Errors that are told of: each, but of `metrics` the third. Lambda calls it twice more, one and two
 * minutes later; three in a time that holds all three attempts are a measurement that is lost.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
const EACH = { words: "", limit: {} } as const;
const TOLD = {
  trigger: EACH,
  validate: EACH,
  metrics: {
    words: " three times in a quarter of an hour",
    limit: { threshold: 2, periodSeconds: 900 },
  },
} as const;

export function deliveryAlarms(props: DeliveryAlarmsProps): Alarm[] {
  const { environment, queueNames: queues, functionNames: functions } = props;
  const names = ["trigger", "validate", "metrics"] as const;
  return [
    ...names.flatMap((name) => functionAlarms(name, functions[name])),
    {
      ...whileAbove(props.oldestMessageSeconds, {
        id: "ingest_age",
        means: `An event has waited for more than ${props.oldestMessageSeconds} s: longer than two deliveries take.`,
        first:
          "is ingestion paused (a lake deploy that was killed), or does the trigger fail? Its log says why.",
        anchor: "events-wait-in-the-queue",
        metric: metricOf("queues", "ApproximateAgeOfOldestMessage", { QueueName: queues.ingest }),
      }),
      // From its third receive on a message that waits is left out of the metric: to be below the
      // threshold again is no sign that it has been dealt with.
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
      tellsEnd: false,
    },
    whileAbove(0, {
      id: "ingest_dead_letters",
      means: "The trigger has given up on an event after five deliveries.",
      first: `npx lake redrive ${environment} --dry-run shows what it is; the trigger's log says why.`,
      anchor: "events-were-given-up",
      metric: visible(queues.ingestDlq),
    }),
    whileAbove(0, {
      id: "events_dead_letters",
      means: "EventBridge could not put an event into the queue.",
      first: `npx lake redrive ${environment} --dry-run shows it; the queue's policy and key say whom they let send.`,
      anchor: "events-were-given-up",
      metric: visible(queues.eventsDlq),
    }),
  ];
}

function functionAlarms(name: keyof typeof WITHOUT, FunctionName: string): Alarm[] {
  return [
    onEvent({
      id: `${name}_errors`,
      means: `The function ${name} has failed${TOLD[name].words}. ${WITHOUT[name]}`,
      ...TOLD[name].limit,
      first: `read its log: aws logs tail /aws/lambda/${FunctionName} --since 30m`,
      anchor: "a-function-fails",
      metric: metricOf("functions", "Errors", { FunctionName }),
    }),
    whileHeldBack({
      id: `${name}_throttles`,
      means: `For a quarter of an hour Lambda has been holding calls of the function ${name} back. ${WITHOUT[name]}`,
      first:
        "see who uses the account's concurrent executions up, and whether the function has a limit of its own.",
      anchor: "a-function-is-throttled",
      metric: metricOf("functions", "Throttles", { FunctionName }),
    }),
  ];
}

function visible(QueueName: string) {
  return metricOf("queues", "ApproximateNumberOfMessagesVisible", { QueueName });
}
