import { afterEach, expect, test } from "vitest";
import { LiveScreen, wrapsAnew } from "../../src/cli/live-screen";
import { Screen } from "./support/screen";

const open: LiveScreen[] = [];
afterEach(() => {
  for (const live of open.splice(0)) live.end([]);
});

/** A terminal with something on it, and the lines that are drawn at its end. */
function drawing(columns: number, rows: number, reflows = true) {
  const screen = new Screen(columns, rows, reflows);
  screen.write("$ lake run\n");
  const live = new LiveScreen(screen as never, reflows);
  open.push(live);
  return { screen, live };
}

test("a frame stands in place of the one before, longer, shorter or narrower", () => {
  const { screen, live } = drawing(20, 10);
  live.draw(["one long line", "two", "three"]);
  expect(screen.text).toEqual(["$ lake run", "one long line", "two", "three"]);
  live.draw(["one"]);
  expect(screen.text).toEqual(["$ lake run", "one"]);
  live.draw(["one", "2"]);
  live.end(["done", "with all"]);
  expect(screen.text).toEqual(["$ lake run", "done", "with all"]);
});

test("a line that is too long is cut, also one of wide characters or with colours, until it stays", () => {
  const { screen, live } = drawing(10, 10);
  const lines = ["0123456789abc", "\u001b[31m0123456789abc\u001b[39m", "東京東京東京"];
  live.draw(lines);
  live.draw(lines);
  const shown = screen.text.map((line) => line.replaceAll("\u0000", ""));
  expect(shown).toEqual(["$ lake run", "01234567…", "01234567…", "東京東京…"]);
  live.end(["0123456789abc"]);
  expect(screen.text).toEqual(["$ lake run", "0123456789", "abc"]);
});

test("of a frame that is too high its end is shown, and nothing is left of it in what scrolled", () => {
  const { screen, live } = drawing(20, 4);
  const lines = ["1", "2", "3", "4", "5", "6"];
  for (let at = 1; at <= lines.length; at += 1) live.draw(lines.slice(0, at));
  expect(screen.text).toEqual(["$ lake run", "… 4 lines above", "5", "6"]);
  live.end(lines);
  expect(screen.text).toEqual(["$ lake run", ...lines]);
});

test("a terminal that becomes narrower or wider leaves nothing of the frame behind", () => {
  const { screen, live } = drawing(20, 10);
  live.draw(["0123456789abcdef", "two", "three"]);
  for (const [columns, rows] of [
    [7, 10],
    [40, 10],
    [12, 10],
  ] as const) {
    screen.resize(columns, rows);
    live.draw(["0123456789abcdef", "two", "three"]);
  }
  expect(screen.text).toEqual(["$ lake run", "0123456789…", "two", "three"]);
  live.end(["done"]);
  expect(screen.text.join("")).toBe("$ lake rundone");
});

test("a terminal that cuts its lines when it becomes narrower loses nothing of what stood above", () => {
  const { screen, live } = drawing(20, 10, false);
  live.draw(["0123456789abcdef", "two"]);
  screen.resize(12, 10);
  live.draw(["0123456789abcdef", "two"]);
  expect(screen.text).toEqual(["$ lake run", "0123456789…", "two"]);
  live.end([]);
  expect(wrapsAnew({ TERM: "xterm-256color" })).toBe(true);
  expect(wrapsAnew({ XTERM_VERSION: "XTerm(379)" })).toBe(false);
  expect(wrapsAnew({ STY: "1.tty" })).toBe(false);
});

test("what others say stands above, and the frame below it", () => {
  const { screen, live } = drawing(20, 10);
  live.draw(["one", "two"]);
  live.above(() => screen.write("said\n"));
  live.draw(["one", "two"]);
  expect(screen.text).toEqual(["$ lake run", "said", "one", "two"]);
});

test("after a stop the frame that the shell wrote below stays, and a new one is drawn", () => {
  const { screen, live } = drawing(20, 10);
  live.draw(["one", "two"]);
  screen.write("[1]+ Stopped\n$ fg\n");
  process.emit("SIGCONT");
  live.draw(["one", "three"]);
  expect(screen.text).toEqual([
    ...["$ lake run", "one", "two", "[1]+ Stopped", "$ fg", "one", "three"],
  ]);
});

test("a terminal that does not say its size is taken for a usual one", () => {
  const { screen, live } = drawing(80, 24);
  const unknown = { write: (text: string) => screen.write(text), columns: 0, rows: undefined };
  const other = new LiveScreen(unknown as never);
  open.push(other);
  other.draw(["x".repeat(100)]);
  expect(screen.text.at(-1)).toBe(`${"x".repeat(78)}…`);
  live.end([]);
});
