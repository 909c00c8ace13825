/** The security posture, counted in the synthesized graph: what holds for how many of what. Pure. */
import { listed, statementsOf } from "./access";
import { type Body, blocks, type Resource, type StackGraph } from "./graph";

/** One control over all resources that it is for. */
export interface Control {
  readonly what: string;
  readonly holds: number;
  readonly of: number;
  /** Names of those that it does not hold for. */
  readonly without: readonly string[];
  /** Why, or how far. */
  readonly note?: string | undefined;
}

/** One fact that is no share of anything. */
export interface Fact {
  readonly what: string;
  readonly value: string;
  readonly note?: string | undefined;
}

export interface Posture {
  readonly controls: readonly Control[];
  readonly facts: readonly Fact[];
}

/** Types that hold data beside buckets, which all can have a key of the customer's. */
const ENCRYPTED = [
  "aws_sqs_queue",
  "aws_sns_topic",
  "aws_dynamodb_table",
  "aws_cloudwatch_log_group",
  "aws_lambda_function",
];

/** Counts every control and fact. */
export function postureOf(graph: StackGraph): Posture {
  return { controls: [...bucketControls(graph), ...otherControls(graph)], facts: factsOf(graph) };
}

function bucketControls(graph: StackGraph): Control[] {
  const buckets = graph.all("aws_s3_bucket");
  const by = (what: string, type: string, holds: (body: Body) => boolean, note?: string) =>
    control(
      what,
      buckets,
      (bucket) =>
        graph
          .to(bucket)
          .some(({ from, path }) => from.type === type && path[0] === "bucket" && holds(from.body)),
      note,
    );
  return [
    by(
      "Buckets encrypted with the lake’s own key",
      "aws_s3_bucket_server_side_encryption_configuration",
      (body) => names(graph, body, "aws_kms_key"),
      "S3 writes its access logs with a key of its own alone",
    ),
    by("Buckets closed to the public", "aws_s3_bucket_public_access_block", (body) =>
      [
        "block_public_acls",
        "block_public_policy",
        "ignore_public_acls",
        "restrict_public_buckets",
      ].every((key) => body[key] === true),
    ),
    by("Buckets over TLS only", "aws_s3_bucket_policy", (body) =>
      statementsOf(body.policy).some(
        ({ Effect, Condition }) =>
          Effect === "Deny" && String(Condition?.Bool?.["aws:SecureTransport"]) === "false",
      ),
    ),
    by("Buckets that keep replaced versions", "aws_s3_bucket_versioning", (body) =>
      blocks(body.versioning_configuration).some(({ status }) => status === "Enabled"),
    ),
    by(
      "Buckets whose requests are logged",
      "aws_s3_bucket_logging",
      () => true,
      "the logs themselves are not",
    ),
  ];
}

function otherControls(graph: StackGraph): Control[] {
  const stored = ENCRYPTED.flatMap((type) => graph.all(type));
  const kept = [
    ...graph.all("aws_s3_bucket"),
    ...graph.all("aws_kms_key"),
    ...graph.all("aws_dynamodb_table"),
  ];
  return [
    control("Queues, topics, tables, logs and functions with that key", stored, ({ body }) =>
      names(graph, body, "aws_kms_key"),
    ),
    control(
      "Log groups that forget in time",
      graph.all("aws_cloudwatch_log_group"),
      ({ body }) => Number(body.retention_in_days) > 0,
      retention(graph),
    ),
    control(
      "Buckets, keys and tables that no deploy destroys",
      kept,
      ({ body }) => blocks(body.lifecycle).some((one) => one.prevent_destroy === true),
      "retain_data",
    ),
    control(
      "Keys that rotate",
      graph.all("aws_kms_key"),
      ({ body }) => body.enable_key_rotation === true,
    ),
  ].filter(({ of }) => of > 0);
}

function control(
  what: string,
  all: readonly Resource[],
  holds: (one: Resource) => boolean,
  note?: string,
): Control {
  const without = all.filter((one) => !holds(one)).map(({ name }) => name.replaceAll("_", " "));
  return { what, holds: all.length - without.length, of: all.length, without, note };
}

function names(graph: StackGraph, body: Body, type: string): boolean {
  return graph
    .named(JSON.stringify({ ...body, policy: undefined }))
    .some((one) => one.type === type);
}

function retention(graph: StackGraph): string {
  const days = graph
    .all("aws_cloudwatch_log_group")
    .map(({ body }) => Number(body.retention_in_days));
  return `${[...new Set(days)].sort((a, b) => a - b).join(", ")} days`;
}

function factsOf(graph: StackGraph): Fact[] {
  const statements = graph
    .all("aws_iam_role_policy")
    .flatMap(({ body }) => statementsOf(body.policy))
    .filter(({ Effect }) => Effect === "Allow");
  const actions = statements.flatMap(({ Action }) => listed(Action));
  const anywhere = statements.filter(({ Resource: resources }) => listed(resources).includes("*"));
  return [
    { what: "Roles", value: String(graph.all("aws_iam_role").length), note: "one for each actor" },
    {
      what: "Statements that allow",
      value: String(statements.length),
      note: `${new Set(actions).size} different actions`,
    },
    {
      what: "Actions with a wildcard",
      value: String(actions.filter((action) => action.includes("*")).length),
    },
    {
      what: "Statements on any resource",
      value: String(anywhere.length),
      note:
        anywhere.length > 0
          ? [...new Set(anywhere.flatMap(({ Action }) => listed(Action)))].join(", ")
          : undefined,
    },
    networkFact(graph),
  ];
}

function networkFact(graph: StackGraph): Fact {
  const what = "Network of the job";
  if (graph.all("aws_vpc").length === 0)
    return { what, value: "EMR’s own", note: "enable_vpc = false" };
  const ways = ["aws_nat_gateway", "aws_internet_gateway"].flatMap((type) => graph.all(type));
  const endpoints = graph.all("aws_vpc_endpoint").map(({ name }) => name);
  return ways.length === 0
    ? { what, value: "closed", note: `no way to the internet; endpoints: ${endpoints.join(", ")}` }
    : {
        what,
        value: "open",
        note: `to the internet, by ${ways.map(({ address }) => address).join(", ")}`,
      };
}
