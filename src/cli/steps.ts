/** Steps with live progress on a terminal and plain lines elsewhere, all on stderr. */
import type { Scope } from "../local/scope";
import { LiveScreen } from "./live-screen";
import { LiveSteps } from "./live-steps";
import type { Step } from "./step";
import { say, seconds, speakThrough } from "./terminal";

export type { Step, StepReport } from "./step";

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
    scope.signal.throwIfAborted();
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
