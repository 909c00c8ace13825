/** Steps with live progress on a terminal and plain lines elsewhere, all on stderr. */
import { DefaultRenderer, Listr, ListrLogger, type ListrTask, ProcessOutput } from "listr2";
import type { Scope } from "../local/scope";
import { colors, say, seconds } from "./terminal";
import { harmless } from "./visible";

/** What a running step can tell. */
export interface StepReport {
  /** What it is at: replaces what was said before. */
  now(text: string): void;
  /** A line that stays. */
  note(text: string): void;
  /** What came of it; stands behind the title at the end. */
  result(text: string): void;
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

async function runLive(steps: readonly Step[], took: Map<string, number>, scope: Scope) {
  const tasks = steps.map(
    (step): ListrTask<unknown, typeof LiveRenderer> => ({
      title: step.title,
      rendererOptions: { persistentOutput: true, outputBar: Number.POSITIVE_INFINITY },
      task: async (_, task) => {
        const started = Date.now();
        let now = "";
        const title = () => {
          const since = colors.dim(seconds(Date.now() - started));
          task.title = `${step.title}  ${since}${now === "" ? "" : colors.dim(`  ${now}`)}`;
        };
        const clock = setInterval(title, 200);
        let result = "";
        try {
          await step.run({
            now: (text) => {
              now = harmless(text);
              title();
            },
            note: (text) => {
              task.output = harmless(text);
            },
            result: (text) => {
              result = harmless(text);
            },
          });
          took.set(step.title, Date.now() - started);
        } finally {
          clearInterval(clock);
          now = result;
          title();
        }
      },
    }),
  );
  // Both streams are held back while the tasks are drawn; they are drawn on stderr.
  const processOutput = new ProcessOutput(process.stderr, process.stdout);
  const listr = new Listr(tasks, {
    concurrent: true,
    registerSignalListeners: false, // the scope decides what a signal does
    renderer: LiveRenderer,
    rendererOptions: { logger: new ListrLogger({ processOutput }), showErrorMessage: false },
  });
  // An interrupted drawing would keep the cursor hidden, and what others say to itself.
  const stopDrawing = () => LiveRenderer.drawing?.end();
  scope.signal.addEventListener("abort", stopDrawing, { once: true });
  try {
    await listr.run();
  } finally {
    scope.signal.removeEventListener("abort", stopDrawing);
  }
}

/** listr2 asks whether stdout is a terminal; what matters here is stderr. */
class LiveRenderer extends DefaultRenderer {
  static override nonTTY = true;
  /** The one that holds the terminal. */
  static drawing: LiveRenderer | undefined;

  override render(): Promise<void> {
    LiveRenderer.drawing = this;
    return super.render();
  }

  override update(): void {
    if (LiveRenderer.drawing === this) super.update();
  }

  override end(): void {
    if (LiveRenderer.drawing !== this) return;
    LiveRenderer.drawing = undefined;
    super.end();
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
