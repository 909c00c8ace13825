/** What a person sees: a terminal's screen, as far as the commands write to it. */

/** East Asian characters take two columns. */
const WIDE = /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uff00-\uff60]/;

/**
 * A terminal that wraps, scrolls and, made narrower, wraps its lines anew, as most do; without
 * `reflows` it cuts them.
 */
export class Screen {
  /** Rows from the first that was ever written; each knows whether it goes on in the next. */
  private lines: { text: string; wraps: boolean }[] = [{ text: "", wraps: false }];
  private row = 0;
  private column = 0;

  constructor(
    public columns: number,
    public rows: number,
    private readonly reflows = true,
  ) {}

  /** Every row that was written and not erased, those that have scrolled away first. */
  get text(): string[] {
    const texts = this.lines.map(({ text }) => text.trimEnd());
    while (texts.at(-1) === "") texts.pop();
    return texts;
  }

  write(chunk: string): true {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is obeyed
    for (const [token] of chunk.matchAll(/\u001b\[[0-9;?]*[A-Za-z]|\r|\n|[^\u001b]/gu))
      this.obey(token);
    return true;
  }

  resize(columns: number, rows: number): void {
    if (!this.reflows) {
      for (const line of this.lines) line.text = line.text.slice(0, columns);
      Object.assign(this, { columns, rows });
      return;
    }
    const joined: string[] = [];
    for (const [at, { text }] of this.lines.entries())
      if (this.lines[at - 1]?.wraps) joined[joined.length - 1] += text;
      else joined.push(text);
    const cursorIsLast = this.row === this.lines.length - 1;
    this.columns = columns;
    this.rows = rows;
    this.lines = joined.flatMap((text) => {
      const parts = text.match(new RegExp(`.{1,${columns}}`, "gu")) ?? [""];
      return parts.map((part, at) => ({ text: part, wraps: at < parts.length - 1 }));
    });
    if (!cursorIsLast) throw new Error("the cursor was not on the last row");
    this.row = this.lines.length - 1;
  }

  private obey(token: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    const [, count = "", command] = /^\u001b\[([0-9;?]*)([A-Za-z])$/.exec(token) ?? [];
    if (command === "A") {
      const top = Math.max(0, this.lines.length - this.rows);
      this.row = Math.max(top, this.row - Number(count || 1));
    } else if (command === "K") this.erase();
    else if (command === "J") {
      this.erase();
      this.lines.length = this.row + 1;
    } else if (command !== undefined && command !== "m") throw new Error(`CSI ${count}${command}`);
    else if (token === "\r") this.column = 0;
    else if (token === "\n") this.down();
    else if (command === undefined) this.put(token);
  }

  private erase(): void {
    const line = this.line();
    line.text = line.text.slice(0, this.column);
    line.wraps = false;
  }

  private down(): void {
    this.row += 1;
    this.column = 0;
    if (this.row === this.lines.length) this.lines.push({ text: "", wraps: false });
  }

  private put(character: string): void {
    const width = WIDE.test(character) ? 2 : 1;
    if (this.column + width > this.columns) {
      this.line().wraps = true;
      this.down();
    }
    const line = this.line();
    // A wide character is followed by a placeholder, so that offsets are columns.
    const cell = width === 2 ? `${character}\u0000` : character;
    line.text =
      line.text.padEnd(this.column).slice(0, this.column) +
      cell +
      line.text.slice(this.column + width);
    this.column += width;
  }

  private line() {
    const line = this.lines[this.row];
    if (!line) throw new Error(`there is no row ${this.row}`);
    return line;
  }
}
