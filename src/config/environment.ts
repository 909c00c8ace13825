/** Reads `env/<environment>.tfvars` into validated environments. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { EnvironmentError, type Fault } from "./faults";
import { brokenRules } from "./rules";
import { VARIABLE_NAMES, type Variables, variablesSchema } from "./schema";

/** One environment: the file's name without its ending, and its variables. */
export interface Environment {
  readonly name: string;
  readonly variables: Variables;
}

const ENDING = ".tfvars";
/** Bucket names end with it, and S3 takes no hyphen there. */
const ENVIRONMENT_NAME = /^[a-z](?:[a-z0-9-]{0,14}[a-z0-9])?$/;
/** Share of a name's letters that a slip of the pen may change. */
const TYPO_SHARE = 0.4;

/** Names of the environments that `directory` describes, sorted. */
export function environmentNames(directory: string): string[] {
  if (!existsSync(directory))
    throw new EnvironmentError([
      { file: directory, message: "no such folder; expected one *.tfvars file an environment" },
    ]);
  return readdirSync(directory)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

/**
 * Every environment in `directory`, sorted by name.
 * @throws EnvironmentError with all faults of all files
 */
export async function readEnvironments(directory: string): Promise<Environment[]> {
  const results = await Promise.all(
    environmentNames(directory).map((name) => judge(directory, name)),
  );
  const faults = results.flatMap((result) => ("faults" in result ? result.faults : []));
  if (faults.length > 0) throw new EnvironmentError(faults);
  return results.flatMap((result) => ("faults" in result ? [] : [result]));
}

/**
 * One environment of `directory`.
 * @throws EnvironmentError when there is no such file, or with all of its faults
 */
export async function readEnvironment(directory: string, name: string): Promise<Environment> {
  const known = environmentNames(directory);
  if (!known.includes(name))
    throw new EnvironmentError([
      {
        file: join(directory, `${name}${ENDING}`),
        message: `no such environment; there are: ${known.join(", ")}`,
      },
    ]);
  const result = await judge(directory, name);
  if ("faults" in result) throw new EnvironmentError(result.faults);
  return result;
}

/**
 * Checks that every environment's job is a file of this folder.
 * @throws EnvironmentError that names the scripts there are
 */
export function requireJobs(environments: readonly Environment[], folder: string): void {
  const scripts = readdirSync(folder).filter((file) => file.endsWith(".py"));
  const faults = environments
    .filter(({ variables }) => !scripts.includes(variables.spark_job_name))
    .map(({ name, variables }) => ({
      file: `${name}${ENDING}`,
      variable: "spark_job_name",
      message: `no ${variables.spark_job_name} in jobs/; there is: ${scripts.sort().join(", ")}`,
    }));
  if (faults.length > 0) throw new EnvironmentError(faults);
}

async function judge(directory: string, name: string): Promise<Environment | { faults: Fault[] }> {
  const file = join(directory, `${name}${ENDING}`);
  if (!ENVIRONMENT_NAME.test(name))
    return {
      faults: [
        {
          file,
          message:
            "the file's name is the environment's: at most 16 lower-case letters, digits and inner hyphens, a letter first. Rename it",
        },
      ],
    };
  const text = readFileSync(file, "utf8");
  let values: Record<string, unknown>;
  try {
    values = (await parse(file, text)) as Record<string, unknown>;
  } catch (error) {
    return { faults: [{ file, message: syntaxMessage(error, file) }] };
  }
  return validate(name, file, text, values);
}

function validate(
  name: string,
  file: string,
  text: string,
  values: Record<string, unknown>,
): Environment | { faults: Fault[] } {
  const at = (variable: string, message: string): Fault => ({
    file,
    line: lineOf(text, variable.split(".")[0] ?? variable),
    variable,
    message,
  });
  const expressions = expressionsIn(values).map((path) =>
    at(path, "a tfvars file holds plain values, no expressions. Write the value itself"),
  );
  const result = variablesSchema.safeParse(values);
  if (!result.success) {
    const faults = result.error.issues.flatMap((issue) => faultsOf(issue, values, at));
    return { faults: [...expressions, ...faults] };
  }
  const broken = brokenRules(result.data, name).map((rule) => at(rule.variable, rule.message));
  const faults = [...expressions, ...broken];
  return faults.length > 0 ? { faults } : { name, variables: result.data };
}

function faultsOf(
  issue: z.core.$ZodIssue,
  values: unknown,
  at: (variable: string, message: string) => Fault,
): Fault[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) =>
      at([...path, key].join("."), unknownMessage(key, path.length === 0 ? VARIABLE_NAMES : [])),
    );
  const found = path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    values,
  );
  const inner =
    issue.code === "invalid_key" ? issue.issues.map((i) => i.message).join("; ") : undefined;
  return [
    at(
      path.join("."),
      inner === undefined
        ? `${issue.message}; got ${JSON.stringify(found)}`
        : `the name "${path.at(-1)}" is not allowed: ${inner}`,
    ),
  ];
}

function unknownMessage(key: string, known: readonly string[]): string {
  const near = known.length > 0 ? closest(key, known) : undefined;
  return near !== undefined && distance(key, near) <= key.length * TYPO_SHARE
    ? `unknown variable. Did you mean ${near}?`
    : "unknown variable. docs/variables.md lists the known ones";
}

/** Paths of strings that hold a `${…}`, which hcl2json leaves for Terraform to evaluate. */
function expressionsIn(value: unknown, path: string[] = []): string[] {
  if (typeof value === "string") return value.includes("${") ? [path.join(".")] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => expressionsIn(inner, [...path, key]));
}

/** The line that sets a variable. A map before it may have a key of that name, further in. */
function lineOf(text: string, variable: string): number | undefined {
  const setting = new RegExp(`^(\\s*)"?${escapeRegExp(variable)}"?\\s*=`);
  const [nearest] = text
    .split("\n")
    .map((line, index) => ({ line: index + 1, indent: setting.exec(line)?.[1]?.length }))
    .filter(({ indent }) => indent !== undefined)
    .sort((a, b) => (a.indent ?? 0) - (b.indent ?? 0));
  return nearest?.line;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** hcl2json says `parse config: [FILE:LINE,COL-COL: what; why]`. */
function syntaxMessage(error: unknown, file: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const inner = /\[(.*)\]/s.exec(text)?.[1] ?? text;
  return inner.replaceAll(`${file}:`, "line ").trim();
}
