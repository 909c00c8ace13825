/** Reads environments, each a file in `env/` and what is given over it, and judges them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readDocument } from "./document";
import { EnvironmentError, type Fault } from "./faults";
import type { Handover } from "./handover";
import type { Layer } from "./layer";
import { type Overrides, overrideLayers } from "./overrides";
import type { Variables } from "./schema";
import { validate } from "./validate";

/** One environment: the file's name without its ending, and its variables. */
export interface Environment {
  readonly name: string;
  readonly variables: Variables;
}

/** All that a folder describes: what is sound, and what is wrong with the rest. */
export interface Environments {
  readonly environments: readonly Environment[];
  readonly faults: readonly Fault[];
}

/** What an environment is read with, beside its own file. */
export interface ReadOptions extends Overrides {
  /** Scripts that `spark_job_name` may name; any name will do where it is left out. */
  readonly jobs?: readonly string[];
  /** Values that have been merged before, by environment: they stand over all others. */
  readonly handover?: Handover;
}

const ENDINGS = [".tfvars", ".tfvars.json"] as const;
/** Bucket names end with it, and S3 takes no hyphen there. */
const ENVIRONMENT_NAME = /^[a-z](?:[a-z0-9-]{0,14}[a-z0-9])?$/;

/** Names of the environments that `directory` describes, sorted. */
export function environmentNames(directory: string): string[] {
  if (!existsSync(directory))
    throw new EnvironmentError([
      { origin: directory, message: "no such folder; expected one *.tfvars file an environment" },
    ]);
  const names = readdirSync(directory).flatMap((file) => {
    const ending = ENDINGS.find((one) => file.endsWith(one));
    return ending ? [file.slice(0, -ending.length)] : [];
  });
  return [...new Set(names)].sort();
}

/** The scripts of a folder that `spark_job_name` may name. */
export function jobScripts(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".py"))
    .sort();
}

/**
 * Every environment in `directory`, sorted by name: a faulty one does not stop work on another.
 * @throws EnvironmentError when there is no folder, or when no value that is given can be read
 */
export async function readEnvironments(
  directory: string,
  options: ReadOptions = {},
): Promise<Environments> {
  const over = await overrideLayers(options);
  const results = await Promise.all(
    environmentNames(directory).map(async (name) => {
      const result = await judge(directory, name, over, options);
      return "faults" in result ? { faults: result.faults.map(named(directory, name)) } : result;
    }),
  );
  return {
    environments: results.flatMap((result) => ("faults" in result ? [] : [result])),
    faults: results.flatMap((result) => ("faults" in result ? result.faults : [])),
  };
}

/** Of many, a value that is given to all does not tell whose fault it is. */
function named(directory: string, name: string): (fault: Fault) => Fault {
  const own = ENDINGS.map((ending) => join(directory, `${name}${ending}`));
  return (fault) =>
    own.includes(fault.origin) ? fault : { ...fault, origin: `${name}: ${fault.origin}` };
}

/**
 * One environment of `directory`.
 * @throws EnvironmentError when there is no such file, or with all of its faults
 */
export async function readEnvironment(
  directory: string,
  name: string,
  options: ReadOptions = {},
): Promise<Environment> {
  const known = environmentNames(directory);
  if (!known.includes(name))
    throw new EnvironmentError([
      {
        origin: join(directory, `${name}.tfvars`),
        message: `no such environment; there are: ${known.join(", ")}`,
      },
    ]);
  const result = await judge(directory, name, await overrideLayers(options), options);
  if ("faults" in result) throw new EnvironmentError(result.faults);
  return result;
}

async function judge(
  directory: string,
  name: string,
  over: readonly Layer[],
  { jobs, handover = {} }: ReadOptions,
): Promise<Environment | { faults: readonly Fault[] }> {
  const [file = "", other] = ENDINGS.map((ending) => join(directory, `${name}${ending}`)).filter(
    (path) => existsSync(path),
  );
  const refuse = (message: string) => ({ faults: [{ origin: file, message }] });
  if (other !== undefined)
    return refuse(`${other} describes the same environment. Keep one of the two files`);
  if (!ENVIRONMENT_NAME.test(name))
    return refuse(
      "the file's name is the environment's: at most 16 lower-case letters, digits and inner hyphens, a letter first. Rename it",
    );
  try {
    const own = await readDocument(file, readFileSync(file, "utf8"));
    const handed: Layer = { values: handover[name] ?? {}, at: () => ({ origin: "lake" }) };
    return validate({ name, layers: [own, ...over, handed], jobs });
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return { faults: error.faults };
  }
}
