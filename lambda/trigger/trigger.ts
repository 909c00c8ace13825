/** Turns a batch of queue messages into at most one execution for each source that they touch. */
import { isData, parseRawKey } from "../shared/batch";
import {
  type ExecutionInput,
  type ObjectEvent,
  type Outcome,
  objectEventSchema,
  type Unfinished,
  unfinishedSchema,
} from "./contract";
import { hasTold, type ReportDeps, reportStrays, reportUnfinished, type Stray } from "./reports";
import { type WaitingDeps, waitFor } from "./waiting";

/** One message of the queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
}

/** Starts one execution. Starting a name that there is must do nothing, whatever its input. */
export type StartExecution = (name: string, input: ExecutionInput) => Promise<void>;

/** Where the handler reports what it decided; one structured line each. */
export type Log = (level: "info" | "error", message: string, fields: object) => void;

export interface TriggerDeps extends WaitingDeps {
  readonly startExecution: StartExecution;
  /** Names of the environment's sources. */
  readonly readSources: () => Promise<readonly string[]>;
  readonly reports: ReportDeps;
  /** How an execution ended. */
  readonly outcomeOf: (executionArn: string) => Promise<Outcome>;
  readonly log: Log;
  readonly now: () => Date;
  /** The invocation's `awsRequestId`. */
  readonly requestId: string;
}

/**
 * Keys that an execution's input names at most, and characters of JSON: they are for the reader,
 * the days do the work, and an input may have 256 KiB.
 */
export const MAX_KEYS = 100;
export const MAX_KEYS_LENGTH = 64 * 1024;
/** Characters of an execution's name at most (Step Functions StartExecution). */
const MAX_NAME = 80;

interface Landed {
  readonly kind: "landed";
  readonly messageId: string;
  readonly event: ObjectEvent;
  readonly source: string;
  readonly partition: string;
}
type Parsed =
  | Landed
  | ({ readonly kind: "stray" } & Stray)
  | { readonly kind: "unfinished"; readonly messageId: string; readonly run: Unfinished }
  | { readonly kind: "ignored" | "invalid"; readonly messageId: string };

/** A message that something outside kept from being dealt with. */
interface Again {
  readonly messageId: string;
  readonly reason: string;
}

/**
 * Starts the executions that the messages ask for, and tells of what nobody will ingest.
 * @returns ids of the messages to deliver again: those that are no event, until the queue hands
 * them to its dead letters, and those that something outside kept from being dealt with
 * @throws where it kept all of them: the queue delivers them again just so, but Lambda counts an
 * error, and somebody is told
 */
export async function trigger(
  messages: readonly QueueMessage[],
  deps: TriggerDeps,
): Promise<string[]> {
  if (messages.length === 0) return [];
  const sources = await deps.readSources();
  const parsed = messages.map((message) => parse(message, sources, deps.log));
  const strays = parsed.filter((one) => one.kind === "stray");
  const results = await Promise.all([
    ...bySource(parsed.filter((one) => one.kind === "landed")).map((group, index) =>
      orAgain(group, "could not start", deps, () => start(group, index, deps)),
    ),
    orAgain(strays, "could not report", deps, () => reportStrays(strays, deps.reports)),
    ...parsed
      .filter((one) => one.kind === "unfinished")
      .map((one) =>
        orAgain([one], "could not report", deps, () => tellOf(one.messageId, one.run, deps)),
      ),
  ]);
  const invalid = parsed.filter((one) => one.kind === "invalid").map((one) => one.messageId);
  const again = results.flat();
  if (again.length > 0 && again.length + invalid.length === messages.length)
    throw new Error(nothingDone(messages.length, again));
  return [...invalid, ...again.map(({ messageId }) => messageId)];
}

function nothingDone(messages: number, again: readonly Again[]): string {
  const reasons = [...new Set(again.map(({ reason }) => reason))].join("; ");
  return `not one of ${messages} messages could be dealt with, and all will be delivered again: ${reasons}; expected Step Functions, the table of locks, the topic and their key to be in reach and to let the function in`;
}

