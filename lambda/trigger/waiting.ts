/**
 * At most one execution of a source waits for its turn: who comes first registers as the waiter,
 * and the days of whoever comes later join it.
 */

/** The source's item in the table of locks. */
export interface PendingDays {
  add(source: string, days: readonly string[]): Promise<void>;
  /**
   * Registers an execution as the waiter where there is none, or where it is `dead`; in one
   * conditional write.
   * @returns the execution that is registered instead
   */
  claim(source: string, execution: string, dead?: string): Promise<string | undefined>;
}

/** What Step Functions says of an execution's name. */
export type ExecutionState = "RUNNING" | "ENDED" | "UNKNOWN";

export interface WaitingDeps {
  readonly pending: PendingDays;
  readonly stateOf: (execution: string) => Promise<ExecutionState>;
}

/**
 * Adds days to those that wait, and sees to it that somebody waits for them.
 * @returns the execution that is to be started; undefined where one that runs takes the days
 */
export async function waitFor(
  source: string,
  days: readonly string[],
  execution: string,
  { pending, stateOf }: WaitingDeps,
): Promise<string | undefined> {
  // First the days: a waiter that is found registered below reads them after it has left.
  await pending.add(source, days);
  let other = await pending.claim(source, execution);
  while (other !== undefined) {
    const state = await stateOf(other);
    if (state === "RUNNING") return undefined;
    // Who registered it may be about to start it, or may have died: a name starts only once.
    if (state === "UNKNOWN") return other;
    other = await pending.claim(source, execution, other);
  }
  return execution;
}
