/** Turns a batch of queue messages into one execution for each source that they touch. */
import { isData, parseRawKey } from "../shared/batch";
import { type ExecutionInput, type ObjectCreated, objectCreatedSchema } from "./contract";

/** One message of the queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
}

/** Starts one execution. Starting the same name with the same input again must do nothing. */
export type StartExecution = (name: string, input: ExecutionInput) => Promise<void>;

/** Where the handler reports what it decided; one structured line each. */
export type Log = (level: "info" | "error", message: string, fields: object) => void;

export interface TriggerDeps {
  readonly startExecution: StartExecution;
  readonly log: Log;
  readonly now: () => Date;
  /** The invocation's `awsRequestId`. */
  readonly requestId: string;
}

/** Days that one execution ingests at most: keeps its input and the job's arguments small. */
export const MAX_PARTITIONS = 31;
/** Keys that an execution's input names at most: they are for the reader, the days do the work. */
export const MAX_KEYS = 100;
/** Characters of an execution's name at most (Step Functions StartExecution). */
const MAX_NAME = 80;

interface Parsed {
  readonly messageId: string;
  readonly event: ObjectCreated;
  readonly source: string;
  readonly partition: string;
}

/**
 * Starts the executions that the messages ask for.
 * @returns ids of the messages to deliver again: those that are no event or lie outside the
 * layout, until the queue hands them to its dead letters, and those whose execution did not start
 */
export async function trigger(
  messages: readonly QueueMessage[],
  deps: TriggerDeps,
): Promise<string[]> {
  const failed: string[] = [];
  const parsed: Parsed[] = [];
  for (const message of messages) {
    const result = parse(message, deps.log);
    if (result === "invalid") failed.push(message.messageId);
    else if (result !== "ignored") parsed.push(result);
  }
  const groups = batches(parsed);
  const results = await Promise.all(groups.map((group, index) => start(group, index, deps)));
  return [...failed, ...results.flat()];
}

function parse(message: QueueMessage, log: Log): Parsed | "invalid" | "ignored" {
  const { messageId } = message;
  let body: unknown;
  try {
    body = JSON.parse(message.body);
  } catch {
    log("error", "not JSON", { messageId });
    return "invalid";
  }
  const event = objectCreatedSchema.safeParse(body);
  if (!event.success) {
    log("error", "not an S3 Object Created event", { messageId, issues: event.error.issues });
    return "invalid";
  }
  const { key, size } = event.data.detail.object;
  if (!isData(key, size)) {
    log("info", "not data", { messageId, key, size });
    return "ignored";
  }
  const landed = parseRawKey(key);
  if (landed === undefined) {
    log("error", "outside raw/<source>/year=YYYY/month=MM/day=DD/", { messageId, key });
    return "invalid";
  }
  return { messageId, event: event.data, ...landed };
}

/** Groups by bucket and source, at most MAX_PARTITIONS days each, in a stable order. */
function batches(parsed: readonly Parsed[]): Parsed[][] {
  const bySource = new Map<string, Map<string, Parsed[]>>();
  for (const one of parsed) {
    const group = `${one.event.detail.bucket.name} ${one.source}`;
    const days = bySource.get(group) ?? new Map<string, Parsed[]>();
    bySource.set(group, days.set(one.partition, [...(days.get(one.partition) ?? []), one]));
  }
  return [...bySource.values()].flatMap((days) => {
    const sorted = [...days.entries()].sort(([a], [b]) => a.localeCompare(b));
    const groups: Parsed[][] = [];
    for (let i = 0; i < sorted.length; i += MAX_PARTITIONS)
      groups.push(sorted.slice(i, i + MAX_PARTITIONS).flatMap(([, ones]) => ones));
    return groups;
  });
}

async function start(
  group: readonly Parsed[],
  index: number,
  deps: TriggerDeps,
): Promise<string[]> {
  const first = group[0];
  if (first === undefined) return [];
  const name = executionName(deps.requestId, deps.now(), index, first.source);
  const input: ExecutionInput = {
    detail: {
      bucket: { name: first.event.detail.bucket.name },
      object: { key: first.event.detail.object.key },
    },
    batch: {
      source: first.source,
      partitions: [...new Set(group.map((one) => one.partition))].sort(),
      keys: [...new Set(group.map((one) => one.event.detail.object.key))].slice(0, MAX_KEYS),
    },
  };
  try {
    await deps.startExecution(name, input);
    deps.log("info", "started", { name, ...input.batch });
    return [];
  } catch (error) {
    deps.log("error", "could not start", { name, error: String(error) });
    return group.map((one) => one.messageId);
  }
}

/** `etl-<first eight of the request id>-<UTC time>-<index>-<source>`, cut to what AWS takes. */
export function executionName(requestId: string, now: Date, index: number, source: string): string {
  const time = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `etl-${requestId.slice(0, 8)}-${time}-${index}-${source}`.slice(0, MAX_NAME);
}
