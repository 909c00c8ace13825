/** Each rule is red on a stack that breaks it, and says where and why. */
import { describe, expect, test } from "vitest";
import { type Block, Synthesized } from "../../support/synth";
import { RULES } from "./all";
import { forEachMutant } from "./mutants";
import { examine, inWords, type Subject } from "./rule";
import { subject } from "./subjects";

const lake = await subject("data-lake-full");
const state = await subject("state-full");

/** The stack with something added to it, or said in another way. */
function broken(original: Subject, change: (json: Block) => void): Subject {
  const json = JSON.parse(original.stack.text);
  change(json);
  return { ...original, stack: new Synthesized(JSON.stringify(json)) };
}

function withResource(type: string, block: Block = {}): Subject {
  return broken(lake, (json) => {
    json.resource[type] = { ...json.resource[type], extra: block };
  });
}

/** The stack with a statement more in one of its documents. */
function withStatement(address: string, statement: Block): Subject {
  return broken(lake, ({ resource }) => {
    const [type = "", name = ""] = address.split(".");
    const block = resource[type][name];
    const document = JSON.parse(block.policy);
    document.Statement.push({ Sid: "Extra", Effect: "Allow", ...statement });
    block.policy = JSON.stringify(document);
  });
}

/** The stack with another statement as the trust of one role. */
function withTrust(statement: Block): Subject {
  return broken(lake, ({ resource }) => {
    resource.aws_iam_role.trigger.assume_role_policy = JSON.stringify({
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }],
    });
  });
}

function findings(rule: string, on: Subject): string[] {
  const found = RULES.find(({ name }) => name === rule);
  if (found === undefined) throw new Error(`no rule "${rule}"`);
  return examine([found], on).findings.map(inWords);
}

const ROLE_POLICY = "aws_iam_role_policy.trigger";
const BUCKET_POLICY = "aws_s3_bucket_policy.landing";
const BUCKET = `\${aws_s3_bucket.landing.arn}`;
const GUEST = { Action: "s3:GetObject", Resource: `${BUCKET}/*` };
const ACCOUNT = `\${data.aws_caller_identity.current.account_id}`;
const KEY = `\${aws_kms_key.lake.arn}`;

/** An ARN of this account. */
function own(service: string, resource: string): string {
  return `arn:\${data.aws_partition.current.partition}:${service}:us-east-1:${ACCOUNT}:${resource}`;
}

