/** Calls that a statement's conditions keep out: allowed ones with one of the keys changed. */
import { Authority } from "./authority";
import type { Context } from "./conditions";
import { accountOf, applies, type Decision, type Request } from "./evaluate";
import { elsewhere, type Forbidden } from "./forbidden";
import type { Case } from "./judge";
import { arnFields } from "./patterns";
import type { Kind, ResolvedStack } from "./resolve";

/**
 * For each condition of each statement that allows, and each call that it lets in: the same call
 * with that key gone, or of another value, where the stack refuses it. A condition that keeps
 * nothing out has none.
 */
export function astrayCalls(stack: ResolvedStack, cases: readonly Case[]): Forbidden[] {
  const authority = new Authority(stack);
  return stack.policies.flatMap(({ name, kind, statements }) =>
    statements
      .filter(({ Effect, Condition }) => Effect === "Allow" && Condition !== undefined)
      .flatMap((statement) =>
        cases
          .filter(({ request }) => applies(statement, request))
          .flatMap(({ request }) =>
            Object.values(statement.Condition ?? {})
              .flatMap((keys) => Object.keys(keys))
              .flatMap((key) => changes(request.context, key))
              .map(
                (context): Forbidden => ({
                  request: { ...request, context },
                  by: judgeOf(kind, request.principal),
                  what: `a call that ${name} keeps out`,
                }),
              ),
          )
          .filter((one) => !isAllowed(authority, one)),
      ),
  );
}

/** A statement's own side is asked alone: the other side may keep the call out as well. */
function judgeOf(kind: Kind, principal: string): Forbidden["by"] {
  if (kind === "identity") return "role";
  if (kind === "endpoint") return "endpoint";
  return accountOf(principal) === undefined ? "stack" : "resource";
}

/** Whether a forbidden call is let in after all. */
export function isAllowed(authority: Authority, { request, by }: Forbidden): boolean {
  return JUDGED_BY[by](authority, request).outcome === "allowed";
}

const JUDGED_BY: Record<Forbidden["by"], (authority: Authority, request: Request) => Decision> = {
  stack: (authority, request) => authority.decide(request),
  resource: (authority, request) => authority.decideFor(request),
  role: (authority, request) => authority.decideAlone(request),
  endpoint: (authority, request) => authority.decidePassing(request),
};

/** A request's context without a key, and with other values of it. */
function changes(context: Context, key: string): Context[] {
  const name = Object.keys(context).find((one) => one.toLowerCase() === key.toLowerCase());
  if (name === undefined) return [];
  const { [name]: value, ...without } = context;
  const values = [value].flat() as string[];
  return [without, { ...without, [name]: values.map(other) }].map(single);
}

/** Lists of one value as that value. */
function single(context: Context): Context {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      Array.isArray(value) && value.length === 1 ? value[0] : value,
    ]),
  );
}

function other(value: string): string {
  if (arnFields(value) !== undefined) return elsewhere(value);
  if (value === "true") return "false";
  return value === "false" ? "true" : `other-${value}`;
}
