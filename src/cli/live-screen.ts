/** The lines at the end of a terminal that are drawn again and again, until they stay. */
import { stripVTControlCharacters } from "node:util";
import cliTruncate from "cli-truncate";

/** What is asked of the terminal. */
export type Terminal = Pick<NodeJS.WriteStream, "write" | "on" | "off"> & {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** Where the terminal does not say how large it is. */
const USUAL = { columns: 80, rows: 24 };
/** Erase from the cursor to the end of its line, and of the screen. */
const END_OF_LINE = "\u001b[K";
const END_OF_SCREEN = "\u001b[J";

/**
 * Draws a frame in place of the one before. Each of its lines is one row of the terminal: what is
 * too long is cut, and of what is too high the end is shown. The last frame, which stays, is whole.
 * (What a terminal that becomes lower, or much narrower, has scrolled away is out of reach: the top
 * of a frame may then stand in its history once more.)
 */
export class LiveScreen {
  /** Lines of the frame that is on the screen, without styles. */
  private drawn: readonly string[] = [];
  /** Columns when it was drawn. */
  private columns = 0;

  /** @param reflows whether lines are wrapped anew when the terminal becomes narrower */
  constructor(
    private readonly terminal: Terminal,
    private readonly reflows: boolean = wrapsAnew(process.env),
  ) {
    // After a stop (Ctrl-Z) the shell has written below the frame: it stays where it is.
    process.on("SIGCONT", this.forget);
  }

  /** Replaces the frame. */
  draw(lines: readonly string[]): void {
    const { columns, rows } = this.size();
    // The last column stays free: some terminals wrap a line that fills it.
    const cut = fit(lines, rows - 1).map((line) => cliTruncate(line, Math.max(1, columns - 1)));
    this.replace(cut);
    this.drawn = cut.map((line) => stripVTControlCharacters(line));
    this.columns = columns;
  }

  /** Lets `write` write where the frame is; the next one is drawn below. */
  above(write: () => void): void {
    this.replace([]);
    this.drawn = [];
    write();
  }

  /** Replaces the frame by lines that stay, uncut, and draws no more. */
  end(lines: readonly string[]): void {
    this.replace(lines);
    this.drawn = [];
    process.off("SIGCONT", this.forget);
  }

  private readonly forget = (): void => {
    this.drawn = [];
  };

  /** In one write, without erasing first: nothing flickers. */
  private replace(lines: readonly string[]): void {
    const up = this.rowsUp();
    const text = lines.map((line) => `${line}${END_OF_LINE}\n`).join("");
    this.terminal.write(`${up > 0 ? `\u001b[${up}A` : ""}\r${text}${END_OF_SCREEN}`);
  }

  /**
   * Rows that the frame takes now. In a narrower terminal, lines that were cut for the old width
   * may take several; to go up too far would erase what stands above the frame.
   */
  private rowsUp(): number {
    const { columns } = this.size();
    if (!this.reflows || columns >= this.columns) return this.drawn.length;
    return this.drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
  }

  private size() {
    return {
      columns: this.terminal.columns || USUAL.columns,
      rows: Math.max(2, this.terminal.rows || USUAL.rows),
    };
  }
}

/** Nearly all terminals do. Of those that cut lines instead, xterm and GNU screen say who they are. */
export function wrapsAnew(env: NodeJS.ProcessEnv): boolean {
  return env.XTERM_VERSION === undefined && env.STY === undefined;
}

/** The end of what is too high, and how much is above it. */
function fit(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  const shown = Math.max(0, rows - 1);
  const above = `… ${lines.length - shown} lines above`;
  return shown === 0 ? [above] : [above, ...lines.slice(-shown)];
}