/** The messages, each with the reason, where it fails. */
async function orAgain(
  messages: readonly { readonly messageId: string }[],
  what: string,
  { log }: TriggerDeps,
  act: () => Promise<void>,
): Promise<Again[]> {
  try {
    await act();
    return [];
  } catch (error) {
    log("error", what, { messages: messages.length, error: String(error) });
    return messages.map(({ messageId }) => ({ messageId, reason: `${what}: ${error}` }));
  }
}

function parse(message: QueueMessage, sources: readonly string[], log: Log): Parsed {
  const { messageId } = message;
  let body: unknown;
  try {
    body = JSON.parse(message.body);
  } catch {
    log("error", "not JSON", { messageId });
    return { kind: "invalid", messageId };
  }
  const unfinished = unfinishedSchema.safeParse(body);
  if (unfinished.success) {
    return { kind: "unfinished", messageId, run: unfinished.data.detail };
  }
  const event = objectEventSchema.safeParse(body);
  if (!event.success) {
    log("error", "not an event of an S3 object", { messageId, issues: event.error.issues });
    return { kind: "invalid", messageId };
  }
  return locate(messageId, event.data, sources, log);
}

/** Whether the run has told already, its error says: of an encrypted run the event may lack it. */
async function tellOf(messageId: string, run: Unfinished, deps: TriggerDeps): Promise<void> {
  const said = run.status !== "FAILED" || typeof run.error === "string";
  const ended = said ? run : { ...run, ...(await deps.outcomeOf(run.executionArn)) };
  if (!hasTold(ended)) await reportUnfinished(messageId, ended, deps.reports);
}

function locate(
  messageId: string,
  event: ObjectEvent,
  sources: readonly string[],
  log: Log,
): Parsed {
  const { bucket, object } = event.detail;
  const { key, size } = object;
  if (!isData(key, size)) {
    log("info", "not data", { messageId, key, size });
    return { kind: "ignored", messageId };
  }
  const landed = parseRawKey(key);
  if (landed && sources.includes(landed.source))
    return { kind: "landed", messageId, event, ...landed };
  const reason = landed
    ? `no source "${landed.source}"`
    : "outside raw/<source>/year=YYYY/month=MM/day=DD/";
  log("error", reason, { messageId, key });
  // What is gone needs nobody's help.
  if (event["detail-type"] === "Object Deleted") return { kind: "ignored", messageId };
  return { kind: "stray", messageId, subject: `${bucket.name}/${key}`, key, reason };
}

function bySource(landed: readonly Landed[]): Landed[][] {
  const groups = new Map<string, Landed[]>();
  for (const one of landed) groups.set(one.source, [...(groups.get(one.source) ?? []), one]);
  return [...groups.values()];
}

async function start(group: readonly Landed[], index: number, deps: TriggerDeps): Promise<void> {
  const first = group[0];
  if (first === undefined) return;
  const { source } = first;
  const partitions = [...new Set(group.map((one) => one.partition))].sort();
  const own = executionName(deps.requestId, deps.now(), index, source);
  const name = await waitFor(source, partitions, own, deps);
  if (name === undefined) {
    deps.log("info", "joined a run that waits", { source, partitions });
    return;
  }
  const input: ExecutionInput = {
    detail: {
      bucket: { name: first.event.detail.bucket.name },
      object: { key: first.event.detail.object.key },
    },
    batch: {
      source,
      partitions,
      pending: true,
      keys: named(group.map((one) => one.event.detail.object.key)),
    },
  };
  // Where this fails the name stays registered: the next event of the source starts it.
  await deps.startExecution(name, input);
  deps.log("info", "started", { name, ...input.batch });
}

/** The first of the keys, each once. */
function named(keys: readonly string[]): string[] {
  const unique = [...new Set(keys)].slice(0, MAX_KEYS);
  let length = 0;
  return unique.filter((key) => {
    length += JSON.stringify(key).length;
    return length <= MAX_KEYS_LENGTH;
  });
}

/** `etl-<first eight of the request id>-<UTC time>-<index>-<source>`, cut to what AWS takes. */
export function executionName(requestId: string, now: Date, index: number, source: string): string {
  const time = now.toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `etl-${requestId.slice(0, 8)}-${time}-${index}-${source}`.slice(0, MAX_NAME);
}
