/** Clients of the SDK that ask nobody: a test answers each command. */
import type { ListObjectsV2CommandInput } from "@aws-sdk/client-s3";
import { S3Client } from "@aws-sdk/client-s3";
import {
  type Message,
  QueueDoesNotExist,
  type SendMessageBatchCommandInput,
  SQSClient,
} from "@aws-sdk/client-sqs";

type Answer = (input: never) => unknown;

/** The client with `send` answered by the command's name; a command without an answer is an error. */
export function answering<T extends object>(client: T, answers: Record<string, Answer>): T {
  return Object.assign(client, {
    send: async (command: { constructor: { name: string }; input: never }) => {
      const name = command.constructor.name.replace(/Command$/, "");
      const answer = answers[name];
      if (!answer) throw new Error(`${name} was not expected`);
      return answer(command.input);
    },
  });
}

export interface FakeObject {
  readonly size?: number;
  readonly StorageClass?: string;
  readonly RestoreStatus?: object;
}

/** S3 with these objects, by `bucket/key`; three to a page. Every listed key is added to `listed`. */
export function fakeS3(objects: Readonly<Record<string, FakeObject>>, listed: string[] = []) {
  const ListObjectsV2 = (input: ListObjectsV2CommandInput) => {
    const { Bucket, Prefix = "", StartAfter = "", ContinuationToken = "" } = input;
    const keys = Object.keys(objects)
      .filter((path) => path.startsWith(`${Bucket}/${Prefix}`))
      .map((path) => path.slice(`${Bucket}/`.length))
      .filter((key) => key > StartAfter && key > ContinuationToken)
      .sort();
    const page = keys.slice(0, 3);
    listed.push(...page);
    return {
      Contents: page.map((Key) => {
        const { size = 1, ...rest } = objects[`${Bucket}/${Key}`] ?? {};
        return { Key, Size: size, ...rest };
      }),
      IsTruncated: keys.length > page.length,
      NextContinuationToken: keys.length > page.length ? page.at(-1) : undefined,
    };
  };
  return answering(new S3Client({ region: "us-east-1" }), { ListObjectsV2 });
}

/** A message of a fake queue. */
export interface FakeMessage extends Message {
  readonly MessageId: string;
}

export function message(id: string, Body: string, sentAt = 0, error?: string): FakeMessage {
  return {
    MessageId: id,
    ReceiptHandle: id,
    Body,
    Attributes: { SentTimestamp: String(sentAt) },
    ...(error && {
      MessageAttributes: { ERROR_MESSAGE: { DataType: "String", StringValue: error } },
    }),
  };
}

/** What goes wrong. */
export interface SqsTrouble {
  /** Bodies that SendMessageBatch refuses. */
  readonly refuse?: (body: string) => boolean;
  /** Id of a message that is held no longer than until the next call. */
  readonly shortHold?: string;
  /** Is called before each call. */
  readonly before?: (call: string) => void;
}

/** SQS with these queues, by URL; a name's URL is the name. What is received is held until put back. */
export function fakeSqs(
  queues: Record<string, FakeMessage[]>,
  { refuse = () => false, shortHold = "", before = () => {} }: SqsTrouble = {},
) {
  const held = new Set<string>();
  type Entry = { Id: string; ReceiptHandle: string };
  const answers: Record<string, Answer> = {
    GetQueueUrl: ({ QueueName }: { QueueName: string }) => {
      if (queues[QueueName]) return { QueueUrl: QueueName };
      throw new QueueDoesNotExist({ message: "none", $metadata: {} });
    },
    GetQueueAttributes: ({ QueueUrl }: { QueueUrl: string }) => {
      const all = queues[QueueUrl] ?? [];
      const hidden = all.filter(({ MessageId }) => held.has(MessageId)).length;
      return {
        Attributes: {
          ApproximateNumberOfMessages: String(all.length - hidden),
          ApproximateNumberOfMessagesNotVisible: String(hidden),
        },
      };
    },
    ReceiveMessage: (input: { QueueUrl: string; MaxNumberOfMessages: number }) => {
      const free = (queues[input.QueueUrl] ?? []).filter(({ MessageId }) => !held.has(MessageId));
      const Messages = free.slice(0, input.MaxNumberOfMessages);
      for (const { MessageId } of Messages) if (MessageId !== shortHold) held.add(MessageId);
      return { Messages };
    },
    ChangeMessageVisibilityBatch: ({ Entries }: { Entries: Entry[] }) => {
      for (const { ReceiptHandle } of Entries) held.delete(ReceiptHandle);
    },
    DeleteMessageBatch: ({ QueueUrl, Entries }: { QueueUrl: string; Entries: Entry[] }) => {
      const gone = new Set(Entries.map(({ ReceiptHandle }) => ReceiptHandle));
      queues[QueueUrl] = (queues[QueueUrl] ?? []).filter(({ MessageId }) => !gone.has(MessageId));
    },
    SendMessageBatch: ({ QueueUrl = "", Entries = [] }: SendMessageBatchCommandInput) => {
      const Failed: { Id: string | undefined; Message: string }[] = [];
      for (const { Id, MessageBody = "" } of Entries)
        if (refuse(MessageBody)) Failed.push({ Id, Message: "too long" });
        else queues[QueueUrl]?.push(message(`sent-${MessageBody}`, MessageBody));
      return { Failed };
    },
  };
  const calls = Object.entries(answers).map(([name, answer]): [string, Answer] => [
    name,
    (input) => {
      before(name);
      return answer(input);
    },
  ]);
  return answering(new SQSClient({ region: "us-east-1" }), Object.fromEntries(calls));
}
