/** What a step is, and what it tells while it runs. */

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
   * What it came through and is at: replaces the list of before. There is none where no
   * terminal shows it: tell it by lines then.
   */
  readonly list?: ((rows: readonly ListRow[]) => void) | undefined;
}

/** One step. */
export interface Step {
  readonly title: string;
  run(report: StepReport): Promise<void>;
}
