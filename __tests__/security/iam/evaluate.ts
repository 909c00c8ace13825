/**
 * Whether IAM lets a request through, by the documents that have a say in it.
 *
 * IAM User Guide, "Policy evaluation logic": an explicit deny anywhere ends it; otherwise somebody
 * must allow. Within one account that is the identity's policy or the resource's, but where the
 * resource is a KMS key or a role to take, its own policy must allow: it names the caller, or the
 * account, which leaves it to the identity's policy (KMS Developer Guide, "Default key policy").
 * Across accounts both must. A permissions boundary must allow what an identity's policy allows.
 */
import { type Condition, type Context, conditionsHold } from "./conditions";
import { arnFields, listOf, matchesArn, matchesWildcard } from "./patterns";

/** One statement, as it stands in a document's JSON. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: Condition;
}

/** A policy document, with the address that messages call it by. */
export interface Document {
  readonly name: string;
  readonly statements: readonly Statement[];
}

export interface Request {
  /** ARN of a role or user, or the name of a service, such as `events.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  /** ARN, or `*` where the action knows no resource. */
  readonly resource: string;
  readonly context: Context;
}

export interface Policies {
  /** Documents of the caller; a service has none. */
  readonly identity?: readonly Document[];
  /** Documents of the resource: bucket, queue, topic, key, or a role's trust. */
  readonly resource?: readonly Document[];
  /** The caller's permissions boundary. */
  readonly boundary?: Document | undefined;
  /** Of a VPC endpoint that the request passes, which must allow too. */
  readonly endpoint?: Document | undefined;
  /** Account that the resource is in. @default the caller's */
  readonly resourceAccount?: string;
}

/** A statement that had a say. */
export interface Match {
  readonly document: string;
  /** Its Sid, or its place in the document, such as `#2`. */
  readonly statement: string;
  readonly effect: string;
}

export interface Decision {
  readonly outcome: "allowed" | "explicit deny" | "implicit deny";
  /** Statements that denied; where none did, those that allowed. */
  readonly matched: readonly Match[];
  /** What decided, in a few words. */
  readonly reason: string;
}

/** Whom a statement's Principal means: the caller itself, or the account the caller is of. */
type Reach = "direct" | "account" | "any";

/** @throws Error where a document has what is not implemented here (`NotAction`, variables, …) */
export function decide(request: Request, policies: Policies): Decision {
  const { identity = [], resource = [], boundary, endpoint } = policies;
  const own = identity.flatMap((document) => matches(document, request, "identity"));
  const theirs = resource.flatMap((document) => matches(document, request, "resource"));
  const limits = boundary ? matches(boundary, request, "identity") : [];
  const passes = endpoint ? matches(endpoint, request, "resource") : [];
  const denied = [...own, ...theirs, ...limits, ...passes].filter(
    ({ effect }) => effect !== "Allow",
  );
  if (denied.length > 0) return decision("explicit deny", denied, "a statement denies it");

  if (endpoint && passes.length === 0)
    return decision("implicit deny", [], `${endpoint.name} lets nothing of it pass`);
  const byIdentity = own.length > 0 && (boundary === undefined || limits.length > 0);
  // Of a role's own session no boundary takes away what a resource gives to everybody.
  const direct = theirs.filter(
    ({ reach }) =>
      reach === "any" || (reach === "direct" && (boundary === undefined || limits.length > 0)),
  );
  const allowed = [...own, ...theirs];
  if (isAnotherAccount(request, policies)) {
    if (theirs.length > 0 && byIdentity) return decision("allowed", allowed, "both accounts allow");
    return decision("implicit deny", [], "another account: both must allow");
  }
  if (direct.length > 0) return decision("allowed", allowed, "the resource's policy allows");
  if (needsResourcePolicy(request.action)) {
    if (theirs.length === 0)
      return decision("implicit deny", [], "the resource's own policy does not allow it");
    if (byIdentity) return decision("allowed", allowed, "the resource's policy leaves it to IAM");
    return decision("implicit deny", [], "no identity policy allows what is left to IAM");
  }
  if (byIdentity) return decision("allowed", own, "the identity's policy allows");
  if (own.length > 0)
    return decision("implicit deny", [], "the permissions boundary does not allow");
  return decision("implicit deny", [], "no statement allows it");
}

