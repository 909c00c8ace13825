/** The environment that a command works on: its variables, names, and how AWS is reached. */
import { join } from "node:path";
import {
  type Environment,
  environmentNames,
  jobScripts,
  readEnvironment,
} from "../config/environment";
import { handOver } from "../config/handover";
import { namingOf } from "../config/naming-of";
import type { GivenVariables } from "../config/overrides";
import { nearest } from "../config/suggest";
import { localEnvironment, localVariables } from "../local/aws-environment";
import { Failure } from "../local/failure";
import { localStatus } from "../local/local-record";
import { type MachinePaths, machinePaths } from "../local/paths";
import { type Names, physicalNames } from "../naming";

/** The environment that the local AWS answers for. */
export const LOCAL = "local";

/** What the AWS SDK's clients are made with. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** One environment, ready to be worked on. */
export interface Target {
  readonly environment: Environment;
  readonly names: Names;
  readonly client: ClientSettings;
  /** Process environment for programs that talk to it; cdktf finds the merged variables in it. */
  readonly env: NodeJS.ProcessEnv;
  readonly isLocal: boolean;
}

/**
 * The named environment: its file, TF_VAR_ of the process, and what is given.
 * @throws Failure when there is no such file, EnvironmentError with all of its faults
 */
export async function describedEnvironment(
  name: string,
  paths: MachinePaths = machinePaths(),
  given?: GivenVariables,
): Promise<Environment> {
  const known = environmentNames(paths.environments);
  if (!known.includes(name)) {
    const near = nearest(name, known);
    throw new Failure(
      `There is no environment "${name}".${near ? ` Did you mean ${near}?` : ""} There are: ${known.join(", ")} (env/*.tfvars).`,
    );
  }
  return readEnvironment(paths.environments, name, {
    env: process.env,
    jobs: jobScripts(join(paths.root, "jobs")),
    ...given,
  });
}

/** An environment of the local AWS at this endpoint. */
export function localTarget(environment: Environment, endpoint: string): Target {
  const region = environment.variables.aws_region;
  const variables = localVariables({ endpoint, region });
  return {
    environment,
    names: physicalNames(namingOf(environment)),
    client: {
      region,
      endpoint,
      credentials: {
        accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
        secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
      },
    },
    env: localEnvironment(process.env, { endpoint, region }, handOver(environment)),
    isLocal: true,
  };
}

/**
 * The named environment, where it is deployed: an account of the user's credentials, or for
 * `local` the local AWS that `lake local up` left running.
 */
export async function findTarget(
  name: string,
  given?: GivenVariables,
  paths: MachinePaths = machinePaths(),
): Promise<Target> {
  const environment = await describedEnvironment(name, paths, given);
  if (name === LOCAL) {
    const status = await localStatus(paths);
    if (status.state !== "running")
      throw new Failure("The local AWS is not running. Start it with: npx lake local up");
    if (!status.record.ready)
      throw new Failure("The local AWS is still being set up by another `lake local up`.");
    return localTarget(environment, status.record.endpoint);
  }
  return {
    environment,
    names: physicalNames(namingOf(environment)),
    client: { region: environment.variables.aws_region },
    env: { ...process.env, ...handOver(environment) },
    isLocal: false,
  };
}
