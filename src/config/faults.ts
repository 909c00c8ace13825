/** What is wrong with the environments, all of it at once, in words that say how to mend it. */

/** One fault in one environment. */
export interface Fault {
  /** File that holds the value, relative to the project. */
  readonly file: string;
  /** Line in that file, from 1; absent where the value is a default or comes from elsewhere. */
  readonly line?: number | undefined;
  /** Variable, with the path inside it, such as `sources.flights.format`. */
  readonly variable?: string | undefined;
  readonly message: string;
}

/** Thrown with every fault found. Its message is complete: print it and exit 1. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(formatFault).join("\n"));
  }
}

function formatFault(fault: Fault): string {
  const where = fault.line === undefined ? fault.file : `${fault.file}:${fault.line}`;
  return fault.variable === undefined
    ? `${where}: ${fault.message}`
    : `${where}: ${fault.variable}: ${fault.message}`;
}
