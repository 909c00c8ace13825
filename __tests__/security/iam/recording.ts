/** What the local AWS recorded in a run of the tests, read and made ready to be judged. */
import { z } from "zod";
import { Synthesized } from "../../support/synth";
import type { Call } from "./calls";
import { conditionsHold } from "./conditions";
import { applies, type Request } from "./evaluate";
import { listOf } from "./patterns";
import { arnsOf, type ResolvedStack, resolveStack } from "./resolve";

const CALL = z.strictObject({
  role: z.string().startsWith("arn:"),
  action: z.string().regex(/^[\w-]+:./),
  resource: z.string().regex(/^(\*|arn:.*)$/),
  context: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  count: z.int().positive(),
});
const RECORDING = z.strictObject({
  stacks: z.record(z.string(), z.unknown()),
  calls: z.array(CALL),
});

/** Calls with the stacks, in Terraform's JSON and by name, whose roles made them. */
export type Recording = z.infer<typeof RECORDING>;

/** A deployed stack with the calls of its roles. */
export interface Deployed {
  readonly name: string;
  readonly stack: ResolvedStack;
  readonly calls: readonly Call[];
}

/**
 * A recording, checked.
 * @param where its place, for the message
 * @throws Error that names each value which is not of a recording
 */
export function readRecording(json: unknown, where: string): Recording {
  const { data, error } = RECORDING.safeParse(json);
  if (data) return data;
  const faults = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new Error(`${where} is no recording of calls:\n${faults.join("\n")}`);
}

/**
 * The stacks of a recording, each with the calls of its roles, and the calls of roles that none of
 * them has. Without a stack it was no lake: a test's own machine with a role of the test's.
 */
export function deployedOf({ stacks, calls }: Recording): { deployed: Deployed[]; strays: Call[] } {
  const deployed = Object.entries(stacks).map(([name, json]): Deployed => {
    const synthesized = new Synthesized(JSON.stringify(json));
    const roles = new Set(arnsOf(resolveStack(synthesized), "aws_iam_role").map(({ arn }) => arn));
    const own = calls.filter(({ role }) => roles.has(role));
    return { name, stack: resolveStack(synthesized, { ids: idsIn(synthesized, own) }), calls: own };
  });
  if (deployed.length === 0) return { deployed, strays: [] };
  const known = new Set(deployed.flatMap((one) => one.calls));
  return { deployed, strays: calls.filter((call) => !known.has(call)) };
}

/** What AWS numbered, as far as the calls say it. */
function idsIn(stack: Synthesized, calls: readonly Call[]): Record<string, string> {
  const texts = JSON.stringify(calls);
  const find = (type: string, pattern: RegExp) => {
    const [name, ...others] = Object.keys(stack.all(type));
    const id = pattern.exec(texts)?.[1];
    // Of several, the calls do not say which is whose.
    return name !== undefined && others.length === 0 && id !== undefined
      ? { [`${type}.${name}`]: id }
      : {};
  };
  return {
    ...find("aws_emrserverless_application", /:\/applications\/([\w-]+)/),
    ...find("aws_kms_key", /:key\/([\w-]+)/),
  };
}

/**
 * One call for each way in which a grant is used: of those of one role and action that the same
 * statements let in, by the same of their resources and values. Calls that none lets in all stay.
 * @returns the calls, by what says the way
 */
export function representatives(stack: ResolvedStack, calls: readonly Call[]): Map<string, Call> {
  const kept = new Map<string, Call>();
  for (const call of calls) {
    const { role, action, resource, context } = call;
    const request: Request = { principal: role, action, resource, context };
    const ways = stack.policies
      .filter(({ kind, target }) => kind === "identity" && target === role)
      .flatMap(({ name, statements }) =>
        statements.flatMap((statement, index) =>
          applies(statement, request)
            ? [[name, statement.Sid ?? index, ...valuesUsed(statement, request)]]
            : [],
        ),
      );
    const id = JSON.stringify([role, action, ways.length > 0 ? ways : [resource, context]]);
    const before = kept.get(id);
    kept.set(id, { ...(before ?? call), count: (before?.count ?? 0) + call.count });
  }
  return kept;
}

/** The resources and the values of conditions by which a statement lets a request in. */
function valuesUsed(statement: Parameters<typeof applies>[0], request: Request): string[] {
  const resources = listOf(statement.Resource).filter((Resource) =>
    applies({ ...statement, Resource }, request),
  );
  const values = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, expected]) =>
      listOf(expected).filter((value) =>
        conditionsHold({ [operator]: { [key]: value } }, request.context),
      ),
    ),
  );
  return [...resources, ...values];
}
