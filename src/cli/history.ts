/** What the history of an execution says: states, how long they took, what failed. Pure. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";

/** One stay in one state. */
export interface Visit {
  readonly state: string;
  /** `Task`, `Choice`, `Wait`, `Pass`, … */
  readonly kind: string;
  /** Milliseconds since the epoch. */
  readonly enteredAt: number;
  /** Undefined while the execution is in it. */
  readonly leftAt?: number | undefined;
}

/** Why an execution ended badly. */
export interface ExecutionFailure {
  /** State that failed first, where the history says it. */
  readonly state?: string | undefined;
  readonly error: string;
  /** Readable words. */
  readonly cause: string;
  /** What the service sent. */
  readonly rawCause: string | undefined;
}

const ENTERED = /^(\w+)StateEntered$/;
const EXITED = /^\w+StateExited$/;
const ENDED_BADLY = /^Execution(Failed|TimedOut|Aborted)$/;
const WORK_FAILED = /^(Task|LambdaFunction|Activity|MapState|ParallelState)\w*(Failed|TimedOut)$/;

/** The visits in their order. A state that was left by a Catch has ended when the next began. */
export function visitsOf(events: readonly HistoryEvent[]): Visit[] {
  const visits: { -readonly [K in keyof Visit]: Visit[K] }[] = [];
  for (const event of events) {
    const at = event.timestamp?.getTime() ?? 0;
    const last = visits.at(-1);
    const kind = ENTERED.exec(event.type ?? "")?.[1];
    const ends = EXITED.test(event.type ?? "") || ENDED_BADLY.test(event.type ?? "");
    if (last && last.leftAt === undefined && (kind !== undefined || ends)) last.leftAt = at;
    if (kind !== undefined)
      visits.push({ state: event.stateEnteredEventDetails?.name ?? "?", kind, enteredAt: at });
  }
  return visits;
}

/** The failure that ended the execution; undefined while it runs or where it succeeded. */
export function failureOf(events: readonly HistoryEvent[]): ExecutionFailure | undefined {
  const end = events.find((event) => ENDED_BADLY.test(event.type ?? ""));
  if (!end) return undefined;
  const details =
    end.executionFailedEventDetails ??
    end.executionTimedOutEventDetails ??
    end.executionAbortedEventDetails;
  const reported = reportedFailure(events);
  const error = reported.error ?? details?.error;
  const cause = text(reported.cause) ?? details?.cause;
  return {
    state:
      text(reported.state) ??
      (end.type === "ExecutionFailed" ? stateOfFailedWork(events) : lastEntered(events)),
    error: text(error) ?? `the execution ${end.type?.replace("Execution", "").toLowerCase()}`,
    cause: causeText(cause),
    rawCause: cause,
  };
}

