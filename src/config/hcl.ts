/** `*.tfvars`: read by Terraform's own parser, with the line of every value. */
import { getExpressionAst, parse } from "@cdktf/hcl2json";
import { EnvironmentError, type Fault } from "./faults";
import { type Layer, Lines, type Path } from "./layer";

type Node = NonNullable<Awaited<ReturnType<typeof getExpressionAst>>>;

/** What needs no quotes as a key. */
const IDENTIFIER = /^[A-Za-z_][\w-]*$/;

/** @throws EnvironmentError where the text is no HCL, holds a block, or sets a key twice */
export async function readHcl(file: string, text: string): Promise<Layer> {
  const values = await valuesOf(file, text);
  const lines = await linesOf(file, text, values);
  return { values, at: (path) => ({ origin: file, line: lines.of(path) }) };
}

async function valuesOf(file: string, text: string): Promise<Record<string, unknown>> {
  try {
    return (await parse(file, text)) as Record<string, unknown>;
  } catch (error) {
    throw new EnvironmentError([syntaxFault(error, file)]);
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

/**
 * The body of a file is that of an object, braces apart, and the parser tells where an object's
 * keys are. Only a block may stand in a file and not in an object, and tfvars have none.
 */
async function linesOf(
  file: string,
  text: string,
  values: Readonly<Record<string, unknown>>,
): Promise<Lines> {
  const object = `{\n${text}\n}`;
  const root = await getExpressionAst(file, object).catch(() => undefined);
  const lines = new Lines();
  // Some unknown names, such as `for`, begin something else in an object: they go without lines.
  if (!root) throwBlocks(file, text, values);
  else addLines(root, [], { file, bytes: Buffer.from(object), lines });
  return lines;
}

/** Terraform takes no blocks here, and hcl2json makes values of them. */
function throwBlocks(file: string, text: string, values: Readonly<Record<string, unknown>>): void {
  const faults = text.split("\n").flatMap((line, index): Fault[] => {
    const [, name] =
      /^\s*([\p{L}_][\p{L}\p{N}_-]*)(?:\s+(?:"[^"]*"|[\w-]+))*\s*\{/u.exec(line) ?? [];
    if (name === undefined || !Object.hasOwn(values, name)) return [];
    // One without a label is meant to be a map.
    const remedy = Array.isArray(values[name]) ? `Write ${name} = { … }` : "Remove it";
    const message = `syntax: a block, and NAME = VALUE is expected. ${remedy}`;
    return [{ origin: file, line: index + 1, message }];
  });
  if (faults.length > 0) throw new EnvironmentError(faults);
}

interface Text {
  readonly file: string;
  readonly bytes: Buffer;
  readonly lines: Lines;
}

function addLines(node: Node, path: Path, text: Text): void {
  if (node.type === "tuple")
    for (const [index, item] of node.children.entries()) add(item as Node, index, item as Node);
  if (node.type !== "object") return;
  for (let index = 0; index < node.children.length; index += 2) {
    const [key, value] = node.children.slice(index, index + 2) as Node[];
    const name = key && keyOf(key, text.bytes);
    if (key && value && name !== undefined) add(key, name, value);
  }

  function add(place: Node, name: string | number, value: Node): void {
    const inner = [...path, name];
    // Lines are counted from 0 here, and the brace stands on one.
    const { line } = place.range.start;
    if (!text.lines.add(inner, line))
      throw new EnvironmentError([
        {
          origin: text.file,
          line,
          message: `syntax: ${name} is set twice in one map, on line ${text.lines.of(inner)} too. Keep one`,
        },
      ]);
    addLines(value, inner, text);
  }
}

/** The key as plain text; undefined where it is an expression. */
function keyOf(key: Node, bytes: Buffer): string | undefined {
  const [template] = key.children as Node[];
  if (!template) return bytes.subarray(key.range.start.byte, key.range.end.byte).toString("utf8");
  const [literal, ...others] = template.children as (Node & { meta?: { value?: unknown } })[];
  if (template.type !== "template" || others.length > 0) return undefined;
  return literal?.type === "literalValue" ? String(literal.meta?.value) : "";
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** A value in one line of HCL, such as `{ gb_per_day = 1 }`; a field that is undefined is left out. */
export function hclOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hclOf).join(", ")}]`;
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => `${IDENTIFIER.test(key) ? key : quoted(key)} = ${hclOf(one)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

/** As JSON quotes it, with what begins an expression doubled: there HCL takes it for text. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%](?=\{)/g, "$&$&");
}
