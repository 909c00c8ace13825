/** Days of the calendar as texts, such as `2025-10-09`, and the folders that hold them. Pure. */
import { plural } from "./terminal";

/** First and last day, both included. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** Whether the text is a day that the calendar has. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** `year=2025/month=10/day=09`. */
export function dayFolder(date: string): string {
  const [year, month, day] = date.split("-");
  return `year=${year}/month=${month}/day=${day}`;
}

/** The day of an object under `prefix`; undefined where it lies in no day's folder. */
export function dayOf(key: string, prefix: string): string | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const [, year, month, day] =
    /^year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/./.exec(key.slice(prefix.length)) ?? [];
  const date = `${year}-${month}-${day}`;
  return isDate(date) ? date : undefined;
}

/** `2025-01-01 to 2025-01-31 (12 days)`: the first, the last and how many of them. */
export function daysText(dates: readonly string[]): string {
  const [first, last] = [dates[0] ?? "", dates.at(-1) ?? ""];
  return first === last ? first : `${first} to ${last} (${plural(dates.length, "day")})`;
}

/** Sorted, each once. */
export function distinct(dates: Iterable<string>): string[] {
  return [...new Set(dates)].sort();
}

/** Those of `dates` that are in `others` too. */
export function common(dates: readonly string[], others: Iterable<string>): string[] {
  const set = new Set(others);
  return dates.filter((date) => set.has(date));
}

/** In their order, at most `most` in each. */
export function batchesOf<T>(items: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) =>
    items.slice(index * most, (index + 1) * most),
  );
}
