/** Text of others (keys, cells, causes) on a terminal: shown, never obeyed. */

/** Control characters, separators that end a line, and what turns the direction of text around. */
const COMMANDS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };
/** Colours and weights, which Terraform and the commands use; not what conceals or blinks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STYLE = /\u001b\[(?:(?:[0-4]|2[2-4]|3[1-69]|9\d)(?:;|(?=m)))*m/g;
/** What lines are made of. */
const LAYOUT = /[\n\t]/;

/** One line: every character that is not shown by itself as `\n` or `\u001b`. */
export function visible(text: string): string {
  return text.replace(COMMANDS, escaped);
}

/** The same for a text with lines, tabs and colours of its own. */
export function harmless(text: string): string {
  let shown = "";
  let at = 0;
  for (const { index, 0: style } of text.matchAll(STYLE)) {
    shown += withoutCommands(text.slice(at, index)) + style;
    at = index + style.length;
  }
  return shown + withoutCommands(text.slice(at));
}

function withoutCommands(text: string): string {
  return text.replace(COMMANDS, (one) => (LAYOUT.test(one) ? one : escaped(one)));
}

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, "0");
  return SHORT[character] ?? `\\u${code}`;
}
