/** `lake check [ENV]`. */
import { costOf } from "../../config/cost";
import { EnvironmentError } from "../../config/faults";
import { type Headroom, headroomOf } from "../../config/headroom";
import type { GivenVariables } from "../../config/overrides";
import { PRICES_OF } from "../../config/prices";
import { Failure } from "../../local/failure";
import { warnOfBudget } from "../cost";
import { describedEnvironments } from "../environments";
import { formatHeadroom } from "../headroom";
import { warnOfNoReaders } from "../readers";
import { releaseAdvice } from "../releases";
import { colors, plural, print, say } from "../terminal";

/**
 * Prints the headroom of every valid environment, or of one.
 * @throws EnvironmentError with every fault of the others, when all is printed
 */
export async function check(
  name: string | undefined,
  given: GivenVariables,
  { json }: { readonly json: boolean },
): Promise<void> {
  if (name === undefined && given.vars.length + given.varFiles.length > 0)
    throw new Failure(
      "--var and --var-file are for one environment: npx lake check ENV --var NAME=VALUE",
    );
  const { environments, faults } = await describedEnvironments(name, given);
  const rooms = environments.map(headroomOf);
  if (json) print(JSON.stringify({ prices: PRICES_OF, environments: rooms, faults }, null, 2));
  else tell(rooms);
  warnOfReleases(rooms);
  for (const environment of environments) warnOfBudget(costOf(environment));
  warnOfNoReaders(environments);
  if (faults.length > 0) throw new EnvironmentError(faults);
}

function tell(rooms: readonly Headroom[]): void {
  if (rooms.length === 0) return;
  print(rooms.map(formatHeadroom).join("\n\n"));
  say();
  say(
    colors.dim(
      `${plural(rooms.length, "environment")} valid. Asked: by one run at its widest. USD: EMR Serverless
alone, as of ${PRICES_OF.asOf} in ${PRICES_OF.region}.`,
    ),
  );
}

function warnOfReleases(rooms: readonly Headroom[]): void {
  for (const { name, release } of rooms)
    for (const { what, remedy } of releaseAdvice(release, new Date()))
      say(`${colors.yellow("warning:")} ${name}: ${what}. To mend: ${remedy[0]}`);
}
