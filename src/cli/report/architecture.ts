/** The picture's content: boxes, arrows and what stands around them, from the graph. Pure. */
import { accesses, listed, statementsOf } from "./access";
import { blocks, type Reference, type Resource, type StackGraph } from "./graph";
import { KINDS, type Kind, PARTS } from "./kinds";

/** One box: a resource, or several that do the same between the same. */
export interface Box {
  /** Address of its first resource. */
  readonly id: string;
  readonly kind: Kind;
  readonly type: string;
  readonly resources: readonly Resource[];
  /** Resources that belong to it, such as a bucket's policy. */
  readonly parts: readonly Resource[];
  /** A line of what is in it, such as a bucket's zones. */
  readonly detail?: string | undefined;
  /** The network that it is in. */
  readonly frame?: string | undefined;
}

/** One arrow, in the direction that data or a call goes. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly verb: string;
  /** `data` and events move, a `call` starts, tells or holds something, a `failure` goes aside. */
  readonly line: "data" | "call" | "failure";
}

/** All that is drawn, and all that is not. */
export interface Architecture {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** Resources of types that the picture does not know. */
  readonly unknown: readonly Resource[];
}

/** Draws nothing yet: says what there is. */
export function architectureOf(graph: StackGraph): Architecture {
  const owners = ownersOf(graph);
  const unknown = graph.resources.filter((one) => !KINDS[one.type] && !owners.has(one));
  const arrows = arrowsOf(graph);
  return { ...merged(graph, owners, arrows), unknown };
}

/** The box that each part belongs to: over references, in either direction, the nearest one. */
function ownersOf(graph: StackGraph): ReadonlyMap<Resource, Resource> {
  const owners = new Map<Resource, Resource>();
  for (const part of graph.resources) {
    const types = PARTS[part.type];
    const owner = types && nearest(graph, part, types);
    if (owner) owners.set(part, owner);
  }
  return owners;
}

function nearest(graph: StackGraph, part: Resource, types: readonly string[]) {
  const seen = new Set([part]);
  let reached: readonly Resource[] = [part];
  while (reached.length > 0) {
    const next = reached.flatMap((one) => [
      ...graph.from(one).map(({ to }) => to),
      ...graph.to(one).map(({ from }) => from),
    ]);
    reached = [...new Set(next)].filter((one) => !seen.has(one));
    for (const one of reached) seen.add(one);
    for (const type of types) {
      const found = reached.find((one) => one.type === type);
      if (found) return found;
    }
    // Through a bucket or the key everything is near everything: ways lead over parts alone.
    reached = reached.filter((one) => !KINDS[one.type]);
  }
  return types.flatMap((type) => graph.all(type))[0];
}

/** What a reference in an attribute means; attributes that are not here mean nothing to a reader. */
const ARROWS: Readonly<Record<string, (reference: Reference) => Arrow | undefined>> = {
  "aws_cloudwatch_event_rule.event_pattern": ({ from, to }) => arrow(to, from, "is watched by"),
  "aws_cloudwatch_metric_alarm.alarm_actions": ({ from, to }) => arrow(from, to, "tells", "call"),
  "aws_budgets_budget.notification": ({ from, to }) => arrow(from, to, "tells", "call"),
  "aws_athena_workgroup.configuration": ({ from, to }) =>
    to.type === "aws_s3_bucket" ? arrow(from, to, "writes results to") : undefined,
  "aws_glue_crawler.database_name": ({ from, to }) => arrow(from, to, "keeps tables in"),
  "aws_glue_crawler.s3_target": ({ from, to }) => arrow(to, from, "is read by"),
};

function arrowsOf(graph: StackGraph): Arrow[] {
  const direct = graph.references.map((reference) =>
    ARROWS[`${reference.from.type}.${reference.path[0]}`]?.(reference),
  );
  const all = [...direct.filter((one) => one !== undefined), ...through(graph), ...byRole(graph)];
  const first = new Map<string, Arrow>();
  // One arrow between two boxes: what says most comes first.
  for (const one of all) {
    const key = [one.from, one.to].join(" ");
    const back = [one.to, one.from].join(" ");
    if (!first.has(key) && !first.has(back)) first.set(key, one);
  }
  return [...first.values()];
}

/** Arrows that a resource between two boxes stands for. */
function through(graph: StackGraph): Arrow[] {
  const at = (part: Resource, ...path: readonly string[]) =>
    graph
      .from(part)
      .filter((one) => path.every((key, i) => one.path[i] === key))
      .map(({ to }) => to);
  const pairs = (from: readonly Resource[], to: readonly Resource[], ...rest: Rest) =>
    from.flatMap((one) => to.map((other) => arrow(one, other, ...rest)));
  const targets = graph.all("aws_cloudwatch_event_target").flatMap((target) => {
    const rules = at(target, "rule");
    return [
      ...pairs(rules, at(target, "arn"), "sends to"),
      ...pairs(rules, at(target, "dead_letter_config"), "gives up to", "failure"),
    ];
  });
  const mappings = graph
    .all("aws_lambda_event_source_mapping")
    .flatMap((mapping) =>
      pairs(at(mapping, "event_source_arn"), at(mapping, "function_name"), "feeds"),
    );
  const redrives = graph
    .all("aws_sqs_queue_redrive_policy")
    .flatMap((redrive) =>
      pairs(at(redrive, "queue_url"), at(redrive, "redrive_policy"), "gives up to", "failure"),
    );
  const queries = graph
    .all("aws_athena_named_query")
    .flatMap((query) => pairs(at(query, "database"), at(query, "workgroup"), "is queried by"));
  return [...targets, ...mappings, ...redrives, ...queries];
}

