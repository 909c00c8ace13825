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
import { objectEventSchema, unfinishedSchema } from "../../../lambda/trigger/contract";
import { Failure } from "../../local/failure";
import { plural } from "../terminal";
import { visible } from "../visible";

/** One dead-letter queue as it was found. */
export interface DeadLetters {
  readonly name: string;
  /** Undefined where no queue of that name is deployed. */
  readonly url: string | undefined;
  /** About how many there are: SQS counts no closer. */
  readonly messages: number;
  /** The first few, in words. */
  readonly samples: readonly string[];
  /** How many of the first few the trigger would refuse again. */
  readonly refused: number;
}

/** Messages that one call of SQS takes or gives at most. */
const BATCH = 10;
/** Bytes of one call, its messages together (SQS; it has become more since in some regions). */
const BATCH_BYTES = 256 * 1024;
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
  if (url === undefined) return { name, url, messages: 0, samples: [], refused: 0 };
  const counted = await count(sqs, url);
  const seen = await peek(sqs, url);
  return {
    ...{ name, url, messages: Math.max(counted, seen.length), samples: seen.map(inWords) },
    refused: seen.filter((message) => !isEvent(message)).length,
  };
}

async function count(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
}

/** What came of sending a queue's messages back. */
export interface SentBack {
  readonly sent: number;
  /** Messages that the trigger would refuse again: they were not sent. */
  readonly refused: number;
  /** About how many others are there: they came later, or another reader has them. */
  readonly others: number;
}

/** One sending back. */
export interface SendBackRequest {
  readonly from: string;
  readonly to: string;
  /** Messages that came later, such as those that failed again at once, stay. */
  readonly since: Date;
  readonly signal: AbortSignal;
  /** Is told how many have been sent so far. */
  readonly progress?: (sent: number) => void;
}

/**
 * Sends what lies in a dead-letter queue back, but for what the trigger could make nothing of: that
 * would go round and round. Each message is sent before it is deleted: whatever happens in between,
 * it is delivered once more, and that changes nothing in the result. What stays is held until the
 * end, so that each is seen once.
 * (StartMessageMoveTask takes dead letters of queues only, not those of an EventBridge rule.)
 */
export async function sendBack(sqs: SQSClient, request: SendBackRequest): Promise<SentBack> {
  const { from, to, since, signal } = request;
  const staying = new Map<string, Message>();
  let sent = 0;
  try {
    for (;;) {
      signal.throwIfAborted();
      const received = await receive(sqs, from, HOLD_SECONDS);
      // Its hold has run out, and it came again: all others have been seen.
      const isOver = received.every(({ MessageId = "" }) => staying.has(MessageId));
      const due = received.filter((one) => isEvent(one) && sentAt(one) <= since.getTime());
      for (const one of received) if (!due.includes(one)) staying.set(one.MessageId ?? "", one);
      if (isOver) break;
      if (due.length === 0) continue;
      for (const one of due) staying.set(one.MessageId ?? "", one);
      const { gone, reason } = await send(sqs, to, due);
      await remove(sqs, from, gone);
      for (const one of gone) staying.delete(one.MessageId ?? "");
      sent += gone.length;
      request.progress?.(sent);
      if (reason !== undefined)
        throw new Failure(
          `SQS took ${plural(sent, "message")} back and refused the next: ${reason}. It is still in ${from}.`,
        );
    }
  } finally {
    await putBack(sqs, from, [...staying.values()]);
  }
  const refused = [...staying.values()].filter((one) => !isEvent(one)).length;
  return { sent, refused, others: Math.max(0, (await count(sqs, from)) - refused) };
}

async function send(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]) {
  const size = messages.reduce((sum, { Body = "" }) => sum + Buffer.byteLength(Body), 0);
  const groups = size <= BATCH_BYTES ? [messages] : messages.map((one) => [one]);
  const gone: Message[] = [];
  for (const group of groups) {
    const Entries = group.map(({ Body = "" }, index) => ({ Id: `${index}`, MessageBody: Body }));
    const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const refused = new Set(Failed.map(({ Id }) => Number(Id)));
    gone.push(...group.filter((_, index) => !refused.has(index)));
    const [first] = Failed;
    if (first) return { gone, reason: first.Message ?? first.Code ?? "no reason" };
  }
  return { gone, reason: undefined };
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

/** What a message speaks of, and why it could not be delivered, where it says so. */
export function inWords(message: Message): string {
  const { Body = "", MessageAttributes = {} } = message;
  const reason = MessageAttributes.ERROR_MESSAGE?.StringValue;
  const because = reason === undefined ? "" : `  (not delivered: ${reason})`;
  const subject = subjectOf(message);
  if (subject !== undefined) return `${visible(subject)}${because}`;
  return `no event, it stays here: ${visible(Body).slice(0, QUOTED)}${because}`;
}

/** Whether the trigger can deal with it. */
function isEvent(message: Message): boolean {
  return subjectOf(message) !== undefined;
}

/** The object, or the run; undefined where the trigger would refuse the message once more. */
function subjectOf({ Body = "" }: Message): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(Body);
  } catch {
    return undefined;
  }
  const run = unfinishedSchema.safeParse(body);
  if (run.success) return `run ${run.data.detail.name}: ${run.data.detail.status}`;
  return objectEventSchema.safeParse(body).data?.detail.object.key;
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
