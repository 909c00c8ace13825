/** Batches of days, run one after the other: each to its end, whatever came of those before. */
import { Failure } from "../../local/failure";
import { common, daysText } from "../days";
import type { FollowedRun, FollowNews } from "../follow";
import type { Step } from "../steps";
import { count, plural } from "../terminal";
import type { Waiting } from "./waiting";

/** Days of one source that one run is to ingest. */
export interface Batch {
  readonly source: string;
  readonly days: readonly string[];
  /** What it holds, for the reader. */
  readonly contents?: string;
  /** The run that was started for it already. */
  readonly run?: string;
}

/** What running batches needs of the lake. */
export interface BatchLake {
  /** A name for a run that is not yet started. */
  nameOf(batch: Batch): string;
  /** Has the days wait, and starts a run for them unless there is one of that name. */
  start(name: string, source: string, days: readonly string[]): Promise<void>;
  /** Resolves when it has succeeded; rejects with a Failure when it has failed. */
  follow(name: string, news: FollowNews): Promise<FollowedRun>;
  waiting(source: string): Promise<Waiting>;
}

/** What is told as batches go. */
export interface BatchNews {
  /** A run is about to be started. */
  starts?(batch: Batch, run: string): Promise<void>;
  done?(batch: Batch): Promise<void>;
  failed?(batch: Batch): Promise<void>;
}

/** A batch that failed, and why. */
export interface FailedBatch {
  readonly batch: Batch;
  readonly failure: Failure;
}

/** Runs for one batch at most: others' runs may take its days, leave some or fail on them. */
const ROUNDS = 10;

/** One step a batch. What fails is added to `failed`, and the next batch goes on. */
export function batchSteps(
  batches: readonly Batch[],
  lake: BatchLake,
  failed: FailedBatch[],
  news: BatchNews = {},
): Step[] {
  return batches.map((batch, index) => ({
    title: `Batch ${index + 1} of ${batches.length}: ${batch.source} ${daysText(batch.days)}${batch.contents ? `, ${batch.contents}` : ""}`,
    run: async (step) => {
      try {
        step.result(rowsText(await runBatch(batch, lake, step, news)));
        await news.done?.(batch);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failed.push({ batch, failure: error });
        step.result(`FAILED: ${error.message}`);
        await news.failed?.(batch);
      }
    },
  }));
}

/**
 * Runs one batch until none of its days waits, is being taken or has failed. Where several runs
 * wait for a source, one takes the days of all: another's run may be the one that ingests ours.
 * @throws Failure when a run fails, or when days are left after a few
 */
async function runBatch(
  batch: Batch,
  lake: BatchLake,
  step: FollowNews,
  news: BatchNews,
): Promise<FollowedRun[]> {
  const runs: FollowedRun[] = [];
  let left = batch.days;
  for (let round = 1; left.length > 0; round += 1) {
    if (round > ROUNDS)
      throw new Failure(
        `after ${plural(ROUNDS, "run")}, ${daysText(left)} still waits or has failed in another's run`,
      );
    const now = { ...batch, days: left };
    const name = (round === 1 ? batch.run : undefined) ?? lake.nameOf(now);
    await news.starts?.(now, name);
    await lake.start(name, batch.source, left);
    // The states come and go as what it is at; lines that stay would bury the batches.
    runs.push(await lake.follow(name, { now: (text) => step.now(text), note: () => {} }));
    const { pending, taking, failed } = await lake.waiting(batch.source);
    left = common(batch.days, [...pending, ...taking, ...failed]);
  }
  return runs;
}

function rowsText(runs: readonly FollowedRun[]): string {
  const summaries = runs.flatMap(({ summary }) => summary ?? []);
  if (summaries.length === 0) return "nothing was left to ingest";
  const sum = (field: "rows_written" | "rows_quarantined") =>
    summaries.reduce((total, summary) => total + summary[field], 0);
  return `${plural(sum("rows_written"), "row")} written, ${count(sum("rows_quarantined"))} in quarantine`;
}

/**
 * @param remedy what to do about them
 * @throws Failure that names every failed batch, with what its run said
 */
export function throwFailed(
  failed: readonly FailedBatch[],
  batches: readonly Batch[],
  remedy: string,
): void {
  if (failed.length === 0) return;
  const lines = failed.map(({ batch, failure }) => {
    const { cause } = failure.details;
    const text = `${batch.source} ${daysText(batch.days)}: ${failure.message}`;
    return `  ${[text, ...(cause ? [cause.replace(/^/gm, "    | ")] : [])].join("\n")}`;
  });
  throw new Failure(
    [
      `${failed.length} of ${batches.length === 1 ? "1 batch" : `${batches.length} batches`} failed:`,
      ...lines,
      remedy,
    ].join("\n"),
  );
}
