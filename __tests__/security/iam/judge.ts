/** All calls that a stack must allow, recorded and known of, and which of them it does not. */
import { Authority } from "./authority";
import { type Call, type KnownCall, requestOf } from "./calls";
import type { Decision, Document, Request } from "./evaluate";
import { Implied } from "./implied";
import { peoplesCalls } from "./people";
import type { ResolvedStack } from "./resolve";
import { passingCalls, roleCalls } from "./role-calls";
import { serviceCalls } from "./services";

/** Where a call is known from. */
export type Origin = "recorded" | "implied" | "service" | "role" | "person" | "passing" | "listed";

/** A call that must be allowed. */
export interface Case {
  readonly origin: Origin;
  readonly request: Request;
  /** Of one that was not recorded: why it is made, and the page that says so. */
  readonly because?: string;
  readonly source?: string;
}

/** What AWS asks of KMS for some calls. */
export function impliedBy(stack: ResolvedStack, cases: readonly Case[]): Case[] {
  const implied = new Implied(stack);
  return cases.flatMap(({ request }) => known("implied", implied.of(request)));
}

function known(origin: Origin, all: readonly KnownCall[]): Case[] {
  return all.map(({ because, source, ...request }) => ({ origin, request, because, source }));
}

/** Every call that a stack must allow, each once. */
export function casesOf(stack: ResolvedStack, calls: readonly Call[]): Case[] {
  const made: Case[] = [
    ...calls.map((call): Case => ({ origin: "recorded", request: requestOf(call, stack) })),
    ...known("service", serviceCalls(stack)),
    ...known("role", roleCalls(stack)),
  ];
  const distinct = new Map<string, Case>();
  for (const one of [
    ...made,
    ...impliedBy(stack, made),
    ...known("person", peoplesCalls(stack)),
    ...known("passing", passingCalls(stack)),
  ]) {
    const id = JSON.stringify(one.request);
    if (!distinct.has(id)) distinct.set(id, one);
  }
  return [...distinct.values()];
}

/** What a stack's policies say to a case. */
export function judge(authority: Authority, { origin, request }: Case): Decision {
  if (origin === "passing") return authority.decidePassing(request);
  return origin === "person" ? authority.decideFor(request) : authority.decide(request);
}

/** A case that is not allowed, with what decided. */
export interface Refusal {
  readonly case: Case;
  readonly decision: Decision;
}

/**
 * The cases that a stack does not allow; none, where it is right.
 * @param boundaries documents of permissions boundaries by ARN
 */
export function refusals(
  stack: ResolvedStack,
  cases: readonly Case[],
  boundaries: Readonly<Record<string, Document>> = {},
): Refusal[] {
  const authority = new Authority(stack, stack.policies, boundaries);
  return cases
    .map((one) => ({ case: one, decision: judge(authority, one) }))
    .filter(({ decision }) => decision.outcome !== "allowed");
}

/** A refusal in one line: who called what on what, what decided, and how the call is known of. */
export function describeRefusal({ case: { origin, request, because, source }, decision }: Refusal) {
  const { principal, action, resource, context } = request;
  const keys = Object.entries(context)
    .filter(([key]) => !/^aws:(Principal|Requested|Resource|SecureT|ViaAWS)/.test(key))
    .map(([key, value]) => `${key}=${value}`);
  const by = decision.matched.map(({ document, statement }) => `${document} ${statement}`);
  return [
    `${principal} may not ${action} on ${resource}`,
    `${decision.outcome}: ${[decision.reason, ...by].join(", ")}`,
    ...(keys.length > 0 ? [`with ${keys.join(" ")}`] : []),
    because === undefined ? origin : `${origin}: ${because} (${source})`,
  ].join("; ");
}
