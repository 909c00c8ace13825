/** Runs a program to its end, and hears all of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How it ended; `output` is both streams, in the order of their lines. */
export interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/**
 * Its output goes to a file: cdktf exits before a pipe has taken all of its last words, which are
 * those that say what went wrong.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "lake-said-"));
  const file = join(folder, "output");
  const log = openSync(file, "a");
  try {
    const child = spawn(program, args, { ...options, stdio: ["ignore", log, log] });
    const end = () => void child.kill();
    process.once("exit", end);
    const [code] = (await once(child, "exit")) as [number | null];
    process.off("exit", end);
    return { exitCode: code ?? -1, output: readFileSync(file, "utf8").replace(/\n$/, "") };
  } finally {
    closeSync(log);
    rmSync(folder, { recursive: true, force: true });
  }
}
