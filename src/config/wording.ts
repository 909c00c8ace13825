/** The words of a fault: what was expected, what was found, how to mend it. */
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import type { Path } from "./document";
import { VARIABLE_NAMES, variable, variablesSchema } from "./schema";

/** Share of a name's letters that a slip of the pen may change. */
const TYPO_SHARE = 0.4;
const HIDDEN = "a value that is not shown";
const DEFAULTS = new Map(Object.entries(variablesSchema.parse({})));

/** Nearest known word, where it is near enough to be meant. */
function near(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const found = closest(word, [...known]);
  return distance(word, found) <= word.length * TYPO_SHARE ? found : undefined;
}

/** A name that no variable has. Its value is not shown: it may be a secret meant for elsewhere. */
export function unknownVariable(name: string): string {
  const meant = near(name, VARIABLE_NAMES);
  return meant === undefined
    ? "unknown variable. docs/variables.md lists the known ones"
    : `unknown variable. Did you mean ${meant}?`;
}

/** A key that a map inside a variable does not have. */
export function unknownKey(key: string, known: readonly string[]): string {
  const meant = near(key, known);
  return `unknown key${meant === undefined ? "" : `. Did you mean ${meant}?`}${
    meant === undefined && known.length > 0 ? `; there are: ${known.join(", ")}` : ""
  }`;
}

/** What the schema says of one value. */
export function issueWords(issue: z.core.$ZodIssue, path: Path, found: unknown): string {
  if (issue.code === "invalid_key")
    return `expected a name of ${issue.issues.map(({ message }) => message).join("; ")}; got ${JSON.stringify(path.at(-1))}. Rename it`;
  const hidden = variable(String(path[0]))?.about.sensitive === true;
  const got = found === undefined ? "nothing" : hidden ? HIDDEN : JSON.stringify(found);
  return `expected ${issue.message}; got ${got}. ${remedy(issue, path, found, hidden)}`;
}

function remedy(issue: z.core.$ZodIssue, path: Path, found: unknown, hidden: boolean): string {
  const name = path.join(".");
  const set = (value: unknown) => `Set ${name} = ${JSON.stringify(value)}`;
  if (found === null) return leaveOut(path);
  if (!hidden) {
    const plain = withoutQuotes(issue, found);
    if (plain !== undefined) return `Write it without quotes: ${name} = ${plain}`;
    if (typeof found === "number" && issue.code === "invalid_type" && issue.expected === "string")
      return "Put it in quotes";
    if (typeof found === "number" && issue.code === "too_small") return set(issue.minimum);
    if (typeof found === "number" && issue.code === "too_big") return set(issue.maximum);
    if (typeof found === "number" && issue.code === "invalid_type" && !Number.isInteger(found))
      return set(Math.round(found));
    if (issue.code === "invalid_value") return set(nearestOf(issue.values, found));
  }
  return path.length === 1 ? leaveOut(path) : "Correct it or remove it";
}

/** A number or flag that is written as text. */
function withoutQuotes(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  if (typeof found !== "string") return undefined;
  const wanted = issue.code === "invalid_type" ? issue.expected : undefined;
  const numbers =
    issue.code === "invalid_value" && issue.values.every((v) => typeof v === "number");
  if ((wanted === "number" || wanted === "int" || numbers) && /^-?\d+(\.\d+)?$/.test(found))
    return found;
  return wanted === "boolean" && /^(true|false)$/.test(found) ? found : undefined;
}

function nearestOf(values: readonly z.core.util.Primitive[], found: unknown): unknown {
  if (typeof found === "number")
    return values.reduce((best, value) =>
      Math.abs(Number(value) - found) < Math.abs(Number(best) - found) ? value : best,
    );
  return typeof found === "string" ? closest(found, values.map(String)) : values[0];
}

function leaveOut(path: Path): string {
  const fallback = DEFAULTS.get(String(path[0]));
  return fallback === undefined
    ? "Correct it or remove it"
    : `Correct it, or remove it for the default, ${JSON.stringify(fallback)}`;
}
