/** What roles are granted, and what of it no call has used. */
import { actionOf, typesMatching } from "./action-table";
import { globalContext } from "./calls";
import { applies, matchesAction, matchesResource, type Statement } from "./evaluate";
import type { Case } from "./judge";
import { listOf, matchesWildcard } from "./patterns";
import type { ResolvedStack } from "./resolve";

/** One action on one resource that one statement allows a role. */
export interface Grant {
  /** ARN of the role. */
  readonly role: string;
  /** Address of the policy, such as `aws_iam_role_policy.trigger`. */
  readonly policy: string;
  readonly statement: string;
  readonly action: string;
  /** ARN with wildcards, or `*`. */
  readonly resource: string;
  readonly condition: Statement["Condition"];
}

/**
 * Everything that the stack's roles are granted: each action of a statement with each of its
 * resources that the action can be done on.
 */
export async function grantsOf(stack: ResolvedStack): Promise<Grant[]> {
  const grants: Grant[] = [];
  for (const { kind, name, target, statements } of stack.policies) {
    if (kind !== "identity") continue;
    for (const [index, statement] of statements.entries()) {
      if (statement.Effect !== "Allow") continue;
      for (const action of listOf(statement.Action))
        for (const resource of listOf(statement.Resource))
          if (await isPossible(action, resource))
            grants.push({
              role: target,
              policy: name,
              statement: statement.Sid ?? `#${index}`,
              action,
              resource,
              condition: statement.Condition,
            });
    }
  }
  return grants;
}

/** Whether the action is done on such a resource; of one with wildcards, or unknown, it may be. */
async function isPossible(action: string, resource: string): Promise<boolean> {
  const known = await actionOf(action);
  if (known === undefined || known.isWildcardOnly || resource === "*") return true;
  return typesMatching(known, resource).length > 0;
}

/** The grants that none of the calls used. */
export function unused(grants: readonly Grant[], cases: readonly Case[]): Grant[] {
  return grants.filter(
    ({ role, action, resource, condition }) =>
      !cases.some(
        ({ request }) =>
          request.principal === role &&
          matchesAction(action, request.action) &&
          matchesResource(resource, request.resource) &&
          applies(
            {
              Effect: "Allow",
              Action: action,
              Resource: resource,
              ...(condition && { Condition: condition }),
            },
            request,
          ),
      ),
  );
}

/** A grant that is known to be unused, and why it stays. */
export interface UnusedGrant {
  /** Address of the policy. */
  readonly policy: string;
  /** Its statement's Sid. */
  readonly statement: string;
  readonly action: string;
  /** Pattern of the grant's resource. @default any */
  readonly resource?: string;
  readonly reason: string;
}

/** What a review of unused grants comes to. */
export interface Review {
  /** Unused, and in no entry. */
  readonly unexplained: readonly Grant[];
  /** Unused, with the entry's reason. */
  readonly explained: readonly (Grant & { readonly reason: string })[];
  /** Entries that no unused grant needs any more, or without a reason. */
  readonly stale: readonly UnusedGrant[];
}

/** Holds unused grants against the reviewed list. */
export function reviewUnused(grants: readonly Grant[], list: readonly UnusedGrant[]): Review {
  const isMeant = (entry: UnusedGrant, grant: Grant) =>
    entry.policy === grant.policy &&
    entry.statement === grant.statement &&
    entry.action === grant.action &&
    matchesWildcard(entry.resource ?? "*", grant.resource);
  const explained = grants.flatMap((grant) => {
    const entry = list.find((one) => isMeant(one, grant));
    return entry === undefined ? [] : [{ ...grant, reason: entry.reason }];
  });
  return {
    unexplained: grants.filter((grant) => !list.some((entry) => isMeant(entry, grant))),
    explained,
    stale: list.filter(
      (entry) => entry.reason.trim() === "" || !grants.some((grant) => isMeant(entry, grant)),
    ),
  };
}

/**
 * Calls as the unused grants that are explained would be used: what stays for a reason must be
 * allowed as what is called.
 */
export function listedCases(stack: ResolvedStack, explained: Review["explained"]): Case[] {
  return explained.map(({ role, action, resource, condition = {}, reason }) => ({
    origin: "listed",
    request: {
      principal: role,
      action,
      resource: resource === "*" ? "*" : filled(resource),
      context: {
        ...globalContext(role, action, stack),
        ...Object.fromEntries(
          Object.values(condition)
            .flatMap((keys) => Object.entries(keys))
            .map(([key, values]) => [key, filled(listOf(values)[0] ?? "")]),
        ),
      },
    },
    because: reason,
    source: "unused-grants.ts",
  }));
}

/** A text that a pattern takes in. */
function filled(pattern: string): string {
  return pattern.replaceAll(/[*?]/g, "x");
}

/** A grant in one line. */
export function describeGrant({ policy, statement, action, resource }: Grant): string {
  return `${policy} ${statement}: ${action} on ${resource}`;
}
