/** The trigger at work on messages as EventBridge writes them, over a lake in memory. */
import type { ExecutionInput } from "../../../../lambda/trigger/contract";
import { type QueueMessage, trigger } from "../../../../lambda/trigger/trigger";
import { fakeLake } from "./fake-lake";

export const REQUEST_ID = "5f3c9a10-77aa-4e0e-9f00-3b9d8c6a1b2c";
/** Of another invocation. */
export const LATER = "6a4d0b21-77aa-4e0e-9f00-3b9d8c6a1b2c";

/** What EventBridge puts into the queue for one object. */
export function message(
  key: string,
  { size = 10, bucket = "landing", id = key, type = "Object Created" } = {},
): QueueMessage {
  return {
    messageId: id,
    body: JSON.stringify({
      version: "0",
      "detail-type": type,
      source: "aws.s3",
      detail: { bucket: { name: bucket }, object: { key, size, etag: "e" } },
    }),
  };
}

export const key = (source: string, date: string, file = "a.json") => {
  const [year, month, day] = date.split("-");
  return `raw/${source}/year=${year}/month=${month}/day=${day}/${file}`;
};

/** Runs the trigger and tells what it started, what comes again, what it said and threw. */
export async function run(
  messages: QueueMessage[],
  refuse: (input: ExecutionInput) => boolean = () => false,
  lake = fakeLake(),
  requestId = REQUEST_ID,
) {
  const started: { name: string; input: ExecutionInput }[] = [];
  const lines: { level: string; message: string; fields: object }[] = [];
  let error: Error | undefined;
  const failed = await trigger(messages, {
    ...lake.deps,
    requestId,
    log: (level, text, fields) => lines.push({ level, message: text, fields }),
    startExecution: async (name, input) => {
      if (refuse(input)) throw new Error("ThrottlingException");
      started.push({ name, input });
      lake.states.set(name, "RUNNING");
    },
  }).catch((thrown: Error) => {
    error = thrown;
    // As the queue does with a call that has failed.
    return messages.map(({ messageId }) => messageId);
  });
  return { started, failed, lines, error };
}
