/** Variable definitions as text, `*.tfvars` or `*.tfvars.json`, and where in it each value stands. */
import { parse as parseHcl } from "@cdktf/hcl2json";
import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { EnvironmentError, type Fault } from "./faults";

/** Keys and indices from a variable to a value inside it. */
export type Path = readonly (string | number)[];

/** Values from one place, and how that place is named in a fault. */
export interface Layer {
  readonly values: Readonly<Record<string, unknown>>;
  /** Where the value at this path comes from. */
  at(path: Path): Pick<Fault, "origin" | "line">;
}

/**
 * Reads the text of a file by its name's ending.
 * @throws EnvironmentError where the text is no tfvars or no JSON
 */
export async function readDocument(file: string, text: string): Promise<Layer> {
  return file.endsWith(".json") ? readJson(file, text) : readHcl(file, text);
}

async function readHcl(file: string, text: string): Promise<Layer> {
  const lines = text.split("\n");
  return {
    values: await parseTfvars(file, text),
    at: (path) => ({ origin: file, line: lineOf(lines, path) }),
  };
}

/** The values of a text in HCL; `name` is how faults call it. */
export async function parseTfvars(name: string, text: string): Promise<Record<string, unknown>> {
  try {
    return (await parseHcl(name, text)) as Record<string, unknown>;
  } catch (error) {
    throw new EnvironmentError([syntaxFault(error, name)]);
  }
}

/** hcl2json says `parse config: [FILE:LINE,COL-COL: what; why FILE:…]`; the first is the cause. */
function syntaxFault(error: unknown, origin: string): Fault {
  const text = error instanceof Error ? error.message : String(error);
  const [first = text] = (/\[(.*)\]/s.exec(text)?.[1] ?? text).split(
    new RegExp(`\\s+(?=${escapeRegExp(origin)}:\\d+,\\d+-[\\d,]+: )`),
  );
  const found = new RegExp(`^${escapeRegExp(origin)}:(\\d+),[\\d,-]+: (.*)$`, "s").exec(first);
  const message = (found?.[2] ?? first)
    .replace(new RegExp(`${escapeRegExp(origin)}:(\\d+),[\\d,-]+`, "g"), "line $1")
    .trim();
  return { origin, line: found ? Number(found[1]) : undefined, message: `syntax: ${message}` };
}

/** The line that sets a value; the nearest line above it that can be told, where none can. */
function lineOf(lines: readonly string[], [variable, ...inner]: Path): number | undefined {
  let index = topLevelLine(lines, String(variable));
  if (index === undefined) return undefined;
  for (const key of inner) {
    const next = lines.findIndex((line, at) => at >= (index ?? 0) && sets(line, key));
    if (next < 0) break;
    index = next;
  }
  return index + 1;
}

/** A map before it may have a key of that name, further in. */
function topLevelLine(lines: readonly string[], variable: string): number | undefined {
  const setting = new RegExp(`^(\\s*)"?${escapeRegExp(variable)}"?\\s*[={]`);
  const [nearest] = lines
    .map((line, index) => ({ index, indent: setting.exec(line)?.[1]?.length }))
    .filter(({ indent }) => indent !== undefined)
    .sort((a, b) => (a.indent ?? 0) - (b.indent ?? 0));
  return nearest?.index;
}

function sets(line: string, key: string | number): boolean {
  return (
    typeof key === "string" && new RegExp(`(^|[\\s{,])"?${escapeRegExp(key)}"?\\s*[=:]`).test(line)
  );
}

function readJson(file: string, text: string): Layer {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const [error] = errors;
  if (error)
    throw fault(file, lineAt(error.offset), `syntax: ${inWords(printParseErrorCode(error.error))}`);
  if (root?.type !== "object")
    throw fault(file, 1, 'syntax: expected one JSON object, { "variable": value, … }');
  const twice = keySetTwice(root);
  if (twice)
    throw fault(
      file,
      lineAt(twice.offset),
      `syntax: "${twice.value}" is set twice in one object. Keep one`,
    );
  return {
    values: JSON.parse(text),
    at: (path) => {
      const node = nearestNode(root, path);
      return { origin: file, line: node && lineAt(node.offset) };
    },
  };
}

/** JSON.parse would take the last of two keys, silently. */
function keySetTwice(node: Node): Node | undefined {
  const keys = new Set<unknown>();
  for (const child of node.children ?? []) {
    const [key] = child.type === "property" ? (child.children ?? []) : [];
    if (key && keys.has(key.value)) return key;
    if (key) keys.add(key.value);
    const inner = keySetTwice(child);
    if (inner) return inner;
  }
  return undefined;
}

function nearestNode(root: Node, path: Path): Node | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node.parent?.type === "property" ? node.parent : node;
  }
  return undefined;
}

/** `PropertyNameExpected` as `property name expected`. */
function inWords(code: string): string {
  return code.replace(/(?!^)([A-Z])/g, " $1").toLowerCase();
}

function fault(origin: string, line: number, message: string): EnvironmentError {
  return new EnvironmentError([{ origin, line, message }]);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
