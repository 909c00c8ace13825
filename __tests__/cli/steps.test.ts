import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { type InTerminal, inTerminal } from "./support/pty";

const PROGRAM = [
  process.execPath,
  "--import",
  "tsx",
  fileURLToPath(new URL("./support/steps-program.ts", import.meta.url)),
];
const ROWS = [
  { text: "ValidateInput", state: "done", milliseconds: 1200 },
  { text: "TakeSourceLock", state: "done", milliseconds: 62_000 },
];

async function inTerminalOf(columns: number, rows: number, env: NodeJS.ProcessEnv = {}) {
  const program = await inTerminal(columns, rows, PROGRAM, env);
  await program.shows(/One/);
  const tell = (step: string, what: string, value: unknown = null) =>
    program.type(`${step} ${what} ${JSON.stringify(value)}`);
  return { program, tell };
}

/** The screen without what changes from look to look: the process, the clocks, the spinner. */
function seen({ screen }: InTerminal): string[] {
  return screen.text
    .filter((line) => !line.startsWith("pid "))
    .map((line) => line.replaceAll(/\d+(\.\d)? s/g, "T").replaceAll(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, "*"));
}

test("in a terminal the list grows under its step, the present row's clock runs, and all of it stays", async () => {
  const { program, tell } = await inTerminalOf(60, 20);
  tell("One", "note", "run a");
  const now = { text: "StartEMRJob", state: "now", since: Date.now() - 5000 };
  tell("One", "list", [...ROWS, { ...now, note: "waits for another job" }]);
  await program.shows(/StartEMRJob +5\.\d s/);
  await program.shows(/StartEMRJob +6\.\d s {2}waits for another job/);
  expect(seen(program)).toEqual([
    ...["* One  T", "  run a", "  ✔ ValidateInput       T"],
    ...["  ✔ TakeSourceLock  1 min T", "  * StartEMRJob         T  waits for another job"],
  ]);
  tell("One", "list", [...ROWS, { text: "StartEMRJob", state: "failed", milliseconds: 7000 }]);
  tell("One", "note", "it cost 1 USD");
  tell("One", "result", "well");
  tell("One", "done");
  await program.shows(/Three/);
  tell("Two", "now", "half way");
  tell("Three", "done");
  await program.shows(/half way/);
  tell("Two", "say", "something else");
  await program.shows(/something else/);
  tell("Two", "fail", "it is broken");
  expect(await program.exitCode).toBe(1);
  expect(seen(program)).toEqual([
    ...["✔ One  T  well", "  run a", "  ✔ ValidateInput       T", "  ✔ TakeSourceLock  1 min T"],
    ...[
      "  ✖ StartEMRJob         T  failed",
      "  it cost 1 USD",
      "something else",
      "✖ Two  T  failed",
      "✔ Three  T",
    ],
    "error: it is broken",
  ]);
});

test("NO_COLOR leaves shapes and words; without it there are colours", async () => {
  const { program, tell } = await inTerminalOf(60, 20, { NO_COLOR: "1" });
  const colored = await inTerminalOf(60, 20);
  for (const step of [tell, colored.tell]) step("One", "fail", "it is broken");
  await Promise.all([program.exitCode, colored.program.exitCode]);
  expect(seen(program)).toEqual(["✖ One  T  failed", "error: it is broken"]);
  const style = "\u001b[31m";
  expect(program.bytes()).not.toContain("\u001b[3");
  expect(colored.program.bytes()).toContain(style);
});

const MANY = Array.from({ length: 12 }, (_, at) => ({
  ...{ text: `State${at}`, state: "done", milliseconds: 1000 },
}));

test("a terminal of few rows shows the end of the list; at last there is all of it", async () => {
  const { program, tell } = await inTerminalOf(30, 6);
  tell("One", "list", MANY);
  await program.shows(/… 9 lines above/);
  expect(seen(program)).toEqual([
    "… 9 lines above",
    ...["8 ", "9 ", "10", "11"].map((state) => `  ✔ State${state}  T`),
  ]);
  tell("One", "fail", "broken");
  await program.exitCode;
  expect(seen(program)).toEqual([
    "✖ One  T  failed",
    ...MANY.map(({ text }) => `  ✔ ${text.padEnd(7)}  T`),
    "error: broken",
  ]);
});

test("a terminal that becomes narrow cuts the rows, and shows them whole again when it is wide", async () => {
  const { program, tell } = await inTerminalOf(30, 30);
  tell("One", "list", MANY.slice(0, 2));
  await program.shows(/State1 +1\.0 s/);
  program.resize(12, 30);
  await program.shows(/State1…/);
  expect(seen(program).slice(1)).toEqual(["  ✔ State0…", "  ✔ State1…"]);
  program.resize(30, 30);
  await program.shows(/State1 +1\.0 s/);
  expect(seen(program)).toEqual(["* One  T", "  ✔ State0  T", "  ✔ State1  T"]);
  tell("One", "fail", "broken");
  await program.exitCode;
});

test("an interruption leaves the list where it is, marked as not finished, and speaks below it", async () => {
  const { program, tell } = await inTerminalOf(60, 20);
  tell("One", "list", [{ text: "StartEMRJob", state: "now", since: Date.now() }]);
  await program.shows(/StartEMRJob/);
  program.kill("SIGINT");
  expect(await program.exitCode).toBe(130);
  expect(seen(program)).toEqual([
    ...["◼ One  T  not finished", "  ◼ StartEMRJob  T", "Interrupted. Ending what was started ..."],
  ]);
});

test("text of others steers nothing, and stays in its line", async () => {
  const { program, tell } = await inTerminalOf(60, 20);
  tell("One", "now", "a\u001b[2Jb\nc");
  await program.shows(/a\\u001b\[2Jb c/);
  tell("One", "note", "tab\there\nand there");
  await program.shows(/and there/);
  expect(seen(program)).toEqual(["* One  T  a\\u001b[2Jb c", "  tab  here", "  and there"]);
});

const PLAIN = [
  'One list [{"text":"A","state":"done","milliseconds":1}]',
  'One note "run a"',
  'One result "well"',
  ...["One done", "Two done", "Three done"],
];
const PLAIN_LINES = [
  ...["One ...", "One: run a", "One: done in T, well", "Two ...", "Three ..."],
  ...["Two: done in T", "Three: done in T"],
];

test("for another program there are plain lines, and no list", async () => {
  const [node = "", ...args] = PROGRAM;
  const { stderr } = await execa(node, args, { input: `${PLAIN.join("\n")}\n` });
  const [, ...lines] = stderr.replaceAll(/\d+\.\d s/g, "T").split("\n");
  expect(lines).toEqual(PLAIN_LINES);
});

test("so there are for a terminal that can do no more", async () => {
  const program = await inTerminal(60, 20, PROGRAM, { TERM: "dumb" });
  await program.shows(/One/);
  for (const line of PLAIN) program.type(line);
  expect(await program.exitCode).toBe(0);
  expect(seen(program)).toEqual(PLAIN_LINES);
  expect(program.bytes()).not.toContain("\u001b");
});
