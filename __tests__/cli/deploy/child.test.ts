import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { runToEnd } from "../../../src/cli/deploy/child";
import { isAlive, waitUntilGone } from "../../../src/local/processes";
import { Scope } from "../../../src/local/scope";
import { temporaryFolder } from "../../local/support/fake-tools";

/** Counts the SIGINTs that it gets; ends half a second after the first, as Terraform takes its time. */
const COUNTER = `
let count = 0;
process.on("SIGINT", () => {
  count += 1;
  if (count === 1) setTimeout(() => { console.log("interrupts:", count); process.exit(3); }, 500);
});
setInterval(() => {}, 1000);
console.log("ready", process.pid);`;

function run(code: string, scope: Scope, onLine?: (line: string) => void) {
  const folder = temporaryFolder();
  const log = join(folder, "logs", "child.log");
  const options = { cwd: folder, env: process.env, log, onLine };
  return { log, ended: runToEnd(process.execPath, ["-e", code], options, scope) };
}

test("gives the exit code, both streams line by line, and the text without colours", async () => {
  const lines: string[] = [];
  const code = `
process.stdout.write("one\\ntw");
setTimeout(() => { process.stdout.write("o €\\n"); console.error("\\x1b[31mthree\\x1b[0m"); process.stdout.write("end"); process.exitCode = 7; }, 250);`;
  const { log, ended } = run(code, new Scope(), (line) => lines.push(line));
  expect(await ended).toEqual({ code: 7, output: "one\ntwo €\nthree\nend" });
  expect(lines).toEqual(["one", "two €", "\x1b[31mthree\x1b[0m", "end"]);
  expect(readFileSync(log, "utf8")).toContain("two €\n");
});

test("tells what the program says while it runs", async () => {
  const scope = new Scope();
  await new Promise<void>((resolve) => {
    const { ended } = run(COUNTER, scope, (line) => line.startsWith("ready") && resolve());
    ended.catch(() => {});
  });
  await scope.close();
});

test("an interruption reaches the program once, and its end is waited for", async () => {
  const scope = new Scope();
  let ready = () => {};
  const isReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const { ended } = run(COUNTER, scope, (line) => line.startsWith("ready") && ready());
  await isReady;
  scope.interrupt();
  await scope.close();
  expect(await ended).toMatchObject({
    code: 3,
    output: expect.stringMatching(/interrupts: 1\n$/),
  });
});

test("nothing is started once the command is interrupted", async () => {
  const scope = new Scope();
  scope.interrupt();
  await expect(run("console.log(1)", scope).ended).rejects.toThrow("interrupted");
});

test("a program that is not there is an error", async () => {
  const folder = temporaryFolder();
  const options = { cwd: folder, env: process.env, log: join(folder, "log") };
  await expect(runToEnd("/no/such/program", [], options, new Scope())).rejects.toThrow("ENOENT");
});

test("a signal's end is told as shells tell it", async () => {
  const { ended } = run('process.kill(process.pid, "SIGKILL")', new Scope());
  expect((await ended).code).toBe(137);
});

test("the program lives on when we are killed, also where it has something to say", async () => {
  const folder = temporaryFolder();
  const log = join(folder, "child.log");
  const child = `setTimeout(() => { console.log("said"); console.error("and said"); }, 300); console.log("pid", process.pid);`;
  const parent = `
import { runToEnd } from ${JSON.stringify(new URL("../../../src/cli/deploy/child.ts", import.meta.url).href)};
import { Scope } from ${JSON.stringify(new URL("../../../src/local/scope.ts", import.meta.url).href)};
const options = { cwd: ".", env: process.env, log: ${JSON.stringify(log)}, onLine: (line) => console.log(line) };
await runToEnd(process.execPath, ["-e", ${JSON.stringify(child)}], options, new Scope());`;
  const running = execa(process.execPath, ["--import", "tsx", "-e", parent], { reject: false });
  let pid = 0;
  for await (const line of running) {
    pid = Number(/pid (\d+)/.exec(String(line))?.[1]);
    break;
  }
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  });
  running.kill("SIGKILL");
  await running;
  expect(await waitUntilGone(pid, 10_000)).toBe(true);
  expect(readFileSync(log, "utf8")).toContain("said\nand said\n");
});
