/**
 * Running cdktf and Terraform so that a state is never left half written: both may hold its lock.
 *
 * Their output goes into a file and not into a pipe: were this program killed, the next word of
 * Terraform into a pipe that nobody reads would end it too, before it has saved and unlocked. They
 * have a group of their own, and an interruption reaches them once: at the second, which npm and
 * the terminal would give, Terraform drops everything.
 */
import { spawn } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { constants } from "node:os";
import { dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { Scope } from "../../local/scope";

export interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** File that gets what it says, behind what stands there. */
  readonly log: string;
  /** Told what it says as it comes, a line at a time, colours and all. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Said when an interruption has to wait for its end. */
  readonly onInterrupt?: (() => void) | undefined;
}

/** How a program ended. */
export interface Ended {
  /** 128 + the signal's number after a signal. */
  readonly code: number;
  /** Both streams, without control characters. */
  readonly output: string;
}

/** Milliseconds between two looks at what a program has said. */
const LOOK_MS = 100;
/** Milliseconds that what an interrupted program has started may outlive it. */
const GROUP_MS = 60_000;
const CHUNK_BYTES = 64 * 1024;

/** Runs a program to its end; an interruption of `scope` asks it to end, and waits for that. */
export async function runToEnd(
  file: string,
  args: readonly string[],
  options: ChildOptions,
  scope: Scope,
): Promise<Ended> {
  scope.signal.throwIfAborted();
  mkdirSync(dirname(options.log), { recursive: true });
  const log = openSync(options.log, "a+");
  const reader = new LogReader(log, options.onLine);
  try {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", log, log],
      detached: true,
    });
    let running = true;
    const exited = new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
      );
    }).finally(() => {
      running = false;
    });
    scope.defer(async () => {
      if (!running) return;
      options.onInterrupt?.();
      child.kill("SIGINT");
      await exited.catch(() => {});
      // cdktf does not wait for its Terraform, which has yet to give the state's lock back.
      if (child.pid !== undefined) await untilGroupIsGone(child.pid);
    });
    const look = setInterval(() => reader.read(), LOOK_MS);
    try {
      return { code: await exited, output: reader.end() };
    } finally {
      clearInterval(look);
    }
  } finally {
    closeSync(log);
  }
}

async function untilGroupIsGone(group: number): Promise<void> {
  const end = Date.now() + GROUP_MS;
  while (Date.now() < end) {
    try {
      process.kill(-group, 0);
    } catch {
      return;
    }
    await delay(LOOK_MS);
  }
}

/** Reads what is added to a file. */
class LogReader {
  private position: number;
  private readonly decoder = new StringDecoder("utf8");
  private text = "";
  private line = "";

  constructor(
    private readonly file: number,
    private readonly onLine: ((line: string) => void) | undefined,
  ) {
    this.position = fstatSync(file).size;
  }

  read(): void {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const count = readSync(this.file, buffer, 0, CHUNK_BYTES, this.position);
      if (count === 0) return;
      this.position += count;
      this.take(this.decoder.write(buffer.subarray(0, count)));
    }
  }

  end(): string {
    this.read();
    this.take(this.decoder.end());
    if (this.line !== "") this.onLine?.(this.line);
    return stripVTControlCharacters(this.text);
  }

  private take(text: string): void {
    this.text += text;
    const lines = (this.line + text).split("\n");
    this.line = lines.pop() ?? "";
    for (const line of lines) this.onLine?.(line.replace(/\r$/, ""));
  }
}
