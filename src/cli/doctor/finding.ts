/** What the doctor says of one thing, and how it is written. */
import type { Problem } from "../../local/tools/search";

/** `missing` stops the work that was asked about; a `warning` does not, or not yet. */
export type Level = "ok" | "warning" | "missing";

export interface Finding {
  readonly level: Level;
  /** Such as `Java`. */
  readonly topic: string;
  /** What is there, or what is wrong. */
  readonly what: string;
  /** Why it matters. */
  readonly why?: string | undefined;
  /** Commands, or what to do. */
  readonly remedy?: readonly string[] | undefined;
}

const WIDTH = 80;
const LEVEL_WIDTH = 9;
const TOPIC_WIDTH = 16;

export function ok(topic: string, what: string): Finding {
  return { level: "ok", topic, what };
}

export function warning(
  topic: string,
  what: string,
  why: string,
  remedy?: readonly string[],
): Finding {
  return { level: "warning", topic, what, why, remedy };
}

/** A lack that stops the work where it is `needed`, and else is a warning. */
export function lack(
  needed: boolean,
  topic: string,
  what: string,
  why: string,
  remedy?: readonly string[],
): Finding {
  return { level: needed ? "missing" : "warning", topic, what, why, remedy };
}

/** What the search for a tool found wrong. */
export function fromProblem(topic: string, needed: boolean, problem: Problem): Finding {
  const what = `${problem.wanted} is not there: ${problem.found.join("; ")}`;
  return lack(needed, topic, what, problem.reason, problem.remedy);
}

/** One line where all is well; else what, why and what mends it, within 80 columns. */
export function formatFinding(finding: Finding, paint: (level: Level) => string): string {
  const { level, topic, what, why, remedy = [] } = finding;
  const gap = " ".repeat(LEVEL_WIDTH - level.length);
  const head = `${topic.padEnd(TOPIC_WIDTH - 1)} `;
  const [first = "", ...more] = wrap(what, WIDTH - LEVEL_WIDTH - TOPIC_WIDTH);
  return [
    `${paint(level)}${gap}${head}${first}`,
    ...more.map((line) => `${" ".repeat(LEVEL_WIDTH + TOPIC_WIDTH)}${line}`),
    ...labelled("why", why ? wrap(why, WIDTH - LEVEL_WIDTH - TOPIC_WIDTH) : []),
    // Not wrapped: they are there to be copied.
    ...labelled("to mend", remedy),
  ].join("\n");
}

function labelled(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => {
    const head = index === 0 ? `  ${label}:` : "";
    return `${" ".repeat(LEVEL_WIDTH)}${head.padEnd(TOPIC_WIDTH)}${line}`;
  });
}

/** Words in lines of at most `width`; a word that is longer has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