/** What no removal shows: something more than there should be. */
const ADDED: [rule: string, says: string, on: () => Subject][] = [
  ...["aws_s3_bucket_acl", "aws_s3_bucket_website_configuration", "aws_s3_access_point"].map(
    (type): [string, string, () => Subject] => [
      "nothing opens a bucket beside its controls",
      `${type}: expected none, found ${type}.extra`,
      () => withResource(type),
    ],
  ),
  ...["aws_lambda_function_url", "aws_iam_role_policy_attachment", "aws_iam_user"].map(
    (type): [string, string, () => Subject] => [
      "no policy, user or permission but the roles' own",
      `${type}: expected none, found ${type}.extra`,
      () => withResource(type),
    ],
  ),
  ...["s3:*", "s3:Get*", "*", "s3:GetObject?"].map((Action): [string, string, () => Subject] => [
    "nothing is allowed by an action with a star",
    `${ROLE_POLICY} Extra: expected one action, found ${Action}`,
    () => withStatement(ROLE_POLICY, { Action, Resource: BUCKET }),
  ]),
  ...[
    ...["arn:*", "arn:aws:*", "arn:aws:s3:::*", "arn:*:s3:::lake/*", "arn:aws:s3:::d*"],
    ...[own("iam", "role/*"), own("iam", "*"), own("s3", "d*"), own("glue", "table/*/*")],
    ...[own("glue", "database/*"), own("states", "execution:*"), own("states", "execution:d*:*")],
    ...[own("logs", "log-group:*"), own("glue", "table/db/e?"), own("sqs", "a*b")],
    ...[`${BUCKET}*`, `${BUCKET}/*`, `${BUCKET}/raw*`, `${BUCKET}/*/raw`, `${BUCKET}/raw/?`],
  ].map((Resource): [string, string, () => Subject] => [
    "nothing is allowed on every resource",
    `${ROLE_POLICY} Extra: expected resources by their ARNs`,
    () => withStatement(ROLE_POLICY, { Action: "s3:GetObject", Resource }),
  ]),
  ...[own("s3", "*"), own("glue", "*"), "arn:aws:s3:::*"].map(
    (Resource): [string, string, () => Subject] => [
      "nothing is allowed on every resource",
      "aws_vpc_endpoint.s3 Extra: expected resources by their ARNs",
      () => withStatement("aws_vpc_endpoint.s3", { Action: "s3:GetObject", Resource }),
    ],
  ),
  ...["*", { AWS: "*" }, { AWS: "arn:aws:iam::999999999999:root" }, { Federated: "x" }].map(
    (Principal): [string, string, () => Subject] => [
      "a resource lets in services of this account alone",
      `${BUCKET_POLICY} Extra: expected one service, or this account`,
      () => withStatement(BUCKET_POLICY, { ...GUEST, Principal }),
    ],
  ),
  ...[
    undefined,
    { StringEquals: { "aws:SourceAccount": "999999999999" } },
    { StringNotEquals: { "aws:SourceAccount": ACCOUNT } },
    { StringEqualsIfExists: { "aws:SourceAccount": ACCOUNT } },
    { ArnLike: { "aws:SourceArn": [BUCKET, "arn:aws:events:*:*:rule/*"] } },
  ].map((Condition): [string, string, () => Subject] => [
    "a resource lets in services of this account alone",
    "expected a condition that names the account or the resource it acts for",
    () =>
      withStatement(BUCKET_POLICY, {
        ...GUEST,
        Principal: { Service: "x.amazonaws.com" },
        Condition,
      }),
  ]),
  ...[{ AWS: "*" }, "*", { Service: ["a.amazonaws.com", "b.amazonaws.com"] }].map(
    (Principal): [string, string, () => Subject] => [
      "a role is a service's of this account",
      "aws_iam_role.trigger trust: expected sts:AssumeRole by one service",
      () => withTrust({ Principal }),
    ],
  ),
  ...[undefined, { StringEquals: { "aws:SourceAccount": "999999999999" } }].map(
    (Condition): [string, string, () => Subject] => [
      "a role is a service's of this account",
      "aws_iam_role.trigger trust: expected this account as aws:SourceAccount",
      () => withTrust({ Principal: { Service: "glue.amazonaws.com" }, Condition }),
    ],
  ),
  ...[
    { Action: "iam:PassRole" },
    { Action: ["iam:PassRole", "iam:GetRole"], Condition: passedTo("x.amazonaws.com") },
    { Action: "iam:PassRole", Condition: passedTo(["x.amazonaws.com", "y.amazonaws.com"]) },
  ].map((statement): [string, string, () => Subject] => [
    "a role is handed to one service alone",
    "expected iam:PassRole by itself, with one iam:PassedToService",
    () => withStatement(ROLE_POLICY, { Resource: `\${aws_iam_role.trigger.arn}`, ...statement }),
  ]),
  ...[
    own("iam", "role/*"),
    own("iam", "role/a"),
    "*",
    `\${aws_iam_role.another.arn}`,
    `\${aws_s3_bucket.landing.arn}`,
    [`\${aws_iam_role.trigger.arn}`, "*"],
  ].map((Resource): [string, string, () => Subject] => [
    "a role is handed to one service alone",
    "expected iam:PassRole on one role of the stack",
    () =>
      withStatement(ROLE_POLICY, {
        Action: "iam:PassRole",
        Resource,
        Condition: passedTo("x.amazonaws.com"),
      }),
  ]),
  ...[
    { StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } },
    { StringLike: { "kms:ViaService": ["s3.us-east-1.amazonaws.com", "*.amazonaws.com"] } },
    { StringLike: { "kms:ViaService": "s?s.us-east-1.amazonaws.com" } },
    {
      StringEquals: { "aws:SourceAccount": ACCOUNT },
      StringLike: { "kms:viaservice": "*.us-east-1.amazonaws.com" },
    },
  ].map((Condition): [string, string, () => Subject] => [
    "a key is used through services alone",
    "expected each service of kms:ViaService by its name",
    () => withStatement(ROLE_POLICY, { Action: "kms:Decrypt", Resource: KEY, Condition }),
  ]),
  ...[
    undefined,
    { StringLike: { "kms:ViaService": "*" } },
    { StringNotEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
    { Bool: { "aws:SecureTransport": "true" } },
  ].map((Condition): [string, string, () => Subject] => [
    "a key is used through services alone",
    "expected kms:ViaService, kms:EncryptionContext or aws:SourceAccount as a condition",
    () => withStatement(ROLE_POLICY, { Action: "kms:Decrypt", Resource: KEY, Condition }),
  ]),
  [
    "a statement says what it does",
    `${ROLE_POLICY} Extra: expected Effect with Action, and neither NotAction`,
    () => withStatement(ROLE_POLICY, { NotAction: "s3:GetObject", Resource: BUCKET }),
  ],
  [
    "every value is known",
    "expected no value that is undefined",
    () => withResource("aws_sns_topic", { name: "arn:undefined:s3" }),
  ],
  [
    "nothing looks like a secret",
    "data-lake-full: expected not an access key id, found AKIAABCDEFGHIJKLMNOP",
    () => withResource("aws_sns_topic", { name: "AKIAABCDEFGHIJKLMNOP" }),
  ],
  [
    "nothing looks like a secret",
    "expected not a field for one",
    () => withResource("aws_sns_topic", { password: "hunter2" }),
  ],
  [
    "security groups let named peers through, by TLS",
    "expected a group, found",
    () =>
      withResource("aws_vpc_security_group_ingress_rule", {
        security_group_id: `\${aws_security_group.emr.id}`,
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "tcp",
        from_port: 443,
        to_port: 443,
      }),
  ],
  [
    "the job's subnets are private and in two zones",
    "aws_subnet.private_a: expected one route table, with no way in",
    () =>
      withResource("aws_route", {
        route_table_id: `\${aws_route_table.private_a.id}`,
        destination_cidr_block: "0.0.0.0/0",
        gateway_id: `\${aws_internet_gateway.lake.id}`,
      }),
  ],
  [
    "security groups are used, and say all they let through in rules",
    "aws_security_group.extra: expected something that is in it",
    () => withResource("aws_security_group", { vpc_id: `\${aws_vpc.lake.id}` }),
  ],
  [
    "data does not end by itself",
    "expected temp/,logs/ as what ends",
    () =>
      withResource("aws_s3_bucket_lifecycle_configuration", {
        bucket: `\${aws_s3_bucket.landing.id}`,
        rule: [
          { id: "all", status: "Enabled", filter: [{ prefix: "" }], expiration: [{ days: 7 }] },
        ],
      }),
  ],
  [
    "every resource is tagged",
    "expected no tag that hides a default tag",
    () => withResource("aws_sns_topic", { tags: { Project: "another" } }),
  ],
];

