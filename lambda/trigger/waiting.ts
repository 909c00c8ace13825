/**
 * At most one execution of a source waits for its turn: who comes first registers as the waiter,
 * and the days of whoever comes later join it.
 */

/** Who is registered as a source's waiter. */
export interface Waiter {
  readonly execution: string;
  /** Seconds since the epoch until which its start may still be under way. */
  readonly expiresAt: number;
}

/** The source's item in the table of locks. */
export interface PendingDays {
  add(source: string, days: readonly string[]): Promise<void>;
  /**
   * Registers a waiter where there is none, or where it is `dead`; in one conditional write.
   * @returns the waiter that is registered instead
   */
  claim(source: string, waiter: Waiter, dead?: string): Promise<Waiter | undefined>;
  /** Takes the registration back, if it is this execution's. */
  leave(source: string, execution: string): Promise<void>;
}

/** What Step Functions says of an execution's name. */
export type ExecutionState = "RUNNING" | "ENDED" | "UNKNOWN";

export interface WaitingDeps {
  readonly pending: PendingDays;
  readonly stateOf: (execution: string) => Promise<ExecutionState>;
  readonly now: () => Date;
}

/** Longer than an invocation lives: whoever registered and started nothing by then has died. */
const START_SECONDS = 120;

/**
 * Adds days to those that wait, and sees to it that somebody waits for them.
 * @returns whether `execution` is to be started; otherwise another one that waits takes the days
 */
export async function waitFor(
  source: string,
  days: readonly string[],
  execution: string,
  deps: WaitingDeps,
): Promise<boolean> {
  // First the days: a waiter that is found registered below reads them after it has left.
  await deps.pending.add(source, days);
  const expiresAt = seconds(deps.now()) + START_SECONDS;
  const other = await deps.pending.claim(source, { execution, expiresAt });
  if (other === undefined) return true;
  if (await isWaiting(other, deps)) return false;
  return (
    (await deps.pending.claim(source, { execution, expiresAt }, other.execution)) === undefined
  );
}

async function isWaiting({ execution, expiresAt }: Waiter, deps: WaitingDeps): Promise<boolean> {
  const state = await deps.stateOf(execution);
  return state === "UNKNOWN" ? expiresAt > seconds(deps.now()) : state === "RUNNING";
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
