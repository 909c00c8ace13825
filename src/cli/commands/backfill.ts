/** `lake run ENV --source S --from D --to D`: days are ingested again from what lies in raw/. */
import { S3Client } from "@aws-sdk/client-s3";
import type { Environment } from "../../config/environment";
import { Failure } from "../../local/failure";
import { type Scope, withScope } from "../../local/scope";
import {
  type Batch,
  type BatchLake,
  batchSteps,
  type FailedBatch,
  throwFailed,
} from "../backfill/batches";
import { Executions, runName } from "../backfill/executions";
import { type Day, daysToIngest } from "../backfill/listing";
import { type BackfillRecord, type RecordStore, recordOf } from "../backfill/record";
import { WaitingDays } from "../backfill/waiting";
import { batchesOf, common, daysText, distinct, isDate, type Span } from "../days";
import { requireAccount } from "../deploy/account";
import { Follower } from "../follow";
import { runSteps } from "../steps";
import { describedEnvironment, findTarget, type Target } from "../target";
import { bytes, plural, print, say } from "../terminal";
import { sourceFaults } from "../upload";

/** Days of a batch at most: what the trigger gives one run. */
export const MAX_BATCH_DAYS = 31;

/** What was asked for. */
export interface BackfillRequest extends Span {
  readonly source: string;
  readonly batchDays: number;
  /** Forget how far an interrupted one came. */
  readonly restart: boolean;
}

/** The same as it was typed. */
export interface BackfillArguments {
  readonly source: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly batchDays?: string | undefined;
  readonly restart?: boolean | undefined;
  /** What uploads have, and a backfill has not. */
  readonly files: readonly string[];
  readonly date?: string | undefined;
}

