/** Figures that a Python program of a benchmark prints, a JSON object a line. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { z } from "zod";
import { machinePaths, ROOT } from "../../src/local/paths";
import { prepare, venvPython } from "../../src/local/python-environment";
import type { Scope } from "../../src/local/scope";
import { findToolchain } from "../../src/local/toolchain";

/** Characters of a program's stderr that are shown where it fails. */
const SHOWN = 2000;

/** A machine on which Python programs can be run, and a folder for them, gone with the scope. */
export interface Ground {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends a program that runs. */
  readonly cancelSignal: AbortSignal;
}

/** @throws Failure where Python or Java is missing, or packages cannot be had */
export async function groundIn(scope: Scope): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), "lake-bench-"));
  scope.defer(async () => rmSync(folder, { recursive: true, force: true }));
  const { python, java } = await findToolchain(process.env);
  await prepare({
    paths: machinePaths(ROOT),
    env: process.env,
    python,
    java,
    say: console.error,
    defer: (closer) => scope.defer(closer),
  });
  return { folder, env: { JAVA_HOME: java.home }, cancelSignal: scope.signal };
}

/**
 * Runs `__tests__/bench/layout/<program>.py` in a folder of its own, which is empty again afterwards.
 * @param flags besides `--folder`
 * @throws Error with the program's last words, and where a line is none of the schema
 */
export async function figuresOf<Figures extends z.ZodType>(
  { folder, env, cancelSignal }: Ground,
  program: string,
  flags: Readonly<Record<string, string | number>>,
  line: Figures,
): Promise<z.infer<Figures>[]> {
  const own = join(folder, program);
  mkdirSync(own);
  try {
    const script = join(ROOT, "__tests__", "bench", "layout", `${program}.py`);
    const options = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    const { exitCode, stdout, stderr } = await execa(
      venvPython(machinePaths(ROOT)),
      [script, "--folder", own, ...options],
      { cwd: folder, env, cancelSignal, reject: false },
    );
    if (exitCode !== 0)
      throw new Error(`${program}.py ended with ${exitCode}: ${stderr.slice(-SHOWN)}`);
    return stdout.split("\n").map((text) => line.parse(JSON.parse(text)));
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
