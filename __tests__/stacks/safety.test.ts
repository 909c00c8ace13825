/** What must hold in every stack of every environment, whatever a construct does. */
import { beforeAll, describe, expect, test } from "vitest";
import { overlongNames, physicalNames } from "../../src/naming";
import { environments } from "../support/lake";
import { type Block, type Synthesized, statements } from "../support/synth";

let stacks: [name: string, stack: Synthesized][];

beforeAll(async () => {
  stacks = Object.entries(await environments()).flatMap(([name, { lake, state }]) => [
    [`data-lake-${name}`, lake],
    [`state-${name}`, state],
  ]);
});

const BUCKET_CONTROLS = [
  "aws_s3_bucket_lifecycle_configuration",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
];

/** Statements that may name `*` as a resource, each with its reason. */
const ANY_RESOURCE: Record<string, string> = {
  "aws_iam_role_policy.emr_execution FindLogGroup": "DescribeLogGroups lists; it has no resource",
  "aws_iam_role_policy.stepfunctions DeliverLogs": "log delivery is set up by actions without one",
};

/** Every policy document of a stack, with the address of the resource that holds it. */
function documents(stack: Synthesized): [address: string, document: string][] {
  return stack.addresses().flatMap((address) => {
    const [type = "", name = ""] = address.split(".");
    const { policy, assume_role_policy } =
      type === "data" ? ({} as Block) : stack.resource(type, name);
    return [policy, assume_role_policy]
      .filter((document) => typeof document === "string")
      .map((document): [string, string] => [address, document]);
  });
}

function everyStatement(): { where: string; statement: Block }[] {
  return stacks.flatMap(([stack, synthesized]) =>
    documents(synthesized).flatMap(([address, document]) =>
      statements(document).map((statement) => ({
        where: `${stack}: ${address} ${statement.Sid ?? ""}`.trim(),
        statement,
      })),
    ),
  );
}

describe("policies", () => {
  test("there are policies to look at, of roles, buckets, queues and the topic", () => {
    const types = new Set(everyStatement().map(({ where }) => where.split(/[ .]/)[1]));
    expect([...types].sort()).toEqual([
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_s3_bucket_policy",
      "aws_sns_topic_policy",
      "aws_sqs_queue_policy",
      "aws_vpc_endpoint",
    ]);
  });

  test("nothing is allowed by an action with a star", () => {
    const wide = everyStatement().filter(
      ({ statement }) =>
        statement.Effect === "Allow" && [statement.Action].flat().join().includes("*"),
    );
    expect(wide).toEqual([]);
  });

  test("nothing is allowed on every resource, but for the short list", () => {
    const wide = everyStatement()
      .filter(
        ({ statement }) =>
          statement.Effect === "Allow" && [statement.Resource].flat().includes("*"),
      )
      .map(({ where }) => where.split(": ")[1] ?? where);
    expect([...new Set(wide)].sort()).toEqual(Object.keys(ANY_RESOURCE).sort());
  });

  test("nobody but a service of this account may take a role", () => {
    const trusts = everyStatement().filter(
      ({ statement }) => statement.Action === "sts:AssumeRole",
    );
    expect(trusts.length).toBeGreaterThan(0);
    for (const { where, statement } of trusts) {
      expect(Object.keys(statement.Principal), where).toEqual(["Service"]);
      if (isLambda(statement)) expect(statement.Condition, where).toBeUndefined();
      else
        expect(Object.keys(statement.Condition.StringEquals), where).toEqual(["aws:SourceAccount"]);
    }
  });

  test("every other service that is let in names the account or the resource it acts for", () => {
    // What passes an endpoint is allowed nothing by it.
    const grants = everyStatement().filter(({ where }) => !where.includes("aws_vpc_endpoint."));
    for (const { where, statement } of grants)
      if (statement.Effect === "Allow" && statement.Principal !== undefined && !isLambda(statement))
        expect(JSON.stringify(statement.Condition), where).toMatch(/aws:Source(Account|Arn)/);
  });

  test("a role is only ever handed to one service", () => {
    const passes = everyStatement().filter(({ statement }) => statement.Action === "iam:PassRole");
    expect(passes.length).toBeGreaterThan(0);
    for (const { where, statement } of passes)
      expect(statement.Condition, where).toEqual({
        StringEquals: { "iam:PassedToService": "emr-serverless.amazonaws.com" },
      });
  });
});

test("every bucket has each of its controls", () => {
  for (const [name, stack] of stacks) {
    const buckets = Object.keys(stack.all("aws_s3_bucket"));
    expect(buckets.length, name).toBeGreaterThan(0);
    for (const control of BUCKET_CONTROLS)
      expect(Object.keys(stack.all(control)), `${name}: ${control}`).toEqual(buckets);
  }
});

test("every log group ends its entries", () => {
  for (const [name, stack] of stacks)
    for (const [group, { retention_in_days }] of Object.entries(
      stack.all("aws_cloudwatch_log_group"),
    ))
      expect(retention_in_days, `${name}: ${group}`).toBeGreaterThan(0);
});

test("every physical name is one that AWS takes", async () => {
  for (const [name, { variables }] of Object.entries(await environments())) {
    const { project, bucket_suffix } = variables;
    const names = physicalNames({ project, environment: name, bucketSuffix: bucket_suffix });
    expect(overlongNames(names)).toEqual([]);
    for (const bucket of Object.values(names.bucket))
      expect(bucket).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  }
});

test("no name is given that naming.ts does not know", async () => {
  const NAME_FIELDS = ["name", "bucket", "function_name", "alarm_name"];
  const NOT_PHYSICAL = {
    aws_athena_named_query: "a title for people to read",
    aws_iam_role_policy: "a name inside its role",
  };
  for (const [environment, { lake, variables }] of Object.entries(await environments())) {
    const known = Object.values(physicalNames({ project: variables.project, environment })).flatMap(
      (kind) => Object.values<string>(kind),
    );
    for (const address of lake.addresses().filter((a) => !a.startsWith("data."))) {
      const [type = "", name = ""] = address.split(".");
      for (const field of NAME_FIELDS) {
        const value = lake.resource(type, name)[field];
        // References lead to a resource that is looked at itself.
        if (value === undefined || value.startsWith("${") || type in NOT_PHYSICAL) continue;
        // Log groups are called after what logs, security groups after their network.
        expect(
          known.some(
            (one) =>
              value === one ||
              value.endsWith(`/${one}`) ||
              [`${one}-emr`, `${one}-endpoints`].includes(value),
          ),
          `${address}: ${value}`,
        ).toBe(true);
      }
    }
  }
});

test("nothing that looks like a secret is in any stack", () => {
  const SECRETS = {
    "an access key id": /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
    "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    "a field for one": /"[^"]*(password|secret|access_key|token)[^"]*":\s*"[^"]+"/i,
  };
  for (const [name, { text }] of stacks)
    for (const [what, pattern] of Object.entries(SECRETS))
      expect(pattern.exec(text.replaceAll("ClientToken", "")), `${name}: ${what}`).toBeNull();
});

/** Lambda is not documented to say which account it takes an execution role for. */
function isLambda({ Principal }: { Principal?: { Service?: string } }): boolean {
  return Principal?.Service === "lambda.amazonaws.com";
}