/** The definition hands the first failure on to its last state: what it caught, and where. */
function reportedFailure(events: readonly HistoryEvent[]): Record<string, unknown> {
  const last = events.findLast((event) => ENTERED.test(event.type ?? ""));
  const failure = parseObject(last?.stateEnteredEventDetails?.input)?.failure;
  return typeof failure === "object" && failure !== null
    ? (failure as Record<string, unknown>)
    : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function stateOfFailedWork(events: readonly HistoryEvent[]): string | undefined {
  const failed = events.findLastIndex((event) => WORK_FAILED.test(event.type ?? ""));
  return lastEntered(events.slice(0, failed < 0 ? undefined : failed));
}

/** Where it was: what failed before may have been tried again since. */
function lastEntered(events: readonly HistoryEvent[]): string | undefined {
  const entered = events.findLast((event) => ENTERED.test(event.type ?? ""));
  return entered?.stateEnteredEventDetails?.name;
}

/** The words in a cause: services wrap theirs in JSON, each in its own shape. */
export function causeText(cause: string | undefined): string {
  if (!cause) return "no cause was given";
  const { lead, object } = wrapped(cause);
  if (object === undefined) return cause.trim();
  const job = object.JobRun as Record<string, unknown> | undefined;
  const words =
    text(object.errorMessage) ?? // Lambda
    text(job?.StateDetails ?? object.StateDetails) ?? // EMR Serverless
    text(object.ErrorMessage) ?? // Glue
    JSON.stringify(object, null, 2);
  return `${lead}${words.trim()}`;
}

/** Where the driver of a failed Spark job logged: its folder in S3; undefined for other causes. */
export function jobLogFolder(cause: string | undefined): string | undefined {
  const outer = wrapped(cause).object;
  const job = (outer?.JobRun ?? outer) as
    | {
        ApplicationId?: unknown;
        JobRunId?: unknown;
        ConfigurationOverrides?: {
          MonitoringConfiguration?: { S3MonitoringConfiguration?: { LogUri?: unknown } };
        };
      }
    | undefined;
  const uri = text(
    job?.ConfigurationOverrides?.MonitoringConfiguration?.S3MonitoringConfiguration?.LogUri,
  );
  const application = text(job?.ApplicationId);
  const run = text(job?.JobRunId);
  if (!uri || !application || !run) return undefined;
  return `${uri.replace(/\/$/, "")}/applications/${application}/jobs/${run}/SPARK_DRIVER`;
}

/** The lines of a Spark driver's log that say why it failed, the last ones first cut. */
export function failureLines(log: string): string[] {
  const lines = log.split("\n").filter((line) => !/^\S+ \S+ (INFO|DEBUG|WARN) /.test(line));
  return lines
    .filter((line) => /error|exception|traceback|caused by/i.test(line))
    .map((line) => line.trim())
    .slice(-MAX_LOG_LINES);
}

/** Lines of a log that are quoted. */
const MAX_LOG_LINES = 8;

/** A cause may be an error's name, a colon, and then the service's JSON. */
export function wrapped(cause: string | undefined) {
  const start = cause?.indexOf("{") ?? -1;
  const object = start < 0 ? undefined : parseObject(cause?.slice(start));
  return { object, lead: object && start > 0 ? (cause?.slice(0, start) ?? "") : "" };
}

function parseObject(json: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json ?? "");
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Days that an execution has taken from those that wait, and the moment after which it had. */
export interface Taken {
  /** ISO dates. */
  readonly days: readonly string[];
  /** Milliseconds since the epoch. What lies in raw/ then is found: files are listed later. */
  readonly at: number;
}

/** Undefined while it has taken none. */
export function takenOf(events: readonly HistoryEvent[]): Taken | undefined {
  const entered = events.findIndex(
    ({ type, stateEnteredEventDetails: details }) =>
      ENTERED.test(type ?? "") && details?.name === "TakePending",
  );
  if (entered < 0) return undefined;
  // A write that failed may have been made all the same: however it is left, the days are its own.
  const left = events
    .slice(entered + 1)
    .find(({ type = "" }) => ENTERED.test(type) || EXITED.test(type) || ENDED_BADLY.test(type));
  if (left === undefined) return undefined;
  const input = parseObject(events[entered]?.stateEnteredEventDetails?.input);
  const { days } = (input?.taken ?? {}) as { days?: unknown };
  return {
    days: Array.isArray(days) ? days.filter((day) => typeof day === "string") : [],
    at: left.timestamp?.getTime() ?? 0,
  };
}

/** Days in the data that an execution carries from state to state; undefined before it has taken any. */
export function takenDaysOf(events: readonly HistoryEvent[]): readonly string[] | undefined {
  const entered = events.findLast(({ type = "" }) => ENTERED.test(type));
  const input = parseObject(entered?.stateEnteredEventDetails?.input);
  const { days } = (input?.taken ?? {}) as { days?: unknown };
  return Array.isArray(days) ? days.filter((day) => typeof day === "string") : undefined;
}

/** Name of the execution that holds what this one waits for, as far as it has looked. */
export function lockOwnerOf(events: readonly HistoryEvent[]): string | undefined {
  const entered = events.findLast(({ type = "" }) => ENTERED.test(type));
  const input = parseObject(entered?.stateEnteredEventDetails?.input) ?? {};
  // The slot is taken after the lock.
  const lock = (input.runSlot ?? input.sourceLock ?? {}) as { owner?: unknown };
  return text(lock.owner)?.split(":").at(-1);
}

/** The source that an execution with this input is for; undefined where it says none. */
export function sourceOf(input: string | undefined): string | undefined {
  const { detail, batch } = (parseObject(input) ?? {}) as {
    detail?: { object?: { key?: unknown } };
    batch?: { source?: unknown };
  };
  return text(batch?.source) ?? /^raw\/(\w+)\//.exec(text(detail?.object?.key) ?? "")?.[1];
}

/** One line for each state that was entered again and again, such as a wait. */
export function repeatedStates(visits: readonly Visit[]): string[] {
  const byState = new Map<string, Visit[]>();
  for (const visit of visits)
    byState.set(visit.state, [...(byState.get(visit.state) ?? []), visit]);
  return [...byState.entries()]
    .filter(([, times]) => times.length > 1 && times[0]?.kind !== "Choice")
    .map(([state, times]) => {
      const sum = times.reduce((total, v) => total + ((v.leftAt ?? v.enteredAt) - v.enteredAt), 0);
      return `${state}: ${times.length} times, ${(sum / 1000).toFixed(1)} s in all`;
    });
}
