/** `*.tfvars.json`: one JSON object, without comments, as Terraform takes it. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { EnvironmentError } from "./faults";
import { type Layer, Lines, type Path } from "./layer";

/** What is wrong and how to mend it, where the parser's own code does not say so. */
const WORDS: Readonly<Record<string, string>> = {
  InvalidCommentToken: "JSON has no comments. Remove it, or write a .tfvars file",
  PropertyNameExpected:
    "a name in double quotes is expected. Remove a comma that nothing follows, or quote the name",
  ValueExpected:
    "a value is expected. Remove a comma that nothing follows, or write the value; text stands in double quotes",
  InvalidSymbol: "neither a number nor true, false or null. Text stands in double quotes",
  CommaExpected: "a comma is expected. Write one after the value before",
  ColonExpected: 'a colon is expected: "variable": value',
  CloseBraceExpected: "a closing } is expected. Write one for every {",
  CloseBracketExpected: "a closing ] is expected. Write one for every [",
  UnexpectedEndOfString: "a closing double quote is expected, on the same line",
  EndOfFileExpected: "nothing is expected after the object. Remove the rest",
};
const ONE_OBJECT = 'expected one JSON object. Write { "variable": value, … }';

/** @throws EnvironmentError where the text is no JSON, or sets a key twice */
export function readJson(file: string, text: string): Layer {
  const fail = (offset: number, message: string) =>
    new EnvironmentError([{ origin: file, line: lineAt(offset), message: `syntax: ${message}` }]);
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (text.trim() === "") throw fail(0, ONE_OBJECT);
  const [error] = errors;
  if (error) throw fail(error.offset, inWords(printParseErrorCode(error.error)));
  if (root?.type !== "object") throw fail(0, ONE_OBJECT);
  const lines = new Lines();
  const twice = addLines(root, [], lines, lineAt);
  if (twice) throw fail(twice.offset, `"${twice.value}" is set twice in one object. Keep one`);
  return {
    values: JSON.parse(text),
    at: (path) => ({ origin: file, line: lines.of(path) }),
  };
}

/** The first key that stands twice in one object: JSON.parse would take the last, silently. */
function addLines(
  node: Node,
  path: Path,
  lines: Lines,
  lineAt: (offset: number) => number,
): Node | undefined {
  for (const [index, child] of (node.children ?? []).entries()) {
    const [key, value] = child.type === "property" ? (child.children ?? []) : [undefined, child];
    const inner = [...path, key ? String(key.value) : index];
    if (!lines.add(inner, lineAt(child.offset))) return key;
    const twice = value && addLines(value, inner, lines, lineAt);
    if (twice) return twice;
  }
  return undefined;
}

/** `InvalidUnicode` as `invalid unicode`, where there are no better words. */
function inWords(code: string): string {
  return WORDS[code] ?? code.replace(/(?!^)([A-Z])/g, " $1").toLowerCase();
}
