/** S3: what is stored, by class and age, what is asked of it, and what the lifecycle moves. */
import type { Variables } from "../schema";
import type { Day } from "./day";
import { amount, type Line, line, MONTH_DAYS } from "./line";

/** Days of the first year, over which the month of the estimate is the mean. */
export const YEAR_DAYS = 365;
/** GB of raw data for one of Parquet: the least of what the template promises, 5 to 10. */
export const PARQUET_RATIO = 5;
/** Days that what a run has replaced is kept: a day as a snapshot, three as an old version. */
const REPLACED_DAYS = 4;
/** Intelligent-Tiering moves what nobody reads for so many days. */
const TIERING = { infrequentDays: 30, archiveDays: 90 } as const;
/**
 * No lifecycle moves a smaller object, unless it is told to.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
const LEAST_MOVED_KB = 128;
/** Of each object in GLACIER, S3 keeps 32 KB there and 8 KB in Standard beside it. */
const GLACIER_KB = { glacier: 32, standard: 8 } as const;
const KB_PER_GB = 1024 * 1024;
/** Of one access log's line. https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html has samples of 500 to 600. */
const LOG_LINE_BYTES = 600;

/** Days of the first year that a line is the mean of: all of them, or those of its last month. */
export type Span = readonly [first: number, last: number];
export const FIRST_YEAR: Span = [1, YEAR_DAYS];
export const TWELFTH_MONTH: Span = [YEAR_DAYS - 30 + 1, YEAR_DAYS];
const AT_THE_END: Span = [YEAR_DAYS, YEAR_DAYS];

/**
 * How many days' amounts, aged from `from` to `to` days, are stored: the mean of the span's days.
 * On its tenth day a lake has ten days' amounts, of ages up to ten.
 */
export function daysStored(from: number, to: number, [first, last]: Span): number {
  let sum = 0;
  for (let day = first; day <= last; day += 1)
    sum += Math.max(0, Math.min(day, to) - Math.min(day, from));
  return sum / (last - first + 1);
}

/** Days' amounts that reach this age in a month of the span. */
function daysMoved(age: number, [first, last]: Span): number {
  const reaching = Math.max(0, last - Math.max(age, first - 1));
  return (MONTH_DAYS * reaching) / (last - first + 1);
}

/** Ages, in days, at which raw files change their class; never where they are too small to. */
function movesOf(variables: Variables, day: Day) {
  const { raw_intelligent_tiering_days: tiered, raw_glacier_days: glacier } = variables;
  const kb = day.files === 0 ? 0 : (day.rawGb * KB_PER_GB) / day.files;
  const never = Number.POSITIVE_INFINITY;
  return kb < LEAST_MOVED_KB ? { kb, tiered: never, glacier: never } : { kb, tiered, glacier };
}

/** Ages, in days, between which raw data lies in each class. */
function classesOf(variables: Variables, day: Day) {
  const { tiered, glacier } = movesOf(variables, day);
  const { infrequentDays, archiveDays } = TIERING;
  const until = (age: number) => Math.min(glacier, tiered + age);
  return [
    ["s3Standard", "standard", "Standard", 0, tiered],
    ["s3TieringFrequent", "tiering_frequent", "Intelligent-Tiering", tiered, until(infrequentDays)],
    [
      "s3TieringInfrequent",
      "tiering_infrequent",
      "tiered, unread 30 days",
      until(infrequentDays),
      until(archiveDays),
    ],
    [
      "s3TieringArchiveInstant",
      "tiering_archive",
      "tiered, unread 90 days",
      until(archiveDays),
      glacier,
    ],
    ["s3Glacier", "glacier", "Glacier", glacier, Number.POSITIVE_INFINITY],
  ] as const;
}

/** @param span of the first year, that a month is the mean of */
export function storageLines(variables: Variables, day: Day, span: Span = FIRST_YEAR): Line[] {
  return [
    ...rawLines(variables, day, span),
    ...processedLines(day, span),
    ...lifecycleLines(variables, day, span),
    ...requestLines(variables, day),
  ];
}

function rawLines(variables: Variables, day: Day, span: Span): Line[] {
  return classesOf(variables, day).map(([price, key, item, from, to]) => {
    const [mean, last] = [daysStored(from, to, span), daysStored(from, to, AT_THE_END)];
    return line(
      `s3.raw.${key}`,
      price,
      `raw, ${item}`,
      day.rawGb * mean,
      `${amount(day.rawGb)} GB a day × ${amount(mean)} days: the first year's mean; ${amount(day.rawGb * last)} GB at its end`,
    );
  });
}

