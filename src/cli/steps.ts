/** Steps with live progress on a terminal and plain lines elsewhere, all on stderr. */
import type { Scope } from "../local/scope";
import { LiveScreen } from "./live-screen";
import { LiveSteps } from "./live-steps";
import { say, seconds, speakThrough } from "./terminal";

/** One row of a list: `failed` and `done` with the time it took, `now` with the one it began at. */
export type ListRow = {
  readonly text: string;
  /** Why it takes so long, say. */
  readonly note?: string;
} & (
  | { readonly state: "done" | "failed"; readonly milliseconds: number }
  /** Milliseconds since the epoch, by this machine's clock. */
  | { readonly state: "now"; readonly since: number }
);

/** What a running step can tell. */
export interface StepReport {
  /** What it is at: replaces what was said before. */
  now(text: string): void;
  /** A line that stays. */
  note(text: string): void;
  /** What came of it; stands behind the title at the end. */
  result(text: string): void;
  /**
   * What it came through and is at: replaces the list of before, and `now`. There is none where no
   * terminal shows it: tell it by lines then.
   */
  readonly list?: ((rows: readonly ListRow[]) => void) | undefined;
}

/** One step. */
export interface Step {
  readonly title: string;
  run(report: StepReport): Promise<void>;
}

/** Milliseconds between two lines that only say how far a step is, where no terminal shows them. */
const PLAIN_NEWS_MS = 10_000;

/**
 * Runs the steps one after the other, or side by side; the first that fails ends the rest.
 * Resolves with the milliseconds that each took, by title.
 */
export async function runSteps(
  steps: readonly (Step | readonly Step[])[],
  scope: Scope,
): Promise<Map<string, number>> {
  const took = new Map<string, number>();
  const live = process.stderr.isTTY === true && process.env.TERM !== "dumb";
  for (const group of steps) {
    const together = Array.isArray(group) ? (group as readonly Step[]) : [group as Step];
    const work = live ? runLive(together, took, scope) : runPlain(together, took);
    await Promise.race([work, rejectOnAbort(scope.signal)]);
  }
  return took;
}

async function runLive(steps: readonly Step[], took: Map<string, number>, { signal }: Scope) {
  const screen = new LiveScreen(process.stderr);
  const live = new LiveSteps(steps, screen);
  const silent = speakThrough((write) => screen.above(write));
  // What others say after an interruption stands below what was drawn.
  const stop = () => {
    live.end();
    silent();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    await live.run(took);
  } finally {
    signal.removeEventListener("abort", stop);
    silent();
  }
}

async function runPlain(steps: readonly Step[], took: Map<string, number>): Promise<void> {
  await Promise.all(
    steps.map(async (step) => {
      const started = Date.now();
      const line = (text: string) => say(`${step.title}: ${text}`);
      let told = started;
      let result = "";
      say(`${step.title} ...`);
      await step.run({
        now: (text) => {
          if (Date.now() - told < PLAIN_NEWS_MS) return;
          told = Date.now();
          line(text);
        },
        note: line,
        result: (text) => {
          result = text;
        },
      });
      took.set(step.title, Date.now() - started);
      line(`done in ${seconds(Date.now() - started)}${result === "" ? "" : `, ${result}`}`);
    }),
  );
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
