/** `lake report ENV`. */
import { accessSync, constants, existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { GivenVariables } from "../../config/overrides";
import { Failure } from "../../local/failure";
import { type Scope, withScope } from "../../local/scope";
import { requireAccount } from "../deploy/account";
import { wordsOf } from "../problems";
import { page } from "../report/page";
import { type KnownRuns, reportOf } from "../report/report";
import { synthesized } from "../report/synthesis";
import { lastRuns } from "../runs";
import { describedEnvironment, findTarget } from "../target";
import { colors, print, say } from "../terminal";

/** How many runs the page lists. */
const RUNS = 10;
/** Milliseconds that an account which does not answer is waited for. */
const PATIENCE_MS = 20_000;

/**
 * Writes the page, and its name on stdout. Where the environment cannot be reached, or is not
 * deployed, the page says so and is written all the same.
 */
export async function report(
  name: string,
  given: GivenVariables,
  { out }: { readonly out: string | undefined },
): Promise<void> {
  const file = fileFor(out, `lake-report-${name}.html`);
  const environment = await describedEnvironment(name, undefined, given);
  await withScope(async (scope) => {
    const [stack, runs] = await Promise.all([
      synthesized(environment, scope),
      knownRuns(name, given, scope),
    ]);
    if ("unknown" in runs) say(`${colors.yellow("warning:")} last runs: ${runs.unknown}`);
    write(file, page(reportOf(environment, stack, runs, new Date())));
    print(resolve(file));
  });
}

/**
 * The file to write, looked at before anything is asked of anybody.
 * @throws Failure where nothing can be written there
 */
function fileFor(out: string | undefined, byDefault: string): string {
  if (out?.trim() === "")
    throw new Failure(`--out: expected a file's name; got nothing. Write --out ${byDefault}`);
  const file = out ?? byDefault;
  const isThere = existsSync(file);
  if (file.endsWith("/") || (isThere && statSync(file).isDirectory()))
    throw new Failure(
      `--out: expected a file; got the folder ${file}. Write --out ${join(file, byDefault)}`,
    );
  const folder = dirname(resolve(file));
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new Failure(
      `--out ${file}: there is no folder ${folder}. Make it, or name another file with --out FILE.`,
    );
  const place = isThere ? file : folder;
  try {
    accessSync(place, constants.W_OK);
  } catch {
    throw new Failure(
      `--out ${file}: ${place} is not writable. Name another file with --out FILE.`,
    );
  }
  return file;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Failure(
      `The report cannot be written: ${(error as Error).message}. Name another file with --out FILE.`,
    );
  }
}

async function knownRuns(name: string, given: GivenVariables, scope: Scope): Promise<KnownRuns> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<KnownRuns>((done) => {
    timer = setTimeout(
      () => done({ unknown: `AWS did not answer within ${PATIENCE_MS / 1000} seconds` }),
      PATIENCE_MS,
    );
  });
  const asked = findTarget(name, given)
    .then(async (target) => {
      // Runs of another account's lake would be told as this one's.
      await requireAccount(target);
      return { runs: await lastRuns(target, RUNS) };
    })
    .catch((error: unknown) => ({ unknown: reasonOf(error, name) }));
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
    scope.signal.throwIfAborted();
  }
}

/** Why the runs are not known, in one line. */
function reasonOf(error: unknown, name: string): string {
  if (error instanceof Error && error.name === "StateMachineDoesNotExist")
    return `${name} is not deployed. Deploy it with: npx lake deploy ${name}`;
  return wordsOf(error).replaceAll("\n", " ");
}
