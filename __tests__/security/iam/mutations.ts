/** Each part of each policy taken away, one at a time: does anything notice? */
import { Synthesized } from "../../support/synth";
import { astrayCalls, isAllowed } from "./astray";
import { Authority, concerns } from "./authority";
import type { Statement } from "./evaluate";
import { type Forbidden, forbiddenCalls } from "./forbidden";
import { type Case, describeRefusal, judge } from "./judge";
import { listOf } from "./patterns";
import type { Policy, ResolvedStack } from "./resolve";

/** What is taken away. */
export type Part = "statement" | "action" | "resource" | "principal" | "condition" | "value";

/** One policy without one of its parts. */
export interface Mutant {
  /** Such as `aws_iam_role_policy.trigger Report without sns:Publish`. */
  readonly name: string;
  readonly part: Part;
  readonly policy: Policy;
  /** The change, of a document with references resolved or not. */
  readonly apply: (statements: readonly Statement[]) => Statement[];
}

/** What became of a mutant. */
export interface Outcome {
  readonly mutant: string;
  readonly part: Part;
  readonly noticed: boolean;
  /** What noticed it: a call that is refused now, one that is let in, or a rule. */
  readonly by?: string;
}

/** Something else that may notice: it says what is wrong with a stack, if anything is. */
export type Rules = (changed: Synthesized) => string | undefined;

/**
 * Takes every part of every policy of a stack away, one at a time.
 * @param cases the calls that the stack must allow
 * @param rules looks at what no call notices
 */
export function mutate(stack: ResolvedStack, cases: readonly Case[], rules?: Rules): Outcome[] {
  const forbidden = [...forbiddenCalls(stack, cases), ...astrayCalls(stack, cases)];
  return stack.policies.flatMap((policy) => {
    const own = cases.filter(({ request }) => concerns(policy, request));
    const kept = forbidden.filter(({ request }) => concerns(policy, request));
    return mutantsOf(policy).map((mutant) => {
      const by = noticedByCalls(stack, mutant, own, kept) ?? rules?.(withMutant(stack, mutant));
      const { name, part } = mutant;
      return { mutant: name, part, noticed: by !== undefined, ...(by !== undefined && { by }) };
    });
  });
}

/** Noticed, of all; by part, and together under `all`. */
export function shares(
  outcomes: readonly Outcome[],
): Record<string, { noticed: number; of: number }> {
  const parts = [...new Set(outcomes.map(({ part }) => part))].sort();
  const count = (some: readonly Outcome[]) => ({
    noticed: some.filter(({ noticed }) => noticed).length,
    of: some.length,
  });
  return Object.fromEntries([
    ...parts.map((part) => [part, count(outcomes.filter((one) => one.part === part))]),
    ["all", count(outcomes)],
  ]);
}

function noticedByCalls(
  stack: ResolvedStack,
  { policy, apply }: Mutant,
  cases: readonly Case[],
  forbidden: readonly Forbidden[],
): string | undefined {
  const changed = { ...policy, statements: apply(policy.statements) };
  const authority = new Authority(
    stack,
    stack.policies.map((one) => (one === policy ? changed : one)),
  );
  for (const one of cases) {
    const decision = judge(authority, one);
    if (decision.outcome !== "allowed") return describeRefusal({ case: one, decision });
  }
  const letIn = forbidden.find((one) => isAllowed(authority, one));
  if (letIn === undefined) return undefined;
  const { request, what } = letIn;
  return `${what}: ${request.principal} may ${request.action} on ${request.resource}`;
}

/** The stack in Terraform's JSON with the mutant in it. */
function withMutant({ configuration }: ResolvedStack, { policy, apply }: Mutant): Synthesized {
  const json = structuredClone(configuration);
  const [type = "", id = ""] = policy.address.split(".");
  const block = json.resource?.[type]?.[id];
  if (block === undefined) throw new Error(`${policy.address} is not in the stack`);
  const document = JSON.parse(block[policy.field] ?? "{}");
  block[policy.field] = JSON.stringify({
    ...document,
    Statement: apply([document.Statement].flat()),
  });
  return new Synthesized(JSON.stringify(json));
}

/** Every mutant of a policy. */
export function mutantsOf(policy: Policy): Mutant[] {
  return policy.statements.flatMap((statement, index) => {
    const label = `${policy.name} ${statement.Sid ?? `#${index}`}`;
    const mutant = (
      part: Part,
      what: string,
      change: (statement: Statement) => Statement[],
    ): Mutant => ({
      name: what === "" ? `without ${label}` : `${label} without ${what}`,
      part,
      policy,
      apply: (all) => all.flatMap((one, place) => (place === index ? change(one) : [one])),
    });
    return [
      mutant("statement", "", () => []),
      ...listParts(statement, "Action").map(([what, change]) => mutant("action", what, change)),
      ...listParts(statement, "Resource").map(([what, change]) => mutant("resource", what, change)),
      ...principals(statement).map(([what, change]) => mutant("principal", what, change)),
      ...conditions(statement).map(({ part, what, change }) => mutant(part, what, change)),
    ];
  });
}

type Change = (statement: Statement) => Statement[];

/** One of several values left out; where there is one, its removal is the statement's. */
function listParts(statement: Statement, field: "Action" | "Resource"): [string, Change][] {
  const values = listOf(statement[field] ?? []);
  if (values.length < 2) return [];
  return values.map((value, index) => [
    value,
    (one) => [{ ...one, [field]: listOf(one[field]).filter((_, place) => place !== index) }],
  ]);
}

function principals({ Principal }: Statement): [string, Change][] {
  if (Principal === undefined || typeof Principal === "string") return [];
  const all = Object.entries(Principal as Record<string, unknown>).flatMap(([type, values]) =>
    listOf(values).map((value, index) => ({ type, value, index })),
  );
  if (all.length < 2) return [];
  return all.map(({ type, value, index }) => [
    value,
    (one) => {
      const { [type]: values, ...rest } = one.Principal as Record<string, unknown>;
      const left = listOf(values).filter((_, place) => place !== index);
      return [{ ...one, Principal: { ...rest, ...(left.length > 0 && { [type]: left }) } }];
    },
  ]);
}

function conditions({ Condition = {} }: Statement): { part: Part; what: string; change: Change }[] {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, written]) => {
      const values = listOf(written);
      const whole = {
        part: "condition" as const,
        what: `${operator} ${key}`,
        change: withoutKey(operator, key),
      };
      if (values.length < 2) return [whole];
      return [
        whole,
        ...values.map((value, index) => ({
          part: "value" as const,
          what: `${operator} ${key} ${value}`,
          change: ((one) => {
            const condition = structuredClone(one.Condition) as Record<
              string,
              Record<string, unknown>
            >;
            const left = listOf(condition[operator]?.[key]).filter((_, place) => place !== index);
            condition[operator] = { ...condition[operator], [key]: left };
            return [{ ...one, Condition: condition }];
          }) satisfies Change,
        })),
      ];
    }),
  );
}

function withoutKey(operator: string, key: string): Change {
  return ({ Condition = {}, ...rest }) => {
    const { [operator]: keys = {}, ...others } = Condition;
    const { [key]: _, ...left } = keys;
    const condition = {
      ...others,
      ...(Object.keys(left).length > 0 && { [operator]: left }),
    };
    return [{ ...rest, ...(Object.keys(condition).length > 0 && { Condition: condition }) }];
  };
}