function processedLines(day: Day, span: Span): Line[] {
  const [mean, last] = [span, AT_THE_END].map((of) => daysStored(0, YEAR_DAYS, of)) as [
    number,
    number,
  ];
  const parquet = day.rawGb / PARQUET_RATIO;
  const replaced = parquet * (day.rereads - 1) * REPLACED_DAYS;
  return [
    line(
      "s3.processed",
      "s3Standard",
      "processed, Standard",
      parquet * mean,
      `${amount(parquet)} GB of Parquet a day, a ${PARQUET_RATIO}th of raw, × ${amount(mean)} days: the first year's mean; ${amount(parquet * last)} GB at its end`,
    ),
    line(
      "s3.replaced",
      "s3Standard",
      "processed, replaced",
      replaced,
      `each run writes its day anew: ${amount(parquet * (day.rereads - 1))} GB a day, kept ${REPLACED_DAYS} days`,
    ),
  ];
}

/** Moves between classes, and what is paid for an object because it was moved. */
function lifecycleLines(variables: Variables, day: Day, span: Span): Line[] {
  const { kb, tiered, glacier } = movesOf(variables, day);
  const thousands = day.files / 1000;
  const watched = daysStored(tiered, glacier, span);
  const inGlacier = day.files * daysStored(glacier, Number.POSITIVE_INFINITY, span);
  const files = `${amount(day.files)} files a day of ${amount(kb)} KB`;
  const when = (age: number) =>
    kb < LEAST_MOVED_KB ? `; none below ${LEAST_MOVED_KB} KB is moved` : `, from day ${age} on`;
  return [
    line(
      "s3.tiering.watch",
      "s3TieringMonitoring",
      "tiered, monitoring",
      thousands * watched,
      `${files} × ${amount(watched)} days`,
    ),
    line(
      "s3.moves.tiering",
      "s3ToTiering",
      "moves to tiering",
      thousands * daysMoved(tiered, span),
      `${files}${when(tiered)}`,
    ),
    line(
      "s3.moves.glacier",
      "s3ToGlacier",
      "moves to Glacier",
      thousands * daysMoved(glacier, span),
      `${files}${when(glacier)}`,
    ),
    line(
      "s3.glacier.index",
      "s3Glacier",
      "Glacier, beside each object",
      (inGlacier * GLACIER_KB.glacier) / KB_PER_GB,
      `${GLACIER_KB.glacier} KB × ${amount(inGlacier)} objects`,
    ),
    line(
      "s3.glacier.names",
      "s3Standard",
      "Glacier, names in Standard",
      (inGlacier * GLACIER_KB.standard) / KB_PER_GB,
      `${GLACIER_KB.standard} KB × ${amount(inGlacier)} objects`,
    ),
  ];
}

/**
 * Requests by what a run is seen to do: of each file a HEAD, a GET and the validation's share of a
 * listing; some forty writes of a run (table, its metadata, summary, logs) and as many reads.
 * Athena reads a table's metadata and files: twenty reads a query, and writes two objects.
 */
const REQUESTS = { readsPerFile: 3, perRun: 40, readsPerQuery: 20, writesPerQuery: 2 } as const;

function requestLines({ workload, log_retention_days }: Variables, day: Day): Line[] {
  const queries = workload.queries_per_day;
  const reads =
    day.files * day.rereads * REQUESTS.readsPerFile +
    day.runs * REQUESTS.perRun +
    queries * REQUESTS.readsPerQuery;
  const writes = day.files + day.runs * REQUESTS.perRun + queries * REQUESTS.writesPerQuery;
  const logged = ((reads + writes) * LOG_LINE_BYTES) / 1024 ** 3;
  return [
    line(
      "s3.requests.write",
      "s3Put",
      "writes and listings",
      (writes * MONTH_DAYS) / 1000,
      `${amount(writes)} a day: files, ${REQUESTS.perRun} a run, ${REQUESTS.writesPerQuery} a query`,
    ),
    line(
      "s3.requests.read",
      "s3Get",
      "reads",
      (reads * MONTH_DAYS) / 1000,
      `${amount(reads)} a day: ${REQUESTS.readsPerFile} a file and reading run, ${REQUESTS.perRun} a run, ${REQUESTS.readsPerQuery} a query`,
    ),
    line(
      "s3.access_logs",
      "s3Standard",
      "access logs",
      logged * log_retention_days,
      `${amount(reads + writes)} lines of ${LOG_LINE_BYTES} B a day, kept ${log_retention_days} days; S3 delivers them for nothing`,
    ),
  ];
}
