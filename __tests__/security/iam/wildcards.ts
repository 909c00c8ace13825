/** Statements that say `*`, and whether AWS lets them say anything narrower. */
import { type Action, actionOf, actionsMatching, supports, typesMatching } from "./action-table";
import type { Statement } from "./evaluate";
import { listOf } from "./patterns";
import type { Policy, ResolvedStack } from "./resolve";

/** A place where a statement allows by a star. */
export interface Wildcard {
  /** Address of the policy with the statement, such as `aws_iam_role_policy.x DeliverLogs`. */
  readonly where: string;
  readonly action: string;
  /** Why it stands there; undefined where nothing says so. */
  readonly reason: string | undefined;
}

/** A reason for a wildcard that AWS's table does not give. */
export interface WildcardReason {
  readonly where: string;
  readonly action: string;
  readonly reason: string;
}

/** Reviewed by hand; an entry that explains nothing fails. */
export const WILDCARD_REASONS: readonly WildcardReason[] = [];

/**
 * Every action that a stack allows on `*`, or by a name with a star. A statement that denies may
 * say what it will.
 */
export async function wildcards(
  stack: ResolvedStack,
  reasons: readonly WildcardReason[] = WILDCARD_REASONS,
): Promise<{ wildcards: Wildcard[]; stale: WildcardReason[] }> {
  const found: Wildcard[] = [];
  for (const { policy, statement, where } of statementsOf(stack)) {
    if (statement.Effect !== "Allow") continue;
    const anywhere = listOf(statement.Resource ?? []).includes("*");
    for (const action of listOf(statement.Action)) {
      if (!anywhere && !action.includes("*")) continue;
      const entry = reasons.find((one) => one.where === where && one.action === action);
      found.push({ where, action, reason: entry?.reason ?? (await ownReason(policy, action)) });
    }
  }
  const stale = reasons.filter(
    ({ where, action, reason }) =>
      reason.trim() === "" || !found.some((one) => one.where === where && one.action === action),
  );
  return { wildcards: found, stale };
}

async function ownReason({ kind }: Policy, action: string): Promise<string | undefined> {
  if (action.includes("*")) return undefined;
  if (kind === "key") return "in a key's policy, `*` is the key";
  return (await actionOf(action))?.isWildcardOnly ? "the action knows no resource" : undefined;
}

/** Something in a statement that AWS's table says has no effect, or another than it seems. */
export interface Problem {
  readonly where: string;
  readonly problem: string;
}

/** Holds every statement of a stack against the table of actions. */
export async function tableProblems(stack: ResolvedStack): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { policy, statement, where } of statementsOf(stack)) {
    const names = listOf(statement.Action);
    const actions = (await Promise.all(names.map(actionOf))).filter((one) => one !== undefined);
    const all = [
      ...(await unknownActions(names)),
      ...actions.flatMap((action) => unsupportedKeys(action, statement)),
      ...(statement.Resource === undefined
        ? []
        : wrongResources(policy, actions, statement, names)),
    ];
    problems.push(...all.map((problem) => ({ where, problem })));
  }
  return problems;
}

function* statementsOf(stack: ResolvedStack) {
  for (const policy of stack.policies)
    for (const [index, statement] of policy.statements.entries())
      yield { policy, statement, where: `${policy.name} ${statement.Sid ?? `#${index}`}` };
}

async function unknownActions(names: readonly string[]): Promise<string[]> {
  const matching = await Promise.all(
    names.map((name) => (name === "*" ? [name] : actionsMatching(name))),
  );
  return names
    .filter((_, index) => matching[index]?.length === 0)
    .map((name) => `AWS has no action ${name}`);
}

/** A key that an action's requests never have: a condition on it is always false, or always true. */
function unsupportedKeys(action: Action, { Condition = {} }: Statement): string[] {
  return Object.values(Condition)
    .flatMap((keys) => Object.keys(keys))
    .filter((key) => !supports(action, key))
    .map((key) => `a request for ${action.name} never has the condition key ${key}`);
}

function wrongResources(
  { kind }: Policy,
  actions: readonly Action[],
  statement: Statement,
  names: readonly string[],
): string[] {
  const resources = listOf(statement.Resource);
  if (resources.includes("*")) return [];
  const unmet = actions
    .filter((action) => !resources.some((one) => typesMatching(action, one).length > 0))
    .map((action) =>
      action.isWildcardOnly
        ? `${action.name} knows no resource: a statement about it must say *`
        : `${action.name} acts on ${action.resourceTypes.map(({ arn }) => arn).join(" or ")}, not on ${resources.join(", ")}`,
    );
  // Names with a star mean more actions than are looked at here.
  if (kind === "key" || names.length !== actions.length) return unmet;
  const idle = resources
    .filter((one) => !actions.some((action) => typesMatching(action, one).length > 0))
    .map((one) => `none of its actions acts on ${one}`);
  return unmet.length > 0 ? unmet : idle;
}
