/** Who reads, writes and starts what: read from the roles' policies, which grant exactly that. */
import type { Statement } from "../../iam";
import { blocks, type Resource, type StackGraph } from "./graph";

/** What one resource may do to another. */
export interface Access {
  readonly actor: Resource;
  readonly on: Resource;
  /** `writes` is also said of what reads as well. */
  readonly verb: "reads" | "writes" | "starts" | "tells";
}

/** Attributes by which a resource takes its role. */
const ROLE_ATTRIBUTES = new Set(["role", "role_arn", "execution_role_arn", "iam_role_arn"]);
/** Services whose role comes with each job instead, by the principal that takes it. */
const TAKEN_BY: Readonly<Record<string, string>> = {
  "emr-serverless.amazonaws.com": "aws_emrserverless_application",
};
const VERBS: readonly (readonly [RegExp, Access["verb"]])[] = [
  [/^(sns:Publish|sqs:Send)/, "tells"],
  [/^(states|lambda|emr-serverless|glue):(Start|Invoke)/, "starts"],
  [/:(Put|Create|Update|Delete|BatchWrite)/, "writes"],
  // To list is not to read: what is there is named, and stays.
  [/:(Get|Receive|Scan|Query|BatchGet)/, "reads"],
];
const STRENGTH = VERBS.map(([, verb]) => verb);

/** What every role's policies grant, strongest verb of each pair. */
export function accesses(graph: StackGraph): Access[] {
  const strongest = new Map<string, Access>();
  for (const policy of graph.all("aws_iam_role_policy"))
    for (const role of graph.from(policy).filter(({ path }) => path[0] === "role"))
      for (const access of granted(graph, policy, role.to)) {
        const key = `${access.actor.address} ${access.on.address}`;
        const known = strongest.get(key);
        if (!known || STRENGTH.indexOf(access.verb) < STRENGTH.indexOf(known.verb))
          strongest.set(key, access);
      }
  return [...strongest.values()];
}

/** The statements of a policy document in an attribute; none where it is no such text. */
export function statementsOf(document: unknown): readonly Statement[] {
  if (typeof document !== "string") return [];
  try {
    return blocks(JSON.parse(document).Statement) as unknown as Statement[];
  } catch {
    return [];
  }
}

/** One value or many, as policies have both. */
export function listed(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === "string" ? [value] : (value ?? []);
}

function* granted(graph: StackGraph, policy: Resource, role: Resource): Generator<Access> {
  const actors = actorsOf(graph, role);
  for (const { Effect, Action, Resource: resources } of statementsOf(policy.body.policy)) {
    const verb = verbOf(listed(Action));
    if (Effect !== "Allow" || verb === undefined) continue;
    // What Terraform itself puts there, code and settings, is no data that flows.
    const arns = listed(resources).filter((arn) => verb !== "reads" || !isUploaded(graph, arn));
    for (const on of arns.flatMap((arn) => meant(graph, arn)))
      for (const actor of actors) if (actor !== on) yield { actor, on, verb };
  }
}

function isUploaded(graph: StackGraph, arn: string): boolean {
  const [bucket] = graph.named(arn).filter(({ type }) => type === "aws_s3_bucket");
  const [, folder] = /\.arn\}\/(.+)$/.exec(arn) ?? [];
  return graph
    .all("aws_s3_object")
    .filter((object) => graph.from(object).some(({ to }) => to === bucket))
    .some(({ body }) => folder && String(body.key).startsWith(folder.replace("*", "")));
}

function verbOf(actions: readonly string[]): Access["verb"] | undefined {
  return VERBS.find(([pattern]) => actions.some((action) => pattern.test(action)))?.[1];
}

function actorsOf(graph: StackGraph, role: Resource): readonly Resource[] {
  const holders = graph
    .to(role)
    .filter(({ path, from }) => from.type !== "aws_iam_role_policy" && isRole(path))
    .map(({ from }) => from);
  const trusted = statementsOf(role.body.assume_role_policy).flatMap(({ Principal }) =>
    typeof Principal === "object" ? Object.values(Principal).flatMap(listed) : [],
  );
  return [...holders, ...trusted.flatMap((service) => graph.all(TAKEN_BY[service] ?? ""))];
}

function isRole(path: readonly string[]): boolean {
  return path.length === 1 && ROLE_ATTRIBUTES.has(path[0] ?? "");
}

/** By reference, or as Glue's databases are: by name. */
function meant(graph: StackGraph, arn: string): readonly Resource[] {
  const [, database] = /:database\/(.+)$/.exec(arn) ?? [];
  const databases = graph
    .all("aws_glue_catalog_database")
    .filter(({ body }) => database !== undefined && body.name === database);
  return [...graph.named(arn).filter(({ type }) => type !== "aws_iam_role"), ...databases];
}
