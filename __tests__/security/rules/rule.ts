/** What a rule is: a pure function over a synthesized stack that says what it looked at and found. */
import type { Variables } from "../../../src/config/schema";
import type { Block, Synthesized } from "../../support/synth";

/** One synthesized stack, with what its environment asks for. */
export interface Subject {
  /** Such as `data-lake-dev`. */
  readonly name: string;
  readonly kind: "lake" | "state";
  readonly stack: Synthesized;
  readonly variables: Variables;
}

/** One look at one resource. */
export interface Verdict {
  readonly address: string;
  readonly expected: string;
  readonly found: unknown;
  readonly holds: boolean;
}

export interface Rule {
  readonly name: string;
  check(subject: Subject): Verdict[];
}

/** A resource that breaks a rule. */
export interface Finding {
  readonly rule: string;
  readonly address: string;
  readonly expected: string;
  readonly found: string;
}

/** What the rules found in a stack, and how many looks they took. */
export function examine(
  rules: readonly Rule[],
  subject: Subject,
): { looks: number; findings: Finding[] } {
  const verdicts = rules.flatMap(({ name: rule, check }) =>
    check(subject).map((verdict) => ({ rule, ...verdict })),
  );
  const findings = verdicts
    .filter(({ holds }) => !holds)
    .map(({ rule, address, expected, found }) => ({
      rule,
      address,
      expected,
      found: shown(found),
    }));
  return { looks: verdicts.length, findings };
}

/** One finding in a line: where, what was expected, what was found. */
export function inWords({ rule, address, expected, found }: Finding): string {
  return `${address}: expected ${expected}, found ${found} (${rule})`;
}

/** A resource with its address. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly address: string;
  readonly block: Block;
}

/** Every resource of a type. */
export function resources({ stack }: Subject, type: string): Resource[] {
  return Object.entries(stack.all(type)).map(([name, block]) => ({
    type,
    name,
    address: `${type}.${name}`,
    block,
  }));
}

/** Every resource of a stack, data sources aside. */
export function allResources(subject: Subject): Resource[] {
  const types = new Set(
    subject.stack
      .addresses()
      .filter((address) => !address.startsWith("data."))
      .map((address) => address.split(".")[0] ?? ""),
  );
  return [...types].flatMap((type) => resources(subject, type));
}

/** A verdict on one resource. */
export function verdict(
  address: string,
  expected: string,
  found: unknown,
  holds: boolean,
): Verdict {
  return { address, expected, found, holds };
}

/**
 * What stands at a path such as `rule.filter.prefix`. A list on the way stands for each of its
 * elements, since Terraform's JSON writes a single block with or without one.
 */
export function valuesAt(block: Block, path: string): unknown[] {
  return path
    .split(".")
    .reduce<Block[]>(
      (blocks, key) =>
        blocks
          .flatMap((one) => [one].flat())
          .flatMap((one) => (one?.[key] === undefined ? [] : [one[key]])),
      [block],
    );
}

/** The address that a reference such as `aws_s3_bucket.landing.id` in dollar and braces leads to. */
export function target(reference: unknown): string | undefined {
  if (typeof reference !== "string") return undefined;
  return /^\$\{((?:data\.)?\w+\.\w+)\.\w+\}$/.exec(reference)?.[1];
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
