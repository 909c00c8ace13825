/** Dead-letter queues: what lies in them, and sending it back to the queue of landed objects. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { Failure } from "../../local/failure";

/** One dead-letter queue as it was found. */
export interface DeadLetters {
  readonly name: string;
  /** Undefined where no queue of that name is deployed. */
  readonly url: string | undefined;
  /** About how many there are: SQS counts no closer. */
  readonly messages: number;
  /** The first few, in words. */
  readonly samples: readonly string[];
}

/** Messages that one call of SQS takes or gives at most. */
const BATCH = 10;
/** Messages that are shown of a queue at most. */
const SAMPLES = 20;
/** Characters that are shown of a message that is no event. */
const QUOTED = 80;
/** Seconds that a receive waits: it then asks every server of the queue. */
const WAIT_SECONDS = 2;
/** Seconds in which received messages are sent on and deleted, before another reader gets them. */
const HOLD_SECONDS = 120;

/** Looks into a queue. What is looked at is put back at once. */
export async function lookInto(sqs: SQSClient, name: string): Promise<DeadLetters> {
  const url = await queueUrl(sqs, name);
  if (url === undefined) return { name, url, messages: 0, samples: [] };
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  const counted = Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
  const seen = await peek(sqs, url);
  const samples = seen.map(inWords);
  return { name, url, messages: Math.max(counted, seen.length), samples };
}

/**
 * Sends what lies in a dead-letter queue back. Each message is sent before it is deleted: whatever
 * happens in between, it is delivered once more, and that changes nothing in the result.
 * (StartMessageMoveTask takes dead letters of queues only, not those of an EventBridge rule.)
 * @param since messages that came later, such as those that failed again at once, stay
 * @returns how many were sent
 */
export async function sendBack(
  sqs: SQSClient,
  from: string,
  to: string,
  since: Date,
  signal: AbortSignal,
): Promise<number> {
  let sent = 0;
  for (;;) {
    signal.throwIfAborted();
    const received = await receive(sqs, from, HOLD_SECONDS);
    const due = received.filter((message) => sentAt(message) <= since.getTime());
    if (due.length === 0) {
      await putBack(sqs, from, received);
      return sent;
    }
    const Entries = due.map(({ Body }, index) => ({ Id: String(index), MessageBody: Body ?? "" }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: to, Entries }));
    const refused = new Map(Failed.map(({ Id, Message }) => [Number(Id), Message ?? "no reason"]));
    const gone = due.filter((_, index) => !refused.has(index));
    await remove(sqs, from, gone);
    sent += gone.length;
    const [reason] = refused.values();
    if (reason !== undefined) {
      await putBack(
        sqs,
        from,
        received.filter((message) => !gone.includes(message)),
      );
      throw new Failure(
        `SQS took ${sent} messages back and refused the next: ${reason}. It is still in ${from}.`,
      );
    }
  }
}

/** The URL of a queue; undefined where there is none. */
export async function queueUrl(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

/** The object that a message speaks of, and why it could not be delivered, where it says so. */
export function inWords({ Body = "", MessageAttributes = {} }: Message): string {
  const reason = MessageAttributes.ERROR_MESSAGE?.StringValue;
  const because = reason === undefined ? "" : `  (not delivered: ${reason})`;
  try {
    const event = JSON.parse(Body) as { detail?: { object?: { key?: unknown } } };
    const key = event?.detail?.object?.key;
    if (typeof key === "string") return `${printable(key)}${because}`;
  } catch {
    // It is shown as it is.
  }
  return `no event of S3, it will come back: ${printable(Body).slice(0, QUOTED)}${because}`;
}

/** Keys hold what their writers like: nothing of it may steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "?");
}

async function peek(sqs: SQSClient, url: string): Promise<Message[]> {
  const seen: Message[] = [];
  try {
    while (seen.length < SAMPLES) {
      const received = await receive(sqs, url, HOLD_SECONDS);
      if (received.length === 0) break;
      seen.push(...received);
    }
  } finally {
    await putBack(sqs, url, seen);
  }
  return seen.slice(0, SAMPLES);
}

async function receive(sqs: SQSClient, url: string, hold: number): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: BATCH,
      VisibilityTimeout: hold,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ["SentTimestamp"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages;
}

function sentAt({ Attributes }: Message): number {
  return Number(Attributes?.SentTimestamp ?? 0);
}

async function putBack(sqs: SQSClient, url: string, messages: readonly Message[]): Promise<void> {
  for (const Entries of entriesOf(messages))
    await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: Entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
      }),
    );
}

/** What is not deleted comes once more: no reason to stop. */
async function remove(sqs: SQSClient, url: string, messages: readonly Message[]): Promise<void> {
  for (const Entries of entriesOf(messages))
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
}

function entriesOf(messages: readonly Message[]) {
  return Array.from({ length: Math.ceil(messages.length / BATCH) }, (_, batch) =>
    messages
      .slice(batch * BATCH, (batch + 1) * BATCH)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
  );
}
