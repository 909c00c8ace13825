/** `lake report ENV`. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
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
  const environment = await describedEnvironment(name, undefined, given);
  await withScope(async (scope) => {
    const [stack, runs] = await Promise.all([
      synthesized(environment, scope),
      knownRuns(name, given, scope),
    ]);
    if ("unknown" in runs) say(`${colors.yellow("warning:")} last runs: ${runs.unknown}`);
    const file = out ?? `lake-report-${name}.html`;
    write(file, page(reportOf(environment, stack, runs, new Date())));
    print(resolve(file));
  });
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
