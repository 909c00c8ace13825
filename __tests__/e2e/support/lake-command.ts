/** The `lake` command as a person runs it, in a test's own project folder. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished } from "vitest";
import { writeRecord } from "../../../src/local/local-record";
import { machinePaths, ROOT } from "../../../src/local/paths";
import type { Project } from "./deployed-lake";

/** How a command ended. */
export interface Told {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Telling {
  readonly pid: number;
  readonly ended: Promise<Told>;
  /** Resolves when stderr has said this; rejects, with all it said, when the command ends before. */
  said(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

export interface LakeCommand {
  /** Runs the command to its end, without a terminal. */
  (...args: string[]): Promise<Told>;
  start(...args: string[]): Telling;
  /** `lake deploy local`, which has to succeed. */
  deploys(...options: string[]): Promise<Told>;
  /** Runs what must be refused, with a message and no stack. */
  refused(...args: string[]): Promise<Told>;
  /** Turns it to another endpoint, a proxy's, until the test ends. */
  through(endpoint: string): void;
}

/**
 * The command in this project. The program finds its root by where it lies, so it is copied there;
 * and it finds the local AWS by the record that `lake local up` would have left.
 */
export function lakeCommand(project: Project, region = "us-east-1"): LakeCommand {
  const paths = machinePaths(project.folder);
  rmSync(join(project.folder, "src"), { force: true });
  cpSync(join(ROOT, "src"), join(project.folder, "src"), { recursive: true });
  const record = (endpoint: string) =>
    writeRecord(paths, {
      pid: project.pid,
      port: Number(new URL(endpoint).port),
      endpoint,
      startedAt: new Date().toISOString(),
      region,
      ready: true,
    });
  record(project.endpoint);
  const start = (...args: string[]) => telling(run(project, args));
  return Object.assign((...args: string[]) => start(...args).ended, {
    start,
    async deploys(...options: string[]) {
      const told = await start("deploy", "local", "--auto-approve", ...options).ended;
      expect(told).toMatchObject({ exitCode: 0 });
      return told;
    },
    async refused(...args: string[]) {
      const told = await start(...args).ended;
      expect(told.exitCode).toBe(1);
      expect(told.stderr).not.toMatch(/^\s+at /m);
      return told;
    },
    through(endpoint: string) {
      record(endpoint);
      onTestFinished(() => record(project.endpoint));
    },
  });
}

function run({ folder, env }: Project, args: readonly string[]) {
  return execa(process.execPath, [join(folder, "src", "cli", "lake.mjs"), ...args], {
    cwd: folder,
    env,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
}

function telling(child: ReturnType<typeof run>): Telling {
  let heard = "";
  const listeners = new Set<() => void>();
  child.stderr?.on("data", (chunk: Buffer) => {
    heard += chunk.toString();
    for (const listener of listeners) listener();
  });
  const ended = child.then(({ exitCode, stdout, stderr }) => ({
    exitCode: exitCode ?? -1,
    stdout: String(stdout),
    stderr: String(stderr),
  }));
  return {
    pid: child.pid ?? -1,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const listener = () => {
          if (heard.includes(text)) resolve();
        };
        listeners.add(listener);
        listener();
        void ended.then(() =>
          reject(new Error(`it ended without having said "${text}":\n${heard}`)),
        );
      }),
    kill: (signal) => void child.kill(signal),
  };
}
