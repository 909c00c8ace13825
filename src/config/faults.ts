/** What is wrong with the environments, all of it at once, in words that say how to mend it. */

/** One fault in one environment. */
export interface Fault {
  /** Where the value comes from: a file, relative to the project, `--var` or `TF_VAR_…`. */
  readonly origin: string;
  /** Line in that file, from 1; absent where the value is a default or comes from no file. */
  readonly line?: number | undefined;
  /** Variable, with the path inside it, such as `sources.flights.format`. */
  readonly variable?: string | undefined;
  readonly message: string;
}

/** Thrown with every fault found. Its message is complete: print it and exit 1. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  constructor(readonly faults: readonly Fault[]) {
    super(formatFaults(faults));
  }
}

/** One line a fault: `origin:line: variable: message`. */
export function formatFaults(faults: readonly Fault[]): string {
  return faults
    .map(({ origin, line, variable, message }) =>
      [line === undefined ? origin : `${origin}:${line}`, variable, message]
        .filter((part) => part !== undefined)
        .join(": "),
    )
    .join("\n");
}
