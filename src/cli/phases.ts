/**
 * What a person calls the states of a run: taking a lock and crawling are loops of several states,
 * each of which is one thing that the run is at. Pure.
 */
import type { Visit } from "./history";

/** One thing that a run was or is at. */
export interface Phase {
  /** State that names it, such as `TakeSourceLock` for all that a wait for the lock goes through. */
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly enteredAt: number;
  /** Undefined while the run is at it. */
  readonly leftAt?: number | undefined;
}

/** States of a loop, and the one that names it; see src/orchestration/lock.ts and crawl.ts. */
const LOOPS: readonly (readonly [RegExp, string])[] = [
  [/^(?!Release)\w*SourceLock(?!\w*Failed$)/, "TakeSourceLock"],
  [/^(?!Release)\w*RunSlot(?!\w*Failed$)/, "TakeRunSlot"],
  [/^(RunGlueCrawler|WaitForCrawler|GetCrawler|HasCrawlEnded)$/, "RunGlueCrawler"],
];

/** What a run that stays in such a phase waits for. */
const WAITS: Readonly<Record<string, string>> = {
  TakeSourceLock: "waits for the source's run before it",
  TakeRunSlot: "waits for another job to end",
};

/** The state that names the phase which this state is part of. */
export function phaseOf(state: string): string {
  return LOOPS.find(([states]) => states.test(state))?.[1] ?? state;
}

/** What a run in this state waits for, in words; undefined where it works. */
export function waitOf(state: string): string | undefined {
  return WAITS[phaseOf(state)];
}

/** The phases of a run, in their order. A choice is a phase only where it is all there is. */
export function phasesOf(visits: readonly Visit[]): Phase[] {
  const phases: { -readonly [K in keyof Phase]: Phase[K] }[] = [];
  for (const { state: visited, kind, enteredAt, leftAt } of visits) {
    const state = phaseOf(visited);
    const last = phases.at(-1);
    if (last?.state === state) last.leftAt = leftAt;
    else if (kind !== "Choice") phases.push({ state, enteredAt, leftAt });
  }
  return phases;
}