function passedTo(service: unknown) {
  return { StringEquals: { "iam:PassedToService": service } };
}

describe("a stack with too much in it", () => {
  test.each(ADDED)("%s: %s", (rule, says, on) => {
    expect(findings(rule, on()).join("\n")).toContain(says);
  });
});

test("each rule is red on some stack", () => {
  const red = new Set(ADDED.map(([rule]) => rule));
  for (const original of [lake, state])
    forEachMutant(original, (mutated) => {
      for (const rule of RULES)
        if (!red.has(rule.name) && examine([rule], mutated).findings.length > 0) red.add(rule.name);
    });
  expect(RULES.map(({ name }) => name).filter((name) => !red.has(name))).toEqual([]);
});

test("a way to everywhere is found where the environment has no NAT", () => {
  const closed = broken(lake, ({ resource }) => {
    delete resource.aws_nat_gateway;
  });
  expect(findings("security groups let named peers through, by TLS", lake)).toEqual([]);
  expect(findings("security groups let named peers through, by TLS", closed).join()).toContain(
    'found ["0.0.0.0/0"]',
  );
});

test("no two rules have one name", () => {
  const names = RULES.map(({ name }) => name);
  expect([...new Set(names)]).toEqual(names);
});

test("a finding says where, what was expected and what was found", () => {
  const plain = broken(lake, ({ resource }) => {
    resource.aws_sqs_queue.ingest.kms_master_key_id = "alias/aws/sqs";
  });
  expect(findings("encrypted with the lake's key", plain)).toEqual([
    "aws_sqs_queue.ingest: expected kms_master_key_id to be the lake's own key, found alias/aws/sqs (encrypted with the lake's key)",
  ]);
});
