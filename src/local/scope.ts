/** What a command started and must end, however it ends itself. */
import { Interrupted } from "./failure";

type Closer = () => Promise<void> | void;

/** Signals that end a command early: Ctrl-C, `kill`, a closed terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Exit code after any of them, as shells report Ctrl-C. */
export const INTERRUPTED_EXIT_CODE = 130;
/** Milliseconds between two looks at whether npm, which started us, is still there. */
const PARENT_LOOK_MS = 500;

/** Collects what must be ended, in the order it was started. */
export class Scope {
  readonly #closers: Closer[] = [];
  readonly #abort = new AbortController();
  #closing: Promise<void> | undefined;

  /** Aborted once the command is interrupted; its reason is `Interrupted`. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Has `closer` called at the end, after those that are added later. */
  defer(closer: Closer): void {
    if (this.#closing) void closer();
    else this.#closers.push(closer);
  }

  /** Marks everything under way as interrupted. */
  interrupt(): void {
    this.#abort.abort(new Interrupted());
  }

  /** Ends everything, last started first; each closer is called once and none stops the others. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      for (const closer of this.#closers.reverse())
        try {
          await closer();
        } catch (error) {
          console.error(`while ending: ${error instanceof Error ? error.message : error}`);
        }
    })();
    return this.#closing;
  }
}

/**
 * Runs `work` and ends all that it deferred, also on Ctrl-C, SIGTERM and SIGHUP: then the program
 * exits with 130 as soon as everything has ended.
 */
export async function withScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const scope = new Scope();
  // The first signal decides: a terminal's Ctrl-C reaches npm too, which sends it again.
  let interrupted = false;
  const end = () => {
    if (interrupted) return;
    interrupted = true;
    scope.interrupt();
    console.error("Interrupted. Ending what was started ...");
    void scope.close().finally(() => process.exit(INTERRUPTED_EXIT_CODE));
  };
  for (const signal of SIGNALS) process.on(signal, end);
  const watch = watchNpm(end);
  try {
    const result = await work(scope);
    if (interrupted) await forever();
    return result;
  } catch (error) {
    // What fails because its ground was taken away is not news; the exit above is on its way.
    if (interrupted) await forever();
    throw error;
  } finally {
    await scope.close();
    clearInterval(watch);
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

/** npm that is killed with SIGKILL cannot pass the signal on: its script would run on, unseen. */
function watchNpm(end: () => void): NodeJS.Timeout | undefined {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) end();
  }, PARENT_LOOK_MS).unref();
}

function forever(): Promise<never> {
  return new Promise(() => {});
}
