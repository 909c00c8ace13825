/** The kinds of faults, each with what the local AWS is asked for. Pure. */
import type { Names } from "../../src/naming";
import type { Source } from "./files";

/** A call that is refused, or that kills, as `/emulator/faults` takes it. */
export interface FaultRequest {
  /** boto3's name. */
  readonly service: string;
  readonly action: string;
  readonly error?: string;
  readonly kill?: string;
  readonly when?: "before" | "after";
  /** Regular expression for the call's path and body. */
  readonly match?: string;
  readonly times?: number;
  /** Calls that pass first. */
  readonly skip?: number;
}

type Armed = (names: Names, draw: number) => readonly FaultRequest[];

/** More than the SDK tries by itself. */
const FOR_GOOD = 12;
/** Commits that a run makes at least. */
const COMMITS = 3;
/** Fewer: who tries again gets through. */
const AT_FIRST = 2;

/** Calls that are armed at the beginning of a round. */
const CALLS = {
  "Spark killed before a commit": (_, draw) => [{ ...commit(draw), kill: "job_run" }],
  "Spark killed after a commit": (_, draw) => [{ ...commit(draw), kill: "job_run", when: "after" }],
  "Spark killed while it writes": (_, draw) => [
    {
      ...{ service: "s3", action: "PutObject", match: "(processed|quarantine)/" },
      ...{ kill: "job_run", skip: Math.floor(draw * 6) },
    },
  ],
  "trigger killed before StartExecution": (names) => [startExecution(names, "before")],
  "trigger killed after StartExecution": (names) => [startExecution(names, "after")],
  // Before its days wait, before it has registered a waiter, or when it has.
  "trigger killed between its writes": ({ function: { trigger } }, draw) => [
    {
      ...{ service: "dynamodb", action: "UpdateItem", kill: `function:${trigger}` },
      ...{ match: draw < 1 / 3 ? '"ADD pending :days"' : "SET waiter" },
      ...{ when: draw < 2 / 3 ? "before" : "after" },
    },
  ],
  "StartExecution fails": () => [
    {
      ...{ service: "stepfunctions", action: "StartExecution" },
      ...{ error: "ThrottlingException", times: FOR_GOOD },
    },
  ],
  "trigger throttled": ({ function: { trigger } }) => [
    {
      ...{ service: "lambda", action: "Invoke", match: trigger },
      ...{ error: "TooManyRequestsException", times: AT_FIRST },
    },
  ],
  "validate throttled": ({ function: { validate } }) => [
    {
      ...{ service: "lambda", action: "Invoke", match: validate },
      ...{ error: "TooManyRequestsException", times: AT_FIRST },
    },
  ],
  "S3 slows down": () => [
    { service: "s3", action: "GetObject", match: "raw/", error: "SlowDown", times: AT_FIRST },
    { service: "s3", action: "PutObject", match: "processed/", error: "SlowDown", times: AT_FIRST },
    {
      ...{ service: "s3", action: "ListObjectsV2", match: "prefix=raw" },
      ...{ error: "InternalError", times: AT_FIRST },
    },
  ],
  "DynamoDB throttled": (_, draw) => [
    {
      ...{ service: "dynamodb", action: "UpdateItem", skip: Math.floor(draw * 4) },
      ...{ error: "ThrottlingException", times: AT_FIRST },
    },
  ],
  "EMR Serverless throttled": () => [
    {
      ...{ service: "emr-serverless", action: "StartJobRun" },
      ...{ error: "ThrottlingException", times: AT_FIRST },
    },
  ],
  "SNS down": () => [
    { service: "sns", action: "Publish", error: "InternalError", times: 3 * FOR_GOOD },
  ],
  "queue throttled": ({ queue }) => [
    {
      ...{ service: "sqs", action: "SendMessage", match: queue.ingest },
      ...{ error: "ThrottlingException", times: AT_FIRST },
    },
  ],
} satisfies Record<string, Armed>;

/** What is done by hand: to a run that is seen to run, or beside whatever runs. */
const ACTS = ["Spark killed at any moment", "owner of the lock stopped", "crawler busy"] as const;

export type CallFault = keyof typeof CALLS;
export type FaultKind = CallFault | (typeof ACTS)[number];

/** Every kind that these sources can meet. */
export function faultKinds(sources: readonly Source[]): FaultKind[] {
  const crawled = sources.some(({ layout }) => layout === "parquet");
  const kinds: FaultKind[] = [...(Object.keys(CALLS) as CallFault[]), ...ACTS];
  return kinds.filter((kind) => crawled || kind !== "crawler busy");
}

/** What to arm; undefined for a kind that is done by hand. */
export function requestsOf(
  kind: FaultKind,
  names: Names,
  draw: number,
): readonly FaultRequest[] | undefined {
  return kind in CALLS ? (CALLS[kind as CallFault] as Armed)(names, draw) : undefined;
}

/** One of the few of a run on an Iceberg table: staged, published, tidied up. Crawlers commit none. */
function commit(draw: number) {
  const match = "metadata_location";
  return { service: "glue", action: "UpdateTable", match, skip: Math.floor(draw * COMMITS) };
}

function startExecution(names: Names, when: "before" | "after"): FaultRequest {
  const kill = `function:${names.function.trigger}`;
  return { service: "stepfunctions", action: "StartExecution", kill, when };
}
