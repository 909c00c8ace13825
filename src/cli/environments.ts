/** All environments, or one, for commands that speak of the faulty ones too. */
import { join } from "node:path";
import { type Environments, jobScripts, readEnvironments } from "../config/environment";
import { EnvironmentError } from "../config/faults";
import type { GivenVariables } from "../config/overrides";
import { type MachinePaths, machinePaths } from "../local/paths";
import { describedEnvironment } from "./target";

/**
 * The named environment with what is given over it, or every one; faults are told, not thrown.
 * @throws Failure when there is no environment of that name
 */
export async function describedEnvironments(
  name: string | undefined,
  given?: GivenVariables,
  paths: MachinePaths = machinePaths(),
): Promise<Environments> {
  try {
    if (name !== undefined)
      return { environments: [await describedEnvironment(name, paths, given)], faults: [] };
    const jobs = jobScripts(join(paths.root, "jobs"));
    return await readEnvironments(paths.environments, { env: process.env, jobs });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { environments: [], faults: error.faults };
  }
}
