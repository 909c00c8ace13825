/** The life of the local AWS: one emulator process, attached to this program or left running. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { overlay } from "./aws-environment";
import { Failure, lastLines } from "./failure";
import type { MachinePaths } from "./paths";
import { killTree, waitUntilGone } from "./processes";
import { venvPython } from "./python-environment";
import type { Toolchain } from "./toolchain";

/** What the emulator is started with. */
export interface LocalAwsOptions {
  readonly paths: MachinePaths;
  readonly toolchain: Pick<Toolchain, "java" | "node">;
  readonly env: NodeJS.ProcessEnv;
  /** TCP port; a free one by default. */
  readonly port?: number | undefined;
  /** Seconds of a CloudWatch minute, 0.1 to 60; 60 by default. */
  readonly minute?: number | undefined;
  /** Folder for temporary files. */
  readonly work: string;
  /** File for the emulator's log. */
  readonly log: string;
  /** Lives on when this program ends; by default it ends with it, however that ends. */
  readonly detached?: boolean;
  /** Has it ended when the command is interrupted, also while it starts. */
  readonly defer?: (stop: () => Promise<void>) => void;
}

/** A local AWS that answers. */
export interface LocalAws {
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly pid: number;
  /** Ends it with all that it started; resolves when it is gone. */
  stop(): Promise<void>;
}

/** The port that tools for a local AWS expect. */
export const CUSTOMARY_PORT = 4566;
/** Milliseconds until it must answer. It takes one or two seconds. */
const START_MS = 90_000;
/** Milliseconds that it may take to end Spark and itself before it is killed. */
const STOP_MS = 15_000;

/**
 * Starts the emulator; resolves when it answers.
 * @throws Failure with the emulator's last words
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { paths, toolchain, detached = false } = options;
  mkdirSync(dirname(options.log), { recursive: true });
  mkdirSync(options.work, { recursive: true });
  const log = openSync(options.log, "a");
  const child = spawn(venvPython(paths), emulatorArguments(options), {
    cwd: paths.root,
    env: overlay(options.env, {
      PYTHONPATH: paths.pythonPath,
      PYTHONDONTWRITEBYTECODE: "1",
      JAVA_HOME: toolchain.java.home,
    }),
    // Attached, it ends at the end of its stdin: the system closes that even after a SIGKILL.
    stdio: [detached ? "ignore" : "pipe", "pipe", log],
    detached: true, // the terminal's Ctrl-C is ours to pass on
  });
  closeSync(log);
  const { pid } = child;
  const stop = () => stopProcess(child);
  options.defer?.(stop);
  try {
    const endpoint = await readyLine(child, options.log);
    if (pid === undefined) throw new Failure("the local AWS has no process");
    if (detached) {
      child.stdout?.destroy();
      child.unref();
    }
    return { endpoint, pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Arguments after the interpreter; `status` recognises the process by them. */
function emulatorArguments(options: LocalAwsOptions): string[] {
  return [
    ...["-m", "emulator"],
    ...["--port", String(options.port ?? 0)],
    ...(options.minute === undefined ? [] : ["--minute", String(options.minute)]),
    ...["--node", options.toolchain.node.path],
    ...["--jars", options.paths.jars],
    ...["--work", options.work],
    ...(options.detached ? [] : ["--watch-stdin"]),
  ];
}

async function readyLine(child: ChildProcess, log: string): Promise<string> {
  const stdout = child.stdout;
  if (!stdout) throw new Failure("the local AWS has no stdout");
  let timer: NodeJS.Timeout | undefined;
  const words = () => (existsSync(log) ? lastLines(readFileSync(log, "utf8"), 8) : undefined);
  try {
    return await new Promise<string>((resolve, reject) => {
      const fail = (why: string) =>
        reject(new Failure(`The local AWS ${why}.`, { cause: words(), log }));
      timer = setTimeout(() => fail(`did not answer within ${START_MS / 1000} s`), START_MS);
      child.once("error", (error) => fail(`could not be started: ${error.message}`));
      child.once("exit", (code, signal) =>
        fail(`ended at its start (${signal ?? `exit ${code}`})`),
      );
      createInterface({ input: stdout }).once("line", (line) => {
        const ready = parseReadyLine(line);
        if (ready === undefined) fail(`said "${line}" instead of its endpoint`);
        else resolve(ready);
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

/** The endpoint in the emulator's ready line; undefined when the line is another. */
export function parseReadyLine(line: string): string | undefined {
  try {
    const { endpoint } = JSON.parse(line) as { endpoint?: unknown };
    return typeof endpoint === "string" ? endpoint : undefined;
  } catch {
    return undefined;
  }
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  child.stdin?.on("error", () => {}).end();
  await endProcess(child.pid);
}

/** Ends the emulator of this process id: politely, then with all that it started. */
export async function endProcess(pid: number): Promise<void> {
  try {
    process.kill(pid, "SIGTERM");
  } catch {
    return; // gone
  }
  if (!(await waitUntilGone(pid, STOP_MS))) await killTree(pid);
}

/** Whether something accepts connections on this port of this machine. */
export function isPortTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
