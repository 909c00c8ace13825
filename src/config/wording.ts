/** The words of a fault: what was expected, what was found, how to mend it. */
import type { z } from "zod";
import { hclOf } from "./hcl";
import { type Path, valueAt, valueWith, valueWithout } from "./layer";
import { type Change, wayWords } from "./problems";
import { VARIABLE_NAMES, variable } from "./schema";
import type { Surroundings } from "./settle";
import { nearest } from "./suggest";

/** Letters of a value that a fault shows. */
const LONGEST_SHOWN = 80;
/** Text without its quotes, as the parser hands it on. */
const BARE_WORD = /^\$\{([\p{L}_][\p{L}\p{N}_-]*)\}$/u;
const HIDDEN = "a value that is not shown";

/** A name that no variable has. Its value is not shown: it may be a secret meant for elsewhere. */
export function unknownVariable(name: string): string {
  const meant = nearest(name, VARIABLE_NAMES);
  return meant === undefined
    ? "unknown variable. docs/variables.md lists the known ones"
    : `unknown variable. Did you mean ${meant}?`;
}

/** A key that a map inside a variable does not have. */
export function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === undefined
    ? `unknown key; there are: ${known.join(", ")}. Remove it`
    : `unknown key. Did you mean ${meant}?`;
}

/** A script that is not there. */
export function unknownJob(job: string, jobs: readonly string[]): string {
  const meant = nearest(job, jobs);
  const choice = meant === undefined ? jobs : [meant];
  return `no ${job} in jobs/; there is: ${jobs.join(", ")}. ${wayWords(choice.map((name) => ({ spark_job_name: name })))}`;
}

/** What the schema refuses, and where. */
export interface Refused {
  readonly issue: z.core.$ZodIssue;
  readonly path: Path;
  /** What is set, by variable. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly around: Surroundings;
}

/** What the schema says of one value. */
export function issueWords(refused: Refused): string {
  const { issue, path } = refused;
  const value = valueAt(path, refused.values);
  if (issue.code === "invalid_key")
    return `expected a name of ${issue.issues.map(({ message }) => message).join("; ")}; got ${JSON.stringify(path.at(-1))}. Rename it`;
  const got = value === undefined ? "nothing" : isHidden(path) ? HIDDEN : shown(value);
  return `expected ${issue.message}; got ${got}. ${remedy(refused)}`;
}

/** What is too long for a line says how long it is. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= LONGEST_SHOWN
    ? text
    : `${text.slice(0, LONGEST_SHOWN)}… (${text.length} characters)`;
}

/** A value that holds an expression, which Terraform takes in no tfvars file. */
export function expressionWords(path: Path, values: Readonly<Record<string, unknown>>): string {
  const name = String(path[0]);
  const value = valueAt(path, values);
  const [, word] = (typeof value === "string" && BARE_WORD.exec(value)) || [];
  const quoted = word === undefined ? undefined : valueWith(values[name], path.slice(1), word);
  if (word === undefined || isHidden(path) || !variable(name)?.type.safeParse(quoted).success)
    return "holds an expression, and plain values are expected. Write the value itself";
  return `${word} is a reference, and plain values are expected: text stands in quotes. Set ${path.join(".")} = ${JSON.stringify(word)}`;
}

function isHidden(path: Path): boolean {
  return variable(String(path[0]))?.about.sensitive === true;
}

function remedy(refused: Refused): string {
  const { path, around } = refused;
  const [name = "", ...inner] = path.map(String);
  const values = isHidden(path) ? [] : meant(refused);
  if (inner.length > 0) {
    if (values.length === 0)
      return mayBeRemoved(refused) ? "Correct it or remove it" : "Correct it";
    return wayWords(values.map((one) => ({ [path.join(".")]: one }) as Change));
  }
  const ways = settled(name, values, around);
  if (ways.length === 0) return leaveOut(name, around);
  return wayWords(ways) + quoting(ways[0]?.[name], valueAt(path, refused.values));
}

/** All of a few texts; of numbers the nearest, with as little beside it as may be. */
function settled(name: string, values: readonly unknown[], around: Surroundings): Change[] {
  const ways: Change[] = [];
  for (const value of values) {
    const way = around.settle(name, value);
    if (way === undefined) continue;
    if (typeof value === "number" && Object.keys(way).length === 1) return [way];
    ways.push(way);
  }
  return typeof values[0] === "number" ? ways.slice(0, 1) : ways;
}

function leaveOut(name: string, around: Surroundings): string {
  const { value, holds } = around.fallback(name);
  if (holds)
    return value === undefined
      ? "Correct it or remove it"
      : `Correct it, or remove it for the default, ${hclOf(value)}`;
  // What depends on it would be wrong with the default alone.
  const way = value === undefined ? undefined : around.settle(name, value);
  return way === undefined ? "Correct it" : wayWords([way]);
}

/** Whether the map or list that it stands in has less wrong with it then. */
function mayBeRemoved({ path, values }: Refused): boolean {
  const [name = "", ...inner] = path;
  const type = variable(String(name))?.type;
  const issues = (value: unknown) => type?.safeParse(value).error?.issues.length ?? 0;
  return issues(valueWithout(values[name], inner)) < issues(values[name]);
}

/** What is easily overlooked between what is there and what should be. */
function quoting(wanted: unknown, found: unknown): string {
  if (typeof found === "string" && wanted === withoutQuotes(found)) return ", without quotes";
  return typeof found === "number" && typeof wanted === "string" ? ", in quotes" : "";
}

/** Values that may be meant, the likeliest first. */
function meant({ issue, path, values }: Refused): unknown[] {
  const value = valueAt(path, values);
  // What compares two values says itself what is expected.
  if (value === null || issue.code === "custom") return [];
  if (issue.code === "invalid_value") return byNearness(issue.values, withoutQuotes(value));
  const wanted = issue.code === "invalid_type" ? issue.expected : undefined;
  if (wanted === "string" && typeof value === "number")
    return path.length === 1 ? [`${value}`, `${value}g`] : [`${value}`];
  if (wanted !== undefined && typeof value === "string")
    return [withoutQuotes(value)].filter((plain) => plain !== value);
  if (typeof value !== "number") return [];
  if (issue.code === "too_small") return [issue.minimum];
  if (issue.code === "too_big") return [issue.maximum];
  return [Math.round(value)];
}

/** A number or flag that is written as text. */
function withoutQuotes(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  return value === "true" || value === "false" ? value === "true" : value;
}

/** Of text, one where it is near, and otherwise all that there is to choose from. */
function byNearness(values: readonly z.core.util.Primitive[], found: unknown): unknown[] {
  if (found === undefined) return [...values];
  if (typeof found !== typeof values[0]) return [];
  if (typeof found === "string") {
    const lower = new Map(values.map((value) => [String(value).toLowerCase(), value]));
    const meant = nearest(found.toLowerCase(), [...lower.keys()]);
    return meant === undefined ? [...values] : [lower.get(meant)];
  }
  const far = (value: unknown) => Math.abs(Number(value) - Number(found));
  return [...values].sort((a, b) => far(a) - far(b));
}
