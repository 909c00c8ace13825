/** Failures that their reader can act on: complete messages, never a stack. */

/** What a failure may carry beside its message. */
export interface FailureDetails {
  /** Last relevant lines of what failed, as it said them. */
  readonly cause?: string | undefined;
  /** File with everything that was said. */
  readonly log?: string | undefined;
}

/** Thrown where nothing in the code is wrong. Print `text()` and exit 1. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly details: FailureDetails;
  constructor(message: string, details: FailureDetails = {}) {
    super(message);
    this.details = details;
  }

  /** The message, the quoted cause and the log's path: one block. */
  text(): string {
    const { cause, log } = this.details;
    return [
      this.message,
      ...(cause ? [cause.replace(/^/gm, "  | ")] : []),
      ...(log ? [`The whole log: ${log}`] : []),
    ].join("\n");
  }
}

/** Thrown by whatever was under way when the user (or the system) ended the program. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("interrupted");
  }
}

/** The last `count` lines of a text that say something. */
export function lastLines(text: string, count: number): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "")
    .slice(-count)
    .join("\n");
}
