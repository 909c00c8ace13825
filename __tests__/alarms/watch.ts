/** What alarms do, by CloudWatch's own history, and what reaches the topic. */
import { CloudWatchClient, DescribeAlarmHistoryCommand } from "@aws-sdk/client-cloudwatch";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { DeployedLake } from "../e2e/support/deployed-lake";
import { eventually } from "../e2e/support/pipeline";

const ACCOUNT = "123456789012";
/** Milliseconds that an alarm may take: what it waits for runs on a machine that is busy. */
const PATIENCE_MS = 240_000;

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface Transition {
  readonly at: Date;
  readonly to: AlarmState;
}

/** A message of the topic: JSON of an alarm or of the pipeline, or a budget's text. */
export interface Message {
  readonly subject: string;
  readonly text: string;
}

export async function watchOf(lake: DeployedLake) {
  const settings = {
    endpoint: lake.endpoint,
    region: lake.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const cloudwatch = new CloudWatchClient(settings);
  const sqs = new SQSClient(settings);
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${lake.region}:${ACCOUNT}:${resource}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "test-alarms" }));
  await new SNSClient(settings).send(
    new SubscribeCommand({
      TopicArn: arn("sns", lake.names.topic.alerts),
      Protocol: "sqs",
      Endpoint: arn("sqs", "test-alarms"),
    }),
  );
  const since = new Date();
  const seen: Message[] = [];

  /** All changes of the alarm's state, oldest first. */
  async function transitions(name: string): Promise<Transition[]> {
    const { AlarmHistoryItems = [] } = await cloudwatch.send(
      new DescribeAlarmHistoryCommand({
        AlarmName: name,
        HistoryItemType: "StateUpdate",
        ScanBy: "TimestampAscending",
        MaxRecords: 100,
      }),
    );
    return AlarmHistoryItems.map(({ Timestamp = new Date(0), HistorySummary = "" }) => ({
      at: Timestamp,
      to: HistorySummary.split(" to ").at(-1) as AlarmState,
    }));
  }

  return {
    since,
    transitions,

    /** Resolves when the alarm goes into the state, at or after a moment, with when it did. */
    goes: (name: string, to: AlarmState, since: Date): Promise<Date> =>
      eventually(
        `${name} to go ${to}`,
        async () => (await transitions(name)).find((one) => one.to === to && one.at >= since)?.at,
        PATIENCE_MS,
      ),

    /** Resolves when the alarm is in the state. */
    isIn: (name: string, state: AlarmState): Promise<true> =>
      eventually(
        `${name} to be ${state}`,
        async () => ((await transitions(name)).at(-1)?.to === state ? true : undefined),
        PATIENCE_MS,
      ),

    /** All that has reached the topic since `since`, when this began to listen. */
    async messages(): Promise<readonly Message[]> {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
        );
        if (Messages.length === 0) return seen;
        for (const { Body = "", ReceiptHandle } of Messages) {
          const { Subject, Message } = JSON.parse(Body) as { Subject: string; Message: string };
          seen.push({ subject: Subject, text: Message });
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
  };
}

export type Watch = Awaited<ReturnType<typeof watchOf>>;

/** What an alarm's message says; undefined for a message of somebody else. */
export function alarmMessage({ text }: Message):
  | {
      readonly AlarmName: string;
      readonly AlarmDescription: string;
      readonly NewStateValue: AlarmState;
    }
  | undefined {
  try {
    const parsed = JSON.parse(text);
    return typeof parsed?.AlarmName === "string" ? parsed : undefined;
  } catch {
    return undefined;
  }
}
