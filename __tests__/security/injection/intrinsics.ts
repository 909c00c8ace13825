/**
 * Intrinsic functions of Amazon States Language, read by the grammar of the Step Functions
 * Developer Guide ("Intrinsics for JSONPath state machines"), and worked out as far as arguments
 * of a job need it.
 */

/** A part of an intrinsic: what is called, a text, a number, or a path. */
export type Part =
  | { readonly kind: "call"; readonly name: string; readonly parts: readonly Part[] }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: string }
  | { readonly kind: "path"; readonly value: string };

/** Reads the text of a field whose name ends in `.$`. */
export function parse(text: string): Part {
  const reader = new Reader(text);
  const part = reader.part();
  if (reader.rest() !== "") throw new Error(`${JSON.stringify(reader.rest())} follows in ${text}`);
  return part;
}

/** The part and all parts in it. */
export function all(part: Part): Part[] {
  return [part, ...(part.kind === "call" ? part.parts.flatMap(all) : [])];
}

/** What it comes to, given what each path leads to. */
export function evaluate(part: Part, at: Readonly<Record<string, unknown>>): unknown {
  if (part.kind === "path") {
    if (!(part.value in at)) throw new Error(`nothing is given for ${part.value}`);
    return at[part.value];
  }
  if (part.kind === "number") return Number(part.value);
  if (part.kind === "text") return part.value.replace(/\\(.)/gs, "$1");
  const values = part.parts.map((one) => evaluate(one, at));
  if (part.name === "States.Array") return values;
  if (part.name === "States.JsonToString") return JSON.stringify(values[0]);
  if (part.name === "States.Format") {
    const [template, ...rest] = values;
    // Each placeholder once, from the left: what is put in is not looked at again.
    return String(template).replaceAll("{}", () => String(rest.shift()));
  }
  throw new Error(`${part.name} is not worked out here`);
}

class Reader {
  private at = 0;
  constructor(private readonly text: string) {}

  rest(): string {
    return this.text.slice(this.at);
  }

  part(): Part {
    const call = this.take(/States\.[A-Za-z]+(?=\()/y);
    if (call !== undefined) return { kind: "call", name: call, parts: this.parts() };
    const text = this.take(/'(?:[^'\\]|\\.)*'/sy);
    if (text !== undefined) return { kind: "text", value: text.slice(1, -1) };
    const number = this.take(/-?\d+(?:\.\d+)?/y);
    if (number !== undefined) return { kind: "number", value: number };
    const path = this.take(/\$\$?(?:\.[A-Za-z_]\w*|\[(?:\d+|\*|\d+:\d+)\])*/y);
    if (path !== undefined) return { kind: "path", value: path };
    throw new Error(`neither call, text, number nor path: ${this.rest()}`);
  }

  private parts(): Part[] {
    this.take(/\(/y);
    const parts: Part[] = [];
    for (;;) {
      parts.push(this.part());
      if (this.take(/\)/y) !== undefined) return parts;
      if (this.take(/, ?/y) === undefined) throw new Error(`expected , or ): ${this.rest()}`);
    }
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }
}
