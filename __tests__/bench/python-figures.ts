/** Figures that a Python program of a benchmark prints, a JSON object a line. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { z } from "zod";
import { ROOT } from "../../src/local/paths";
import type { Ground } from "./python-ground";

/** Characters of a program's stderr that are shown where it fails. */
const SHOWN = 2000;

/**
 * Runs `__tests__/bench/layout/<program>.py` in a folder of its own, which is empty again afterwards.
 * @param flags besides `--folder`
 * @throws Error with the program's last words, and where a line is none of the schema
 */
export async function figuresOf<Figures extends z.ZodType>(
  { folder, python, javaHome, cancelSignal }: Ground,
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
      python,
      [script, "--folder", own, ...options],
      { cwd: folder, env: { JAVA_HOME: javaHome }, cancelSignal, reject: false },
    );
    if (exitCode !== 0)
      throw new Error(`${program}.py ended with ${exitCode}: ${stderr.slice(-SHOWN)}`);
    return stdout.split("\n").map((text) => line.parse(JSON.parse(text)));
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}
