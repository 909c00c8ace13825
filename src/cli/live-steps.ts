/** Steps on a terminal: each with its mark, its clock, and what it has to show. */
import type { LiveScreen } from "./live-screen";
import type { ListRow, Step, StepReport } from "./step";
import { colors, seconds } from "./terminal";
import { harmless } from "./visible";

/** What stands before a title or a row. Each has a shape and, where it is not well, a word. */
type Mark = "now" | "done" | "failed" | "left";

/** Terminals that show no more than the characters of a code page. */
const PLAIN = process.env.TERM === "linux";
const SPINNER = PLAIN ? ["-", "\\", "|", "/"] : [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"];
const SHAPES = PLAIN
  ? { done: "+", failed: "x", left: "-" }
  : { done: "✔", failed: "✖", left: "◼" };
/** Milliseconds between two frames. */
const FRAME_MS = 100;

/** A row of a list as it is drawn. */
interface Row {
  readonly mark: Mark;
  readonly text: string;
  readonly took: string;
  readonly words: string;
}

/** Steps that run side by side, as they are drawn. */
export class LiveSteps {
  private readonly steps: LiveStep[];
  private readonly clock: NodeJS.Timeout;
  private isOver = false;

  constructor(
    steps: readonly Step[],
    private readonly screen: LiveScreen,
  ) {
    this.steps = steps.map((step) => new LiveStep(step));
    this.clock = setInterval(() => this.draw(), FRAME_MS);
    this.draw();
  }

  /** Runs all; rejects with what the first to fail has thrown, and draws no more in any case. */
  async run(took: Map<string, number>): Promise<void> {
    try {
      await Promise.all(
        this.steps.map(async (one) => {
          await one.run();
          took.set(one.step.title, one.milliseconds);
        }),
      );
    } finally {
      this.end();
    }
  }

  /** Leaves what is drawn where it is. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearInterval(this.clock);
    for (const one of this.steps) one.leave();
    this.screen.end(this.lines());
  }

  private draw(): void {
    if (!this.isOver) this.screen.draw(this.lines());
  }

  private lines(): string[] {
    return this.steps.flatMap((one) => one.lines());
  }
}

/** One step and what it has told. */
class LiveStep {
  private readonly startedAt = Date.now();
  private endedAt: number | undefined;
  private mark: Mark = "now";
  private now = "";
  private result = "";
  /** Lines above the list, and those that were told when there was one. */
  private readonly notes: string[] = [];
  private readonly lateNotes: string[] = [];
  private rows: readonly ListRow[] = [];

  constructor(readonly step: Step) {}

  get milliseconds(): number {
    return (this.endedAt ?? Date.now()) - this.startedAt;
  }

  async run(): Promise<void> {
    try {
      await this.step.run(this.report());
      this.close("done");
    } catch (error) {
      this.close("failed");
      throw error;
    }
  }

  /** It goes no further, and nobody knows how far it came. */
  leave(): void {
    this.close("left");
  }

  lines(): string[] {
    const words = { done: this.result, failed: "failed", left: "not finished", now: this.now };
    return [
      line(this.mark, this.step.title, seconds(this.milliseconds), words[this.mark]),
      ...this.notes.map((note) => `  ${note}`),
      ...this.listLines().map((row) => `  ${row}`),
      ...this.lateNotes.map((note) => `  ${note}`),
    ];
  }

  private listLines(): string[] {
    const rows = this.rows.map((row): Row => {
      const mark: Mark = row.state === "now" && this.mark !== "now" ? "left" : row.state;
      const took =
        row.state === "now" ? (this.endedAt ?? Date.now()) - row.since : row.milliseconds;
      const words = mark === "now" ? oneLine(row.note ?? "") : mark === "failed" ? "failed" : "";
      return { mark, text: oneLine(row.text), took: seconds(Math.max(0, took)), words };
    });
    const width = Math.max(0, ...rows.map(({ text }) => text.length));
    const clockWidth = Math.max(0, ...rows.map(({ took }) => took.length));
    return rows.map(({ mark, text, took, words }) =>
      line(mark, text.padEnd(width), took.padStart(clockWidth), words),
    );
  }

  private report(): StepReport {
    return {
      now: (text) => {
        this.now = oneLine(text);
      },
      note: (text) => {
        const notes = this.rows.length === 0 ? this.notes : this.lateNotes;
        notes.push(...harmless(text).replaceAll("\t", "  ").split("\n"));
      },
      result: (text) => {
        this.result = oneLine(text);
      },
      list: (rows) => {
        this.rows = rows;
      },
    };
  }

  private close(mark: Mark): void {
    if (this.endedAt !== undefined) return;
    this.endedAt = Date.now();
    this.mark = mark;
  }
}

function line(mark: Mark, text: string, took: string, words: string): string {
  const color = mark === "failed" ? colors.red : colors.dim;
  const tail = words === "" ? "" : `  ${color(words)}`;
  return `${shape(mark)} ${text}  ${colors.dim(took)}${tail}`;
}

function shape(mark: Mark): string {
  switch (mark) {
    case "now":
      return colors.cyan(SPINNER[Math.floor(Date.now() / FRAME_MS) % SPINNER.length] ?? "-");
    case "done":
      return colors.green(SHAPES.done);
    case "failed":
      return colors.red(SHAPES.failed);
    case "left":
      return colors.yellow(SHAPES.left);
  }
}

function oneLine(text: string): string {
  return harmless(text).replaceAll(/[\n\t]+/g, " ");
}
