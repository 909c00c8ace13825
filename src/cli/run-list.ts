/** The states of a run as a list: what it came through, with times, and what it is at. Pure. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { lockOwnerOf, visitsOf } from "./history";
import { type Phase, phaseOf, phasesOf, waitOf } from "./phases";
import type { ListRow } from "./step";

/** A wait shorter than this needs no explanation, in milliseconds: the lock was free. */
const WAIT_MS = 2_000;

/**
 * One row for each thing that the run was or is at; what comes is not foretold. States that do
 * nothing but name a failure are no rows: what failed is marked.
 * @param events the whole history
 * @param clockOffsetMs by which the events' clock is ahead of this machine's
 */
export function rowsOf(events: readonly HistoryEvent[], clockOffsetMs: number): ListRow[] {
  const phases = phasesOf(visitsOf(events));
  return phases
    .filter(({ state }) => !state.endsWith("Failed"))
    .map((phase) => rowOf(phase, phases, events, clockOffsetMs));
}

function rowOf(
  { state, enteredAt, leftAt }: Phase,
  phases: readonly Phase[],
  events: readonly HistoryEvent[],
  clockOffsetMs: number,
): ListRow {
  const row = { text: state };
  if (leftAt === undefined) {
    const wait = waitOf(state);
    const waits = wait !== undefined && lastAt(events) - enteredAt >= WAIT_MS;
    const owner = waits ? lockOwnerOf(events) : undefined;
    const note = waits ? `${wait}${owner === undefined ? "" : `: ${owner}`}` : undefined;
    return { ...row, state: "now", since: enteredAt - clockOffsetMs, ...(note && { note }) };
  }
  const failed = phases.some(
    (other) => other.enteredAt >= leftAt && failedPhase(other.state) === state,
  );
  return { ...row, state: failed ? "failed" : "done", milliseconds: leftAt - enteredAt };
}

/** The phase that a state names as failed: each state that may fail has one of its name. */
function failedPhase(state: string): string | undefined {
  const [, failed] = /^(\w+?)(?:Timeout)?Failed$/.exec(state) ?? [];
  return failed && phaseOf(failed);
}

function lastAt(events: readonly HistoryEvent[]): number {
  return events.at(-1)?.timestamp?.getTime() ?? 0;
}
