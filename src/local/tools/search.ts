/** Looking for a program and asking it for its version. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";

/** One tool: found and fit, or what is wrong with the words to say so. */
export type Found<T> =
  | { readonly ok: true; readonly tool: T }
  | { readonly ok: false; readonly problem: Problem };

/** What is missing, as its reader needs it. */
export interface Problem {
  /** Such as `Java 17`. */
  readonly wanted: string;
  /** Why the project needs it. */
  readonly reason: string;
  /** Where it was looked for and what was there instead. */
  readonly found: readonly string[];
  /** Commands that get it. */
  readonly remedy: readonly string[];
}

/** Milliseconds that a tool may take to tell its version. */
const ANSWER_MS = 15_000;

/** All programs of this name on the PATH, first first. */
export function onPath(name: string, env: NodeJS.ProcessEnv): string[] {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...new Set(folders)].map((folder) => join(folder, name)).filter(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What the program says, both streams, or the reason that it cannot be run. */
export async function ask(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly ok: boolean; readonly stdout: string; readonly all: string }> {
  const result = await execa(file, args, {
    env,
    extendEnv: false,
    reject: false,
    all: true,
    timeout: ANSWER_MS,
    stdin: "ignore",
  });
  const said = result.all.trim();
  return {
    ok: !result.failed,
    stdout: result.stdout,
    all: said === "" && result.failed ? (result.shortMessage ?? "") : said,
  };
}

/** Whether version `a` (`1.10.3`) is at least `b`, number by number. */
export function atLeast(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => text.split(/[.\-+]/).map(Number));
  for (let i = 0; i < (right?.length ?? 0); i += 1) {
    const difference = (left?.[i] || 0) - (right?.[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
