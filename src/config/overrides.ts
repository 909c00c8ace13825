/** Values that stand over the environment's own file: TF_VAR_, `--var-file` and `--var`. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { readDocument } from "./document";
import { EnvironmentError, type Fault } from "./faults";
import { readHcl } from "./hcl";
import type { Layer } from "./layer";
import { VARIABLE_NAMES, variable } from "./schema";
import { unknownVariable } from "./wording";

/** Flags as Terraform has them; within each list the later one wins, and every `--var` over files. */
export interface GivenVariables {
  /** Paths of `--var-file`, relative to the working directory. */
  readonly varFiles: readonly string[];
  /** `name=value` of `--var`. */
  readonly vars: readonly string[];
}

/** Where values may come from, beside the environment's file. */
export interface Overrides extends Partial<GivenVariables> {
  /** The process environment: of it, what begins with `TF_VAR_`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const PREFIX = "TF_VAR_";

/**
 * One layer for each place, in Terraform's order: each stands over those before it.
 * A `TF_VAR_` of another name belongs to someone else and is left alone, as Terraform does.
 * @throws EnvironmentError with the faults of all that cannot be read
 */
export async function overrideLayers(overrides: Overrides): Promise<Layer[]> {
  const exported = Object.entries(overrides.env ?? {}).flatMap(([key, text]) => {
    const name = key.slice(PREFIX.length);
    return key.startsWith(PREFIX) && text !== undefined && VARIABLE_NAMES.includes(name)
      ? [fromText(name, text, key)]
      : [];
  });
  const files = (overrides.varFiles ?? []).map(fromFile);
  const flags = (overrides.vars ?? []).map(fromFlag);
  const results = await Promise.allSettled([...exported, ...files, ...flags]);
  const faults: Fault[] = [];
  const layers: Layer[] = [];
  for (const result of results) {
    if (result.status === "fulfilled") layers.push(result.value);
    else if (result.reason instanceof EnvironmentError) faults.push(...result.reason.faults);
    else throw result.reason;
  }
  if (faults.length > 0) throw new EnvironmentError(faults);
  return layers;
}

async function fromFile(path: string): Promise<Layer> {
  const origin = `--var-file ${path}`;
  if (!existsSync(path) || !statSync(path).isFile())
    throw new EnvironmentError([
      { origin, message: "no such file; the path is taken from the working directory" },
    ]);
  return readDocument(path, readFileSync(path, "utf8"));
}

async function fromFlag(flag: string): Promise<Layer> {
  const at = flag.indexOf("=");
  const name = flag.slice(0, at).trim();
  if (at < 0 || name === "")
    throw new EnvironmentError([
      // What stands there may be a value.
      { origin: "--var", message: "expected NAME=VALUE, such as --var emr_max_workers=8" },
    ]);
  if (!VARIABLE_NAMES.includes(name))
    throw new EnvironmentError([
      { origin: "--var", variable: name, message: unknownVariable(name) },
    ]);
  return fromText(name, flag.slice(at + 1), "--var");
}

/** A value as Terraform reads it from text: by the variable's type, HCL for lists and maps. */
async function fromText(name: string, text: string, origin: string): Promise<Layer> {
  return { values: { [name]: await valueFrom(name, text, origin) }, at: () => ({ origin }) };
}

async function valueFrom(name: string, text: string, origin: string): Promise<unknown> {
  const trimmed = text.trim();
  switch (kindOf(name)) {
    case "string":
      return text;
    case "number":
      return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : text;
    case "boolean":
      return (
        new Map<string, unknown>([
          ["true", true],
          ["1", true],
          ["false", false],
          ["0", false],
        ]).get(trimmed) ?? text
      );
    default:
      return hclValue(name, trimmed, origin);
  }
}

async function hclValue(name: string, text: string, origin: string): Promise<unknown> {
  const refuse = (message: string) => ({
    origin,
    variable: name,
    message: `${message.replace(/\.?$/, ".")} Write the value in HCL, in quotes for the shell: '["a", "b"]' or '{ a = 1 }'`,
  });
  try {
    const { values } = await readHcl(origin, `value = ${text}\n`);
    if (Object.keys(values).length === 1) return values.value;
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    throw new EnvironmentError(error.faults.map(({ message }) => refuse(message)));
  }
  throw new EnvironmentError([refuse("syntax: more than one value")]);
}

/** Which of Terraform's types the variable has, as far as reading its text depends on it. */
function kindOf(name: string): "string" | "number" | "boolean" | "collection" {
  let type = variable(name)?.type;
  while (
    type instanceof z.ZodDefault ||
    type instanceof z.ZodPrefault ||
    type instanceof z.ZodOptional
  )
    type = type.unwrap() as z.ZodType;
  if (type instanceof z.ZodBoolean) return "boolean";
  if (type instanceof z.ZodNumber || type instanceof z.ZodLiteral) return "number";
  const isCollection = [z.ZodArray, z.ZodRecord, z.ZodObject].some((one) => type instanceof one);
  return isCollection ? "collection" : "string";
}
