/** The `lake` command, run as a user runs it. */
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

const LAKE = fileURLToPath(new URL("../../../src/cli/lake.mjs", import.meta.url));

/** Runs it from a folder outside the project; `env` is laid over the process environment. */
export function runLake(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return execa(process.execPath, [LAKE, ...args], {
    cwd: tmpdir(),
    reject: false,
    env: { NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
  });
}
