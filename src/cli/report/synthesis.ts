/** One environment's stack as `cdktf deploy` would have it, in a folder that is gone afterwards. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import type { Environment } from "../../config/environment";
import { handOver } from "../../config/handover";
import { Failure, lastLines } from "../../local/failure";
import { machinePaths } from "../../local/paths";
import type { Scope } from "../../local/scope";
import type { StackJson } from "./graph";

/** Lines of a cause that are shown. */
const QUOTED_LINES = 12;
/** Where Node.js begins to tell of an error that nobody caught: `TypeError [ERR_X]: …`. */
const ERROR = /^\[?(?:Uncaught )?\w*Error(?: \[\w+\])?: /m;
/** Where in the code it was, and whose end it was. */
const WHERE = /^(?:\s+at .*|Node\.js v\d.*)$\n?/gm;

/** Why a program ended, of all that it said: its error without the stack, or else its last lines. */
export function causeIn(said: string): string {
  const begin = said.search(ERROR);
  const words = said.slice(Math.max(0, begin)).replaceAll(WHERE, "");
  return begin < 0
    ? lastLines(words, QUOTED_LINES)
    : words.trim().split("\n").slice(0, QUOTED_LINES).join("\n");
}

/**
 * Runs main.ts as cdktf runs it, with the environment's merged variables.
 * @throws Failure with what it said
 */
export async function synthesized(environment: Environment, scope: Scope): Promise<StackJson> {
  const { root } = machinePaths();
  const folder = mkdtempSync(join(tmpdir(), "lake-report-"));
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/esm")).href;
  const { exitCode, all } = await execa(process.execPath, ["--import", tsx, "main.ts"], {
    cwd: root,
    env: { ...handOver(environment), CDKTF_OUTDIR: folder, CHECKPOINT_DISABLE: "1" },
    all: true,
    reject: false,
    cancelSignal: scope.signal,
  });
  scope.signal.throwIfAborted();
  if (exitCode !== 0)
    throw new Failure(`${environment.name} cannot be synthesized (main.ts).`, {
      cause: causeIn(all ?? ""),
    });
  const file = join(folder, "stacks", `data-lake-${environment.name}`, "cdk.tf.json");
  return JSON.parse(readFileSync(file, "utf8")) as StackJson;
}
