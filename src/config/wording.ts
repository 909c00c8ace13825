/** The words of a fault: what was expected, what was found, how to mend it. */
import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import type { Path } from "./document";
import { wayWords } from "./problems";
import { VARIABLE_NAMES, variable } from "./schema";
import type { Surroundings } from "./settle";

/** Share of a name's letters that a slip of the pen may change. */
const TYPO_SHARE = 0.4;
const HIDDEN = "a value that is not shown";

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

/** What the schema refuses, and where. */
export interface Refused {
  readonly issue: z.core.$ZodIssue;
  readonly path: Path;
  readonly value: unknown;
  readonly around: Surroundings;
}

/** What the schema says of one value. */
export function issueWords(refused: Refused): string {
  const { issue, path, value } = refused;
  if (issue.code === "invalid_key")
    return `expected a name of ${issue.issues.map(({ message }) => message).join("; ")}; got ${JSON.stringify(path.at(-1))}. Rename it`;
  const got = value === undefined ? "nothing" : isHidden(path) ? HIDDEN : JSON.stringify(value);
  return `expected ${issue.message}; got ${got}. ${remedy(refused)}`;
}

function isHidden(path: Path): boolean {
  return variable(String(path[0]))?.about.sensitive === true;
}

function remedy(refused: Refused): string {
  const { path, around } = refused;
  const [name = "", ...inner] = path.map(String);
  const values = isHidden(path) ? [] : meant(refused);
  if (inner.length > 0) {
    const [first] = values;
    return first === undefined
      ? "Correct it or remove it"
      : `Set ${path.join(".")} = ${JSON.stringify(first)}`;
  }
  const ways = values.map((value) => around.settle(name, value)).filter((one) => one !== undefined);
  const way = ways.find((one) => Object.keys(one).length === 1) ?? ways[0];
  if (way !== undefined) return `${wayWords([way])}${quoting(way[name], refused.value)}`;
  const fallback = around.fallback(name);
  if (fallback !== undefined)
    return `Correct it, or remove it for the default, ${JSON.stringify(fallback)}`;
  return variable(name)?.type.safeParse(undefined).success
    ? "Correct it or remove it"
    : "Correct it";
}

/** What is easily overlooked between what is there and what should be. */
function quoting(wanted: unknown, found: unknown): string {
  if (typeof found === "string" && wanted === withoutQuotes(found)) return ", without quotes";
  return typeof found === "number" && typeof wanted === "string" ? ", in quotes" : "";
}

/** Values that may be meant, the likeliest first. */
function meant({ issue, value }: Refused): unknown[] {
  if (value === null) return [];
  if (issue.code === "invalid_value") return byNearness(issue.values, withoutQuotes(value));
  const wanted = issue.code === "invalid_type" ? issue.expected : undefined;
  if (wanted === "string" && typeof value === "number") return [`${value}`, `${value}g`];
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

function byNearness(values: readonly z.core.util.Primitive[], found: unknown): unknown[] {
  if (found === undefined) return [...values];
  if (typeof found !== typeof values[0]) return [];
  const far = (value: unknown) =>
    typeof found === "number"
      ? Math.abs(Number(value) - found)
      : distance(String(value).toLowerCase(), String(found).toLowerCase());
  return [...values].sort((a, b) => far(a) - far(b));
}
