/** Text into HTML or SVG: what is put in is text, unless it is markup of ours. */
import { visible } from "../visible";

/** Markup that is safe as it stands. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What a template takes. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template whose values are escaped; lists are joined, undefined and false are nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    parts.map((part, i) => part + (i < values.length ? put(values[i]) : "")).join(""),
  );
}

function put(value: Content): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(put).join("");
  // Control characters are no characters of XML, and turn the direction of what stands beside.
  return visible(String(value)).replace(/[&<>"']/g, (one) => NAMED[one] ?? one);
}