/** Keys and roles are used by nobody whom their own policy does not let. */
function needsResourcePolicy(action: string): boolean {
  return /^(kms:|sts:assumerole)/i.test(action);
}

function isAnotherAccount(request: Request, { resourceAccount }: Policies): boolean {
  const account = accountOf(request.principal);
  return account !== undefined && resourceAccount !== undefined && account !== resourceAccount;
}

/** The account of a role or user; undefined for a service. */
export function accountOf(principal: string): string | undefined {
  return arnFields(principal)?.[4];
}

function decision(
  outcome: Decision["outcome"],
  matched: readonly Match[],
  reason: string,
): Decision {
  return {
    outcome,
    matched: matched.map(({ document, statement, effect }) => ({ document, statement, effect })),
    reason,
  };
}

/** Statements of a document that apply to a request. */
function matches(
  { name, statements }: Document,
  request: Request,
  kind: "identity" | "resource",
): (Match & { reach: Reach })[] {
  return statements.flatMap((statement, index) => {
    const label = statement.Sid ?? `#${index}`;
    try {
      refuse(statement, kind);
      const reach =
        kind === "identity" ? "direct" : reachOf(statement.Principal, request.principal);
      if (reach === undefined || !applies(statement, request)) return [];
      return [{ document: name, statement: label, effect: statement.Effect, reach }];
    } catch (error) {
      throw new Error(`${name}, statement ${label}: ${(error as Error).message}`);
    }
  });
}

/** Whether a statement's action, resource and conditions take in a request. */
export function applies(statement: Statement, request: Request): boolean {
  return (
    listOf(statement.Action).some((action) => matchesAction(action, request.action)) &&
    // A trust policy names no resource: it is the role's own.
    (statement.Resource === undefined ||
      listOf(statement.Resource).some((pattern) => matchesResource(pattern, request.resource))) &&
    (statement.Condition === undefined || conditionsHold(statement.Condition, request.context))
  );
}

export function matchesAction(pattern: string, action: string): boolean {
  return matchesWildcard(pattern, action, true);
}

/** @throws Error for a policy variable, or what is neither `*` nor an ARN */
export function matchesResource(pattern: string, resource: string): boolean {
  if (pattern.includes("${")) throw new Error(`policy variables are not evaluated: ${pattern}`);
  if (/^\*+$/.test(pattern)) return true;
  if (arnFields(pattern) === undefined)
    throw new Error(`a resource is \`*\` or an ARN of six fields: ${pattern}`);
  return matchesArn(pattern, resource);
}

const KNOWN = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];

function refuse(statement: Statement, kind: "identity" | "resource"): void {
  const unknown = Object.keys(statement).filter((key) => !KNOWN.includes(key));
  if (unknown.length > 0) throw new Error(`${unknown.join(", ")} is not implemented`);
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny")
    throw new Error(`Effect is Allow or Deny, not ${statement.Effect}`);
  if (statement.Action === undefined) throw new Error("it has no Action");
  if (kind === "identity" && statement.Resource === undefined)
    throw new Error("an identity's statement names a Resource");
  if ((kind === "identity") !== (statement.Principal === undefined))
    throw new Error(
      kind === "identity"
        ? "an identity's statement names no Principal"
        : "a resource's statement names a Principal",
    );
}

/** Whom a Principal means of this caller; undefined where it means others. */
function reachOf(principal: unknown, caller: string): Reach | undefined {
  if (principal === "*") return "any";
  const entries = Object.entries(principal as Record<string, unknown>);
  const reaches = entries.flatMap(([type, values]) => {
    if (type === "Service") return listOf(values).includes(caller) ? ["direct" as const] : [];
    if (type !== "AWS") throw new Error(`a Principal of type ${type} is not implemented`);
    return listOf(values).flatMap((value) => reachOfAws(value, caller));
  });
  return (["any", "direct", "account"] as const).find((reach) => reaches.includes(reach));
}

function reachOfAws(value: string, caller: string): Reach[] {
  if (value === "*") return ["any"];
  const account = /^\d{12}$/.test(value)
    ? value
    : /^arn:[\w-]+:iam::(\d{12}):root$/.exec(value)?.[1];
  if (account !== undefined) return account === accountOf(caller) ? ["account"] : [];
  if (arnFields(value) === undefined || value.includes("*"))
    throw new Error(`a Principal is an account, an ARN without wildcards or \`*\`: ${value}`);
  return value === caller ? ["direct"] : [];
}
