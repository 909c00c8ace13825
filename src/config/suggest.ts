/** "Did you mean …": the nearest known word to a mistyped one. */
import { closest, distance } from "fastest-levenshtein";

/** Share of a word's letters that a slip of the pen may change. */
const TYPO_SHARE = 0.4;

/** The nearest of `known`, if it is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = closest(word, known);
  return distance(word, near) <= Math.max(1, word.length * TYPO_SHARE) ? near : undefined;
}