/** Ingests the days batch by batch, where an interrupted one of the same days stopped. */
export async function backfill(name: string, given: BackfillArguments): Promise<void> {
  const faults = backfillFaults(await describedEnvironment(name), given);
  if (faults.length > 0)
    throw new Failure(`Nothing was started:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  const { source, from = "", to = "", batchDays, restart = false } = given;
  const request = {
    ...{ source, from, to, restart },
    batchDays: Number(batchDays ?? MAX_BATCH_DAYS),
  };
  const target = await findTarget(name);
  await requireAccount(target);
  const store = recordOf(target, source, request);
  await withScope((scope) => run(target, request, store, scope));
}

/** Everything that is wrong with the request, in words. */
export function backfillFaults(environment: Environment, given: BackfillArguments): string[] {
  const { source, from, to, batchDays, files, date } = given;
  const faults = sourceFaults(environment, source);
  for (const [flag, day] of Object.entries({ from, to }))
    if (day === undefined)
      faults.push(
        `--${flag} is missing: --from and --to go together, the first day and the last (for one day, the same)`,
      );
    else if (!isDate(day))
      faults.push(`--${flag} "${day}" is no day of the calendar. Give one such as 2025-10-09`);
  if (from && to && isDate(from) && isDate(to) && from > to)
    faults.push(`--from ${from} is after --to ${to}. Swap them`);
  if (batchDays !== undefined && !isBatchSize(batchDays))
    faults.push(
      `--batch-days "${batchDays}" is no whole number from 1 to ${MAX_BATCH_DAYS}, the most that one run takes. Leave it out for ${MAX_BATCH_DAYS}`,
    );
  const uploads = [...files, ...(date === undefined ? [] : [`--date ${date}`])];
  if (uploads.length > 0)
    faults.push(
      `${uploads.join(", ")}: --from and --to ingest what lies in raw/, and upload nothing. Give one or the other`,
    );
  return faults;
}

function isBatchSize(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_BATCH_DAYS;
}

async function run(
  target: Target,
  request: BackfillRequest,
  store: RecordStore,
  scope: Scope,
): Promise<void> {
  const { source } = request;
  const earlier = await earlierRecord(store, request);
  let days: Day[] = [];
  await runSteps(
    [
      {
        title: `List the days of ${source}`,
        run: async (step) => {
          days = await daysToIngest(new S3Client(target.client), target.names, source, request);
          step.result(
            `${plural(days.length, "day")} with data, or with rows of data that has gone`,
          );
        },
      },
    ],
    scope,
  );
  const { batches, archived } = plannedBatches(days, request, earlier);
  const record = { startedAt: new Date().toISOString(), done: [], ...earlier } as BackfillRecord;
  const progress = progressOf(record, store);
  const failed: FailedBatch[] = [];
  scope.defer(() => {
    if (scope.signal.aborted) say(goOnText(target, request, progress.now(), batches));
  });
  const lake = await batchLake(target, scope.signal, "backfill");
  await runSteps(batchSteps(batches, lake, failed, progress.news), scope);
  if (failed.length === 0 && archived.length === 0) await store.remove();
  throwFailed(
    failed,
    batches,
    "The other batches stand. Mend the cause and give the same command again: it takes what has failed, and no more.",
  );
  if (archived.length > 0) throw archivedFailure(archived);
  const what = batches.length === 0 ? "no day was left to ingest" : "ingested";
  print(`${source} ${request.from} to ${request.to}: ${what}`);
}

/** How far the same backfill came before; undefined where there was none, or it is to be forgotten. */
async function earlierRecord(
  store: RecordStore,
  { restart }: BackfillRequest,
): Promise<BackfillRecord | undefined> {
  if (restart) {
    await store.remove();
    return undefined;
  }
  const earlier = await store.read();
  if (earlier)
    say(
      `Going on with the backfill of ${earlier.startedAt}: ${plural(earlier.done.length, "day")} done. To begin anew: --restart`,
    );
  return earlier;
}

/** What is left to do: first the batch whose run was under way, then what nobody has begun. */
export function plannedBatches(
  days: readonly Day[],
  { source, batchDays }: Pick<BackfillRequest, "source" | "batchDays">,
  earlier: BackfillRecord | undefined,
): { readonly batches: Batch[]; readonly archived: Day[] } {
  const begun = earlier?.running;
  const over = new Set([...(earlier?.done ?? []), ...(begun?.days ?? [])]);
  const archived = days.filter((day) => day.archived > 0 && !over.has(day.date));
  const left = days.filter((day) => day.archived === 0 && !over.has(day.date));
  const fresh = batchesOf(left, batchDays).map((batch) => ({
    source,
    days: batch.map(({ date }) => date),
    contents: contentsText(batch),
  }));
  const first = begun
    ? [{ source, days: begun.days, run: begun.run, contents: `run ${begun.run}` }]
    : [];
  return { batches: [...first, ...fresh], archived };
}

function contentsText(days: readonly Day[]): string {
  const sum = (field: "files" | "bytes") => days.reduce((total, day) => total + day[field], 0);
  return `${plural(sum("files"), "file")}, ${bytes(sum("bytes"))}`;
}

/** Keeps the record as batches go. */
function progressOf(first: BackfillRecord, store: RecordStore) {
  let record = first;
  const keep = (next: BackfillRecord) => {
    record = next;
    return store.write(next);
  };
  const { startedAt } = first;
  return {
    now: () => record,
    news: {
      starts: ({ days }: Batch, run: string) =>
        keep({ ...record, running: { run, days: [...days] } }),
      done: ({ days }: Batch) => keep({ startedAt, done: distinct([...record.done, ...days]) }),
      failed: () => keep({ startedAt, done: record.done }),
    },
  };
}

/** Starts and follows runs on the environment. */
export async function batchLake(
  target: Target,
  signal: AbortSignal,
  verb: string,
): Promise<BatchLake> {
  const executions = await Executions.create(target);
  const follower = await Follower.create(target);
  const waiting = new WaitingDays(target);
  return {
    nameOf: ({ source, days }) => runName(verb, source, days[0] ?? "", new Date()),
    start: async (run, source, days) => {
      if ((await executions.status(run)) !== undefined) return;
      // First: a command that ends in between leaves days that the source's next run takes.
      await waiting.add(source, days);
      await executions.start(run, source, days);
    },
    follow: (run, news) => follower.followOne(executions.arnOf(run), news, signal),
    waiting: (source) => waiting.of(source),
  };
}

function goOnText(
  target: Target,
  { source, from, to }: BackfillRequest,
  { done, running }: BackfillRecord,
  batches: readonly Batch[],
): string {
  const all = distinct(batches.flatMap(({ days }) => days));
  const lines = [`${common(all, done).length} of ${plural(all.length, "day")} done.`];
  if (running)
    lines.push(`Run ${running.run} goes on by itself: ${source} ${daysText(running.days)}.`);
  lines.push(
    `Go on with: npx lake run ${target.environment.name} --source ${source} --from ${from} --to ${to}`,
  );
  return lines.join("\n");
}

function archivedFailure(archived: readonly Day[]): Failure {
  const files = archived.reduce((total, day) => total + day.archived, 0);
  return new Failure(
    [
      `${daysText(archived.map(({ date }) => date))} was left out: ${plural(files, "file")} in raw/ ${files === 1 ? "is" : "are"} in S3 Glacier, where no job can read ${files === 1 ? "it" : "them"} (raw_glacier_days).`,
      "Restore them (aws s3api restore-object), wait until S3 has done so, and give the same command again.",
    ].join("\n"),
  );
}
