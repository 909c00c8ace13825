import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { isAlive, killTree, waitUntilGone } from "../../src/local/processes";
import { startTethered } from "../../src/local/tethered";
import { program, temporaryFolder } from "./support/fake-tools";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx/esm")).href;
const SUPPORT = fileURLToPath(new URL("./support/", import.meta.url));

/** A program with a child in its group and a grandchild in a session of its own; says their ids. */
function family(folder: string): string {
  return program(
    join(folder, "family"),
    "sleep 600 &",
    `"${process.execPath}" "${SUPPORT}family.mjs"`,
    "wait",
  );
}

/** The next line of a stream. */
function line(child: Pick<ChildProcess, "stdout">): Promise<string> {
  const { stdout } = child;
  if (!stdout) throw new Error("no stdout");
  return new Promise((resolve) => createInterface({ input: stdout }).once("line", resolve));
}

test("killTree ends descendants, also those that lead a session of their own", async () => {
  const child = spawn(family(temporaryFolder()), { stdio: ["ignore", "pipe", "inherit"] });
  const pids = (await line(child)).split(" ").map(Number);
  expect(pids.every(isAlive)).toBe(true);
  await killTree(child.pid ?? 0);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(isAlive(child.pid ?? 0)).toBe(false);
});

test("a tethered command tells its lines, its exit code, and logs both streams", async () => {
  const folder = temporaryFolder();
  const log = join(folder, "log");
  const lines: string[] = [];
  const command = program(join(folder, "speak"), "echo one", "echo two >&2", "exit 7");
  const child = startTethered(command, [], {
    cwd: folder,
    env: process.env,
    log,
    onLine: (text) => lines.push(text),
  });
  expect(await child.exited).toBe(7);
  expect(lines.sort()).toEqual(["one", "two"]);
  expect(readFileSync(log, "utf8").split("\n").sort()).toEqual(["", "one", "two"]);
});

test("stop ends a tethered command with all that it started", async () => {
  const folder = temporaryFolder();
  let told = (_: string) => {};
  const first = new Promise<string>((resolve) => {
    told = resolve;
  });
  const child = startTethered(family(folder), [], {
    cwd: folder,
    env: process.env,
    log: join(folder, "log"),
    onLine: (text) => told(text),
  });
  const pids = (await first).split(" ").map(Number);
  await child.stop();
  expect(pids.filter(isAlive)).toEqual([]);
});

test("a tethered command does not outlive a parent that is killed with SIGKILL", async () => {
  const folder = temporaryFolder();
  const parent = spawn(
    process.execPath,
    ["--import", TSX, join(SUPPORT, "tethering-parent.ts"), family(folder), join(folder, "log")],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => void parent.kill("SIGKILL"));
  const pids = (await line(parent)).split(" ").map(Number);
  expect(pids.every(isAlive)).toBe(true);
  parent.kill("SIGKILL");
  const gone = await Promise.all(pids.map((pid) => waitUntilGone(pid, 10_000)));
  expect(gone).toEqual(pids.map(() => true));
  expect(existsSync(folder)).toBe(true);
});
