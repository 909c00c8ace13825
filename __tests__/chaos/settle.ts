/** Waits until a lake has nothing left to do, and brings back what ended in failure. */
import { eventually } from "../e2e/support/pipeline";
import type { Control } from "./control";
import type { Execution, ObservedLake, Waiting } from "./observed-lake";

/** Milliseconds that a busy lake may take until it is quiet. */
const PATIENCE_MS = 15 * 60_000;
/** Looks in a row that must find nothing: what is between two places is seen by the next. */
const CALM_LOOKS = 4;
/** What a failure leads to may fail in its turn; without faults this comes to an end. */
const MOST_REDRIVES = 6;

export interface Settled {
  /** Times that something had to be sent back by hand. */
  readonly redrives: number;
  /** Messages that were in dead-letter queues. */
  readonly deadLetters: number;
  /** Runs that a redrive started. */
  readonly restarted: number;
  /** Days that a redrive found waiting though no run was to come, or taken by a run that is over. */
  readonly untaken: number;
  readonly abandoned: number;
}

/** Call it when no fault is armed any more. */
export async function settle(
  lake: ObservedLake,
  control: Control,
  redriven: Set<string>,
  say: (line: string) => void,
): Promise<Settled> {
  let [deadLetters, restarted, untaken, abandoned] = [0, 0, 0, 0];
  for (let redrives = 0; ; redrives += 1) {
    await untilQuiet(lake, control);
    const dead = await deadMessages(lake);
    const failed = await failedDays(lake, redriven);
    if (dead === 0 && failed.length === 0)
      return { redrives, deadLetters, restarted, untaken, abandoned };
    if (redrives === MOST_REDRIVES)
      throw new Error(
        `after ${redrives} redrives there are still ${dead} dead letters and ${JSON.stringify(failed)}`,
      );
    say(`redrive: ${dead} dead letters, ${failed.map(described).join(", ") || "no failed day"}`);
    deadLetters += dead;
    for (const queue of deadLetterQueues(lake))
      await lake.move(queue, lake.lake.names.queue.ingest);
    for (const one of failed) {
      restarted += 1;
      untaken += one.untaken;
      abandoned += one.abandoned;
      await lake.start(`redrive-${redrives}-${one.source}-${Date.now()}`, inputOf(lake, one));
    }
  }
}

/** Until no event is on its way, no message waits and no execution runs. */
export async function untilQuiet(lake: ObservedLake, control: Control): Promise<void> {
  let calm = 0;
  await eventually(
    "the lake to be quiet",
    async () => {
      calm = (await isQuiet(lake, control)) ? calm + 1 : 0;
      return calm >= CALM_LOOKS ? true : undefined;
    },
    PATIENCE_MS,
  );
}

/** Asked in the order in which things move on. */
async function isQuiet(lake: ObservedLake, control: Control): Promise<boolean> {
  if ((await control.deliveries()).pending > 0) return false;
  if ((await lake.messages(lake.lake.names.queue.ingest)) > 0) return false;
  return (await lake.executions()).every(({ status }) => status !== "RUNNING");
}

function deadLetterQueues({ lake }: ObservedLake): string[] {
  return Object.values<string>(lake.names.queue).filter((name) => name !== lake.names.queue.ingest);
}

async function deadMessages(lake: ObservedLake): Promise<number> {
  const counts = await Promise.all(deadLetterQueues(lake).map((queue) => lake.messages(queue)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** What the lake itself says is left; the inputs of failed runs where it keeps no account. */
async function failedDays(lake: ObservedLake, redriven: Set<string>): Promise<Waiting[]> {
  const { known, left } = await lake.waiting();
  if (known) return left;
  const days = new Map<string, Set<string>>();
  for (const execution of await lake.executions()) {
    if (execution.status === "SUCCEEDED" || redriven.has(execution.arn)) continue;
    redriven.add(execution.arn);
    for (const { source, days: own } of await daysOf(lake, execution))
      days.set(source, new Set([...(days.get(source) ?? []), ...own]));
  }
  return [...days].map(([source, own]) => ({
    source,
    days: [...own].sort(),
    untaken: 0,
    abandoned: 0,
  }));
}

async function daysOf(
  lake: ObservedLake,
  { arn }: Execution,
): Promise<Pick<Waiting, "source" | "days">[]> {
  const { batch } = (await lake.inputOf(arn)) as {
    batch?: { source: string; partitions: string[] };
  };
  return batch ? [{ source: batch.source, days: batch.partitions }] : [];
}

function inputOf({ lake }: ObservedLake, { source, days }: Waiting) {
  const [year, month, day] = (days[0] as string).split("-");
  const key = `raw/${source}/year=${year}/month=${month}/day=${day}/redriven`;
  const detail = { bucket: { name: lake.names.bucket.landing }, object: { key } };
  return { detail, batch: { source, partitions: days, keys: [] } };
}

function described({ source, days, untaken, abandoned }: Waiting): string {
  return `${source} ${days.join(" ")} (${untaken} waiting for no run, ${abandoned} abandoned)`;
}
