/** What a plan changes in the month's estimate, which the deployed stack carries as an output. */
import { z } from "zod";
import { type Move, movesBetween } from "../../config/cost";
import { ESTIMATE_OUTPUT } from "../../terraform";
import { signedUsd, usd } from "../cost";
import type { Plan } from "./plan";

/** Lines that are named at most; the rest is summed up. */
const NAMED = 5;

const estimateSchema = z.record(z.string(), z.number());

/**
 * In words: the whole estimate where nothing is deployed, what moved where something is.
 * Undefined where the month costs what it did, and where the plan says nothing of it.
 */
export function estimateWords(plan: Plan, environment: string): string | undefined {
  const change = plan.output_changes?.[ESTIMATE_OUTPUT];
  const after = estimateSchema.safeParse(change?.after);
  if (!after.success) return undefined;
  const before = estimateSchema.safeParse(change?.before);
  const [is, was] = [sumOf(after.data), before.success ? sumOf(before.data) : 0];
  const more = `npx lake cost ${environment} says more`;
  if (!before.success) return `A month is expected to cost ${usd(is)} USD; ${more}.`;
  const moves = movesBetween(before.data, after.data);
  if (moves.length === 0) return undefined;
  return [
    `This changes what a month is expected to cost by ${signedUsd(is - was)} USD, from ${usd(was)} to ${usd(is)}; ${more}:`,
    ...moves.slice(0, NAMED).map(moveLine),
    ...restLine(moves.slice(NAMED)),
  ].join("\n");
}

function sumOf(usdByLine: Readonly<Record<string, number>>): number {
  return Object.values(usdByLine).reduce((sum, one) => sum + one, 0);
}

function difference({ beforeUsd, afterUsd }: Move): number {
  return afterUsd - beforeUsd;
}

function moveLine(move: Move): string {
  return `  ${signedUsd(difference(move)).padStart(10)}  ${move.key}`;
}

function restLine(rest: readonly Move[]): string[] {
  if (rest.length === 0) return [];
  const sum = rest.reduce((total, move) => total + difference(move), 0);
  return [`  ${signedUsd(sum).padStart(10)}  ${rest.length} more`];
}
