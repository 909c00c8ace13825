/** Every policy document of a stack, by the resource that holds it. */
import type { Block } from "../../support/synth";
import { allResources, type Resource, type Subject } from "./rule";

/** Attributes that hold a document. */
const DOCUMENTS = ["policy", "assume_role_policy"] as const;

/** One statement, with where it stands. */
export interface PlacedStatement {
  /** Such as `aws_iam_role_policy.trigger`. */
  readonly address: string;
  readonly type: string;
  readonly document: (typeof DOCUMENTS)[number];
  /** `aws_iam_role_policy.trigger WriteLogs`; the number where there is no Sid. */
  readonly where: string;
  readonly statement: Block;
}

/** Every statement of every document of a stack. */
export function statementsOf(subject: Subject): PlacedStatement[] {
  return allResources(subject).flatMap(statementsIn);
}

/** Every statement of a resource. A document that is no JSON is one statement without anything. */
export function statementsIn({ address, type, block }: Resource): PlacedStatement[] {
  return DOCUMENTS.flatMap((document) =>
    parse(block[document]).map((statement, index) => ({
      address,
      type,
      document,
      where: `${address} ${statement.Sid ?? (document === "policy" ? index : "trust")}`,
      statement,
    })),
  );
}

/** One comparison of a statement's condition. */
export interface Comparison {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Every comparison of a statement; a request must satisfy all of them. */
export function comparisonsOf({ Condition = {} }: Block): Comparison[] {
  return Object.entries<Block>(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: list(values) })),
  );
}

/** Values of a field that may be one or a list. */
export function list(value: unknown): string[] {
  return value === undefined ? [] : ([value].flat() as string[]);
}

/** Parsed once: the same text is asked for by every rule, for every mutant. */
const parsed = new Map<string, Block[]>();

function parse(document: unknown): Block[] {
  if (typeof document !== "string") return [];
  const known = parsed.get(document) ?? read(document);
  parsed.set(document, known);
  return known;
}

function read(document: string): Block[] {
  try {
    return [JSON.parse(document).Statement].flat();
  } catch {
    return [{}];
  }
}
