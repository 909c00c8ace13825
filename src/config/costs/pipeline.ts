/** What moves data along: events, queue, functions, state machine, locks, crawler, topic and key. */
import type { Variables } from "../schema";
import type { Day } from "./day";
import { amount, type Line, line, MONTH_DAYS, MONTH_HOURS } from "./line";

/**
 * What one run does when all is well, by layout of its source: states entered, and calls of
 * DynamoDB among them. Counted from the definition by a test, which walks it. Of a crawl this is
 * one look at the crawler; the others follow from its length.
 */
export const PER_RUN = {
  iceberg: { transitions: 23, writes: 8, reads: 3 },
  parquet: { transitions: 27, writes: 8, reads: 3 },
} as const;
/** States of each look at the crawler: wait, ask, judge. */
export const TRANSITIONS_PER_LOOK = 3;

/** Writes of the trigger for each batch: days that wait, and who waits for them. */
const TRIGGER_WRITES = 2;

/** Of the three functions: memory, and seconds that an invocation takes (measured: below one). */
const FUNCTION_GB = 0.25;
const FUNCTION_SECONDS = 1;
/** That the metrics function waits at most for the bill of a job that has ended. */
export const BILL_SECONDS = 120;
/** Events of one invocation at most (src/ingestion/raw-ingestion.ts). */
const BATCH_SIZE = 1000;
/**
 * Messages of one call that receives or deletes. Those of a batch come together, for it has a
 * window to fill.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api.html
 */
const MESSAGES_PER_CALL = 10;
/** Invocations of the metrics function, where some source has `expected_minutes`. */
const WATCH_MINUTES = 5;

/**
 * Lambda asks an idle queue with five pollers, 20 s each.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const IDLE_POLLS = (5 * MONTH_HOURS * 3600) / 20;

/** A crawler works with two DPUs, and ten minutes are billed at least. */
const CRAWL = { dpus: 2, minutes: 10 } as const;

/**
 * Requests to KMS: with bucket keys S3 asks once for many objects; a run's states, its queue
 * message, its item and its logs ask for some. No page gives a number: this is a guess on the high
 * side, and worth cents.
 */
const KEY_REQUESTS = { perRun: 100, perFile: 1, perQuery: 5 } as const;

export function pipelineLines(variables: Variables, day: Day): Line[] {
  return [
    ...machineLines(variables, day),
    ...eventLines(variables, day),
    ...functionLines(variables, day),
    ...crawlLines(variables, day),
    ...keyLines(variables, day),
  ];
}

/** Share of the runs that are of plain sources, each source having as many as the others. */
function crawledShare({ sources }: Variables): number {
  const all = Object.values(sources);
  return all.filter(({ layout }) => layout === "parquet").length / all.length;
}

function machineLines(variables: Variables, day: Day): Line[] {
  const runs = day.runs * MONTH_DAYS;
  const crawled = crawledShare(variables);
  // The crawl is looked at once and then again and again, for two minutes or so.
  const looks = Math.ceil(120 / variables.crawler_poll_seconds) - 1;
  const mean = (key: "transitions" | "writes" | "reads") =>
    PER_RUN.iceberg[key] * (1 - crawled) + PER_RUN.parquet[key] * crawled;
  const transitions = mean("transitions") + crawled * looks * TRANSITIONS_PER_LOOK;
  const writes = mean("writes") + TRIGGER_WRITES;
  return [
    line(
      "states.transitions",
      "transition",
      "transitions",
      (runs * transitions) / 1000,
      `${amount(runs)} runs × ${amount(transitions)} states, when nobody has to wait`,
    ),
    line(
      "dynamodb.writes",
      "dynamoWrite",
      "writes to the table of locks",
      (runs * writes) / 1e6,
      `${amount(runs)} runs × ${amount(writes)}`,
    ),
    line(
      "dynamodb.reads",
      "dynamoRead",
      "reads of the table of locks",
      (runs * mean("reads")) / 1e6,
      `${amount(runs)} runs × ${amount(mean("reads"))}`,
    ),
  ];
}

