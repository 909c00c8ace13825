/** Days that no run will take by itself: those that failed, and those that wait for nobody. */
import type { Waiting } from "../backfill/waiting";
import { distinct } from "../days";
import { plural } from "../terminal";

/** What there is of one source, and what has to be run. */
export interface SourceDays {
  readonly source: string;
  /** One line for each kind of day. */
  readonly lines: readonly string[];
  readonly toRun: readonly string[];
}

/** Days that are named at most. */
const NAMED = 10;

/**
 * What one source's item says.
 * @param isRunning whether an execution runs, by its name or ARN
 */
export async function daysOf(
  { source, pending, waiter, taking, takenBy, failed }: Waiting,
  isRunning: (execution: string) => Promise<boolean>,
): Promise<SourceDays> {
  const runs = async (execution: string | undefined) =>
    execution !== undefined && (await isRunning(execution));
  const isAwaited = pending.length > 0 && (await runs(waiter));
  const isWorkedOn = taking.length > 0 && (await runs(takenBy));
  const kinds: [days: readonly string[], state: string, isStuck: boolean][] = [
    [failed, "failed", true],
    [pending, isAwaited ? `pending: ${waiter} takes them` : "pending, for no run", !isAwaited],
    [taking, isWorkedOn ? `in ${takenBy}` : "left by a run that died", !isWorkedOn],
  ];
  const found = kinds.filter(([days]) => days.length > 0);
  return {
    source,
    lines: found.map(
      ([days, state]) => `${source}: ${plural(days.length, "day")} ${state} (${listed(days)})`,
    ),
    toRun: distinct(found.filter(([, , isStuck]) => isStuck).flatMap(([days]) => days)),
  };
}

function listed(days: readonly string[]): string {
  const named = days.slice(0, NAMED).join(", ");
  return days.length > NAMED ? `${named}, and ${days.length - NAMED} more` : named;
}
