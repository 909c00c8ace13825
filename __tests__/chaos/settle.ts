/** Waits until a lake has nothing left to do, and has `lake redrive` bring back what it gave up. */
import type { LakeCommand } from "../e2e/support/lake-command";
import { eventually } from "../e2e/support/pipeline";
import type { Control } from "./control";
import type { ObservedLake } from "./observed-lake";

/** Milliseconds that a busy lake may take until it is quiet. */
const PATIENCE_MS = 15 * 60_000;
/** Looks in a row that must find nothing: what is between two places is seen by the next. */
const CALM_LOOKS = 4;
/** What a failure leads to may fail in its turn; without faults this comes to an end. */
const MOST_REDRIVES = 6;
const NOTHING = "There is nothing to redrive.";

/** What `lake redrive` found, all times added up. */
export interface Settled {
  /** Times that there was something to bring back. */
  readonly redrives: number;
  /** Messages in the dead-letter queues. */
  readonly deadLetters: number;
  /** Days whose run had failed. */
  readonly failed: number;
  /** Days that waited though no run was to come, or were taken by a run that is over. */
  readonly untaken: number;
  readonly abandoned: number;
}

/** Call it when no fault is armed any more. */
export async function settle(
  lake: ObservedLake,
  control: Control,
  command: LakeCommand,
  say: (line: string) => void,
): Promise<Settled> {
  let found: Settled = { redrives: 0, deadLetters: 0, failed: 0, untaken: 0, abandoned: 0 };
  for (;;) {
    await untilQuiet(lake, control);
    const { exitCode, stdout, stderr } = await command("redrive", "local", "--auto-approve");
    if (stderr.includes(NOTHING)) {
      await requireNothingLeft(lake);
      return found;
    }
    if (found.redrives === MOST_REDRIVES)
      throw new Error(`there is still something to redrive after ${MOST_REDRIVES}:\n${stderr}`);
    found = added(found, stdout);
    say(`lake redrive, exit code ${exitCode}: ${stdout.replaceAll("\n", "; ")}`);
    // What it ran may have failed, and says so; whatever else went wrong is its own fault.
    if (exitCode !== 0 && !/batch(es)? failed:/.test(stderr)) throw new Error(stderr);
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

/** `lake redrive` is not taken at its word. */
async function requireNothingLeft(lake: ObservedLake): Promise<void> {
  const { ingestDlq, eventsDlq } = lake.lake.names.queue;
  const dead = await Promise.all([ingestDlq, eventsDlq].map((queue) => lake.messages(queue)));
  const days = await lake.daysLeft();
  if (dead.some((count) => count > 0) || days.length > 0)
    throw new Error(
      `lake redrive finds nothing, and there are ${dead.join(" and ")} dead letters and days that nobody ingests: ${JSON.stringify(days)}`,
    );
}

/** By the lines that a person reads. */
export function added(before: Settled, told: string): Settled {
  const sum = (pattern: RegExp) =>
    [...told.matchAll(pattern)].reduce(
      (total, [, count]) => total + Number(count?.replaceAll(",", "")),
      0,
    );
  return {
    redrives: before.redrives + 1,
    deadLetters: before.deadLetters + sum(/^\S+: ([\d,]+) messages?$/gm),
    failed: before.failed + sum(/^\S+: ([\d,]+) days? failed/gm),
    untaken: before.untaken + sum(/^\S+: ([\d,]+) days? pending, for no run/gm),
    abandoned: before.abandoned + sum(/^\S+: ([\d,]+) days? left by a run that died/gm),
  };
}
