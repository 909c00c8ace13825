/** How the commands speak: data to stdout, all else to stderr. */
import pc from "picocolors";
import { harmless } from "./visible";

/** Whether a stream shows colours: a terminal, unless NO_COLOR (any value but empty) says no. */
export function hasColors(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return stream.isTTY === true && env.TERM !== "dumb";
}

/** Colours for what goes to stderr. */
export const colors = pc.createColors(hasColors(process.stderr, process.env));

/** Whoever draws on the terminal makes room for what is said. */
type Speech = (write: () => void) => void;
const AT_ONCE: Speech = (write) => write();
let speech = AT_ONCE;

/** Has all that is said pass through, until the returned function is called. */
export function speakThrough(through: Speech): () => void {
  speech = through;
  return () => {
    if (speech === through) speech = AT_ONCE;
  };
}

/** A line for the reader. */
export function say(text = ""): void {
  speech(() => process.stderr.write(`${harmless(text)}\n`));
}

/** A line of data: byte for byte to a file or another program, harmless on a terminal. */
export function print(text: string): void {
  const { isTTY } = process.stdout;
  const write = () => process.stdout.write(`${isTTY ? harmless(text) : text}\n`);
  if (isTTY) speech(write);
  else write();
}

/** `4.2 s`, `1 min 12 s`. */
export function seconds(milliseconds: number): string {
  const total = milliseconds / 1000;
  if (total < 60) return `${total.toFixed(1)} s`;
  const rounded = Math.round(total);
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
}

/** `1.7 MB`, by powers of 1000. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** `20,000`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 file`, `2 files`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}
