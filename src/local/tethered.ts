/** Running a command that ends with this program, whichever way this program ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { waitUntilGone } from "./processes";

/** How to run the command. */
export interface TetheredOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** File that gets everything the command says. */
  readonly log: string;
  /** Told every line of either stream as it comes, without terminal control characters. */
  readonly onLine?: (line: string) => void;
}

/** A command that runs. */
export interface Tethered {
  /** Resolves with the exit code (128 + signal's number after a signal). */
  readonly exited: Promise<number>;
  /** Kills the command with all that it started; resolves when they are gone. */
  stop(): Promise<void>;
}

const TETHER = fileURLToPath(new URL("./tether.ts", import.meta.url));

/** Starts a command behind a tether (see tether.ts). */
export function startTethered(
  command: string,
  args: readonly string[],
  options: TetheredOptions,
): Tethered {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/esm")).href;
  const child = spawn(process.execPath, ["--import", tsx, TETHER, command, ...args], {
    cwd: options.cwd,
    env: options.env,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true, // the terminal's Ctrl-C is ours to pass on
  });
  child.stdin.on("error", () => {}); // it may end before we close its stdin
  const log = createWriteStream(options.log, { flags: "a" });
  const streams = [child.stdout, child.stderr].map((stream) => {
    const lines = createInterface({ input: stream });
    lines.on("line", (line) => {
      const plain = stripVTControlCharacters(line);
      log.write(`${plain}\n`);
      options.onLine?.(plain);
    });
    return new Promise((resolve) => lines.once("close", resolve));
  });
  const code = exitCodeOf(child);
  const exited = code.then(async (value) => {
    await Promise.all(streams);
    await new Promise<void>((resolve) => log.end(resolve));
    return value;
  });
  return {
    exited,
    async stop() {
      child.stdin.end();
      child.kill("SIGTERM");
      if (child.pid !== undefined) await waitUntilGone(child.pid, 10_000);
    },
  };
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