function byRole(graph: StackGraph): Arrow[] {
  return accesses(graph)
    .filter(({ actor, on }) => KINDS[actor.type] && KINDS[on.type]?.place === "flow")
    .map(({ actor, on, verb }) => {
      if (verb === "reads") return arrow(on, actor, "is read by");
      // The table holds locks, which hold others up and are no data.
      const isData = verb === "writes" && on.type !== "aws_dynamodb_table";
      return arrow(actor, on, verb, isData ? "data" : "call");
    });
}

type Rest = [verb: string, line?: Arrow["line"]];

function arrow(from: Resource, to: Resource, ...[verb, line = "data"]: Rest): Arrow {
  return { from: from.address, to: to.address, verb, line };
}

/** Boxes of one type with the same arrows become one; alarms always do, they are many. */
function merged(
  graph: StackGraph,
  owners: ReadonlyMap<Resource, Resource>,
  arrows: readonly Arrow[],
): Pick<Architecture, "boxes" | "arrows"> {
  const groups = new Map<string, Resource[]>();
  for (const resource of graph.resources) {
    if (!KINDS[resource.type]) continue;
    const key = sameKey(resource, arrows);
    groups.set(key, [...(groups.get(key) ?? []), resource]);
  }
  const boxes = [...groups.values()].map((group) => boxOf(graph, owners, group));
  const box = new Map(boxes.flatMap(({ id, resources }) => resources.map((r) => [r.address, id])));
  const between = arrows.map((one) => ({
    ...one,
    from: box.get(one.from) ?? one.from,
    to: box.get(one.to) ?? one.to,
  }));
  const unique = new Map(between.map((one) => [`${one.from} ${one.to}`, one]));
  return { boxes, arrows: [...unique.values()] };
}

function sameKey({ address, type }: Resource, arrows: readonly Arrow[]): string {
  if (type === "aws_cloudwatch_metric_alarm") return type;
  const own = arrows.filter(({ from, to }) => from === address || to === address);
  // Where things go that nobody could take: one place to look at.
  if (own.length > 0 && own.every(({ to, line }) => to === address && line === "failure"))
    return `${type} aside`;
  if (own.length === 0) return address;
  const ends = own.map((one) => `${one.from === address ? ">" : one.from} ${one.to} ${one.line}`);
  // What leaves it and what comes to it, with its own address taken out.
  return [type, ...ends.map((end) => end.replace(` ${address} `, " . ")).sort()].join("|");
}

function boxOf(
  graph: StackGraph,
  owners: ReadonlyMap<Resource, Resource>,
  resources: readonly Resource[],
): Box {
  const [first] = resources as readonly [Resource, ...Resource[]];
  const kind = KINDS[first.type] as Kind;
  const parts = graph.resources.filter((one) => {
    const owner = owners.get(one);
    return owner !== undefined && resources.includes(owner);
  });
  return {
    id: first.address,
    kind,
    type: first.type,
    resources,
    parts,
    detail: detailOf(graph, first, parts),
    frame: networkOf(graph, first),
  };
}

function detailOf(
  graph: StackGraph,
  first: Resource,
  parts: readonly Resource[],
): string | undefined {
  const count = (type: string) => parts.filter((part) => part.type === type).length;
  switch (first.type) {
    case "aws_s3_bucket": {
      const zones = zonesOf(graph, first);
      return zones.length > 0 ? zones.map((zone) => `${zone}/`).join(" ") : undefined;
    }
    case "aws_kms_key":
      return `encrypts ${
        new Set(
          graph
            .to(first)
            .filter(encrypts)
            .map(({ from }) => from),
        ).size
      } things`;
    case "aws_athena_workgroup":
      return count("aws_athena_named_query") > 0
        ? `${count("aws_athena_named_query")} named queries`
        : undefined;
    case "aws_emrserverless_application":
      return networkOf(graph, first) && networkWords(graph);
    default:
      return undefined;
  }
}

function encrypts({ from, path }: Reference): boolean {
  return from.type !== "aws_kms_alias" && path[0] !== "policy" && path[0] !== "definition";
}

/** Folders of a bucket that policies, rules and lifecycles speak of. */
export function zonesOf(graph: StackGraph, bucket: Resource): string[] {
  const granted = graph
    .all("aws_iam_role_policy")
    .flatMap(({ body }) => statementsOf(body.policy))
    .flatMap(({ Resource: resources }) => listed(resources))
    .flatMap((arn) =>
      graph.named(arn).includes(bucket) ? [/\}\/([^/*$]+)\//.exec(arn)?.[1]] : [],
    );
  const kept = graph
    .all("aws_s3_bucket_lifecycle_configuration")
    .filter((one) => graph.from(one).some(({ to }) => to === bucket))
    .flatMap(({ body }) => blocks(body.rule))
    .flatMap(({ filter }) =>
      blocks(filter).map(({ prefix }) => String(prefix ?? "").split("/")[0]),
    );
  return [...new Set([...granted, ...kept])].filter(
    (zone) => zone !== undefined && zone !== "",
  ) as string[];
}

function networkWords(graph: StackGraph): string {
  const [subnets, endpoints, gateways] = ["subnet", "vpc_endpoint", "nat_gateway"].map(
    (type) => graph.all(`aws_${type}`).length,
  );
  return `${subnets} subnets, ${endpoints} endpoints${gateways ? ", NAT" : ""}`;
}

/** The network of what has subnets. */
function networkOf(graph: StackGraph, resource: Resource): string | undefined {
  const subnet = graph.from(resource).find(({ to }) => to.type === "aws_subnet");
  return subnet && nearest(graph, subnet.to, ["aws_vpc"])?.address;
}
