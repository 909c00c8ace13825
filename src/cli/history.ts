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
  readonly cause: string;
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
  const error = reported.Error ?? details?.error;
  return {
    state: text(reported.state) ?? stateOfFailedWork(events),
    error: text(error) ?? `the execution ${end.type?.replace("Execution", "").toLowerCase()}`,
    cause: causeText(text(reported.Cause) ?? details?.cause),
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
  const entered = events
    .slice(0, failed < 0 ? undefined : failed)
    .findLast((event) => ENTERED.test(event.type ?? ""));
  return entered?.stateEnteredEventDetails?.name;
}

/** The words in a cause: services wrap theirs in JSON, each in its own shape. */
export function causeText(cause: string | undefined): string {
  if (!cause) return "no cause was given";
  const object = parseObject(cause);
  if (object === undefined) return cause.trim();
  const job = object.JobRun as Record<string, unknown> | undefined;
  const words = [
    object.errorMessage, // Lambda
    job?.StateDetails ?? object.StateDetails, // EMR Serverless
    object.ErrorMessage, // Glue
  ].find((text) => typeof text === "string" && text !== "");
  return typeof words === "string" ? words.trim() : JSON.stringify(object, null, 2);
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Keys that an input names at most: the trigger cuts longer lists. */
const NAMED_KEYS = 100;

/** Which of the keys an execution with this input ingests. */
export function ingestedKeys(input: string | undefined, keys: Iterable<string>): string[] {
  const { detail, batch } = (parseObject(input) ?? {}) as {
    detail?: { object?: { key?: unknown } };
    batch?: { keys?: unknown; source?: unknown; partitions?: unknown };
  };
  const named: unknown[] = Array.isArray(batch?.keys) ? batch.keys : [detail?.object?.key];
  const days: unknown[] = Array.isArray(batch?.partitions) ? batch.partitions : [];
  const isCut = named.length >= NAMED_KEYS;
  return [...keys].filter((key) => {
    if (named.includes(key)) return true;
    const [, source, year, month, day] =
      /^raw\/(\w+)\/year=(\d+)\/month=(\d+)\/day=(\d+)\//.exec(key) ?? [];
    return isCut && batch?.source === source && days.includes(`${year}-${month}-${day}`);
  });
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