function eventLines({ alert_emails }: Variables, day: Day): Line[] {
  const [runs, files] = [day.runs * MONTH_DAYS, day.files * MONTH_DAYS];
  const calls = 2 * Math.max(day.runs, day.files / MESSAGES_PER_CALL) * MONTH_DAYS;
  return [
    line(
      "events.objects",
      "optInEvent",
      "events of landed objects",
      files / 1e6,
      `${amount(files)} files`,
    ),
    line(
      "sqs.requests",
      "sqsRequest",
      "ingest queue, requests",
      (IDLE_POLLS + files + calls) / 1e6,
      `${amount(IDLE_POLLS)} looks of Lambda's five pollers, ${amount(files)} sent, ${amount(calls)} calls that receive and delete, ${MESSAGES_PER_CALL} at a time`,
    ),
    line("sns.messages", "snsPublish", "messages", runs / 1e6, `${amount(runs)} runs, one each`),
    line(
      "sns.emails",
      "snsEmail",
      "e-mails",
      (runs * alert_emails.length) / 100_000,
      `${amount(runs)} runs × ${alert_emails.length} addresses`,
    ),
  ];
}

/** Batches of events a day: one for each run, and more where files do not fit one. */
function batchesOf({ runs, files }: Day): number {
  return Math.max(runs, files / BATCH_SIZE);
}

function functionLines(variables: Variables, day: Day): Line[] {
  const isWatched = Object.values(variables.sources).some(
    ({ expected_minutes }) => expected_minutes !== undefined,
  );
  const watches = isWatched ? (MONTH_HOURS * 60) / WATCH_MINUTES : 0;
  const runs = day.runs * MONTH_DAYS;
  const calls = batchesOf(day) * MONTH_DAYS + 2 * runs + watches;
  const basis = `${amount(calls)} calls: trigger, validation and metrics of each run${isWatched ? `, and a look at running jobs every ${WATCH_MINUTES} min` : ""}`;
  return [
    line("lambda.requests", "lambdaRequest", "requests", calls / 1e6, basis),
    line(
      "lambda.duration",
      "lambdaArm",
      "duration",
      (calls * FUNCTION_SECONDS + runs * BILL_SECONDS) * FUNCTION_GB,
      `${basis} × ${FUNCTION_SECONDS} s, and ${amount(runs)} waits of ${BILL_SECONDS} s at most for a job's bill; all × ${FUNCTION_GB} GB`,
    ),
  ];
}

function crawlLines(variables: Variables, day: Day): Line[] {
  const crawls = day.runs * MONTH_DAYS * crawledShare(variables);
  const requests = day.runs * 50 + variables.workload.queries_per_day * 10;
  return [
    line(
      "glue.crawler",
      "crawlerDpu",
      "crawler",
      (crawls * CRAWL.dpus * CRAWL.minutes) / 60,
      crawls === 0
        ? 'no source has layout = "parquet": nothing is crawled'
        : `${amount(crawls)} crawls × ${CRAWL.dpus} DPU × ${CRAWL.minutes} min, the least that is billed`,
    ),
    line(
      "glue.requests",
      "catalogRequest",
      "catalog, requests",
      (requests * MONTH_DAYS) / 1e6,
      `${amount(requests)} a day: 50 a run, 10 a query`,
    ),
  ];
}

function keyLines({ workload }: Variables, day: Day): Line[] {
  const { perRun, perFile, perQuery } = KEY_REQUESTS;
  const requests = day.runs * perRun + day.files * perFile + workload.queries_per_day * perQuery;
  return [
    line(
      "kms.key",
      "kmsKey",
      "the lake's key",
      1,
      "one; its rotation adds 1 USD after the first and after the second year",
    ),
    line(
      "kms.requests",
      "kmsRequest",
      "requests",
      (requests * MONTH_DAYS) / 10_000,
      `${amount(requests)} a day: ${perRun} a run, ${perFile} a file, ${perQuery} a query, a guess on the high side`,
    ),
  ];
}
