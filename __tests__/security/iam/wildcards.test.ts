import { beforeAll, describe, expect, test } from "vitest";
import { environments, type Lake } from "../../support/lake";
import { Synthesized } from "../../support/synth";
import { type ResolvedStack, resolveStack } from "./resolve";
import { tableProblems, WILDCARD_REASONS, wildcards } from "./wildcards";

let lakes: Lake[];

beforeAll(async () => {
  lakes = Object.values(await environments());
});

/** A stack with one statement of a role, or of a bucket, a key. */
function stackWith(statement: object, type = "aws_iam_role_policy"): ResolvedStack {
  const policy = JSON.stringify({
    Statement: [
      {
        Sid: "One",
        Effect: "Allow",
        ...(type !== "aws_iam_role_policy" && { Principal: "*" }),
        ...statement,
      },
    ],
  });
  const resource = {
    aws_iam_role: { job: { name: "job" } },
    aws_s3_bucket: { raw: { bucket: "raw" } },
    [type]: { job: { role: "job", bucket: "raw", policy } },
  };
  return resolveStack(new Synthesized(JSON.stringify({ provider: { aws: [{}] }, resource })));
}

const WHERE = "aws_iam_role_policy.job One";
const problems = async (statement: object, type?: string) =>
  (await tableProblems(stackWith(statement, type))).map(({ problem }) => problem);

describe("in every environment", () => {
  test("each wildcard has a reason, and no reason is stale", async () => {
    let count = 0;
    for (const { lake, state } of lakes)
      for (const stack of [lake, state]) {
        const { wildcards: found } = await wildcards(resolveStack(stack), WILDCARD_REASONS);
        expect(found.filter(({ reason }) => reason === undefined)).toEqual([]);
        count += found.length;
      }
    expect(count).toBeGreaterThan(0);
  });

  test("each statement is one that AWS's table knows", async () => {
    for (const { lake, state } of lakes)
      for (const stack of [lake, state])
        expect(await tableProblems(resolveStack(stack))).toEqual([]);
  });
});

test.each([
  ["s3:GetObject", "*", undefined],
  ["logs:DescribeLogGroups", "*", "the action knows no resource"],
  ["s3:Get*", "arn:aws:s3:::raw/*", undefined],
  ["logs:Describe*", "*", undefined],
])("%s on %s: %s", async (Action, Resource, reason) => {
  const found = await wildcards(stackWith({ Action, Resource }), []);
  expect(found.wildcards).toEqual([{ where: WHERE, action: Action, reason }]);
});

test("what denies, and what names its resource, is no wildcard", async () => {
  const deny = stackWith({ Effect: "Deny", Action: "s3:*", Resource: "*" });
  expect((await wildcards(deny, [])).wildcards).toEqual([]);
  const exact = stackWith({ Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/a/*" });
  expect((await wildcards(exact, [])).wildcards).toEqual([]);
});

test("a key's policy means the key by its star", async () => {
  const found = await wildcards(
    stackWith({ Action: "kms:Decrypt", Resource: "*" }, "aws_kms_key"),
    [],
  );
  expect(found.wildcards[0]?.reason).toBe("in a key's policy, `*` is the key");
});

test("the reviewed list gives a reason, and is told what is stale in it", async () => {
  const stack = stackWith({ Action: "s3:GetObject", Resource: "*" });
  const entry = { where: WHERE, action: "s3:GetObject", reason: "there is one" };
  const other = { ...entry, action: "s3:PutObject" };
  expect(await wildcards(stack, [entry, other])).toEqual({
    wildcards: [{ where: WHERE, action: "s3:GetObject", reason: "there is one" }],
    stale: [other],
  });
  expect((await wildcards(stack, [{ ...entry, reason: "" }])).stale).toHaveLength(1);
});

describe("AWS's table", () => {
  const good = { Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*" };

  test("finds nothing in a right statement", async () => expect(await problems(good)).toEqual([]));

  test.each([
    ["s3:GetObjects", /AWS has no action s3:GetObjects/],
    ["s4:GetObject", /AWS has no action s4:GetObject/],
    ["s3:Gett*", /AWS has no action s3:Gett\*/],
  ])("%s is no action", async (Action, message) =>
    expect(await problems({ ...good, Action })).toEqual([expect.stringMatching(message)]),
  );

  test.each([
    [
      "s3:GetObject",
      "arn:aws:s3:::raw",
      /s3:GetObject acts on .*\/\$\{ObjectName\}.*, not on arn:aws:s3:::raw$/,
    ],
    ["s3:ListBucket", "arn:aws:s3:::raw/*", /s3:ListBucket acts on/],
    [
      "emr-serverless:GetJobRun",
      "arn:aws:emr-serverless:us-east-1:1:/applications/a",
      /GetJobRun acts on/,
    ],
    [
      "emr-serverless:StartJobRun",
      "arn:aws:emr-serverless:us-east-1:1:/applications/a/jobruns/*",
      /StartJobRun acts on/,
    ],
    ["states:StartExecution", "arn:aws:states:us-east-1:1:execution:m:*", /StartExecution acts on/],
    ["sqs:SendMessage", "arn:aws:sns:us-east-1:1:q", /SendMessage acts on/],
    [
      "logs:DescribeLogGroups",
      "arn:aws:logs:us-east-1:1:log-group:x",
      /knows no resource: a statement about it must say \*/,
    ],
  ])("%s on %s", async (Action, Resource, message) =>
    expect(await problems({ Action, Resource })).toEqual([expect.stringMatching(message)]),
  );

  test.each([
    ["emr-serverless:GetJobRun", "arn:aws:emr-serverless:us-east-1:1:/applications/a/jobruns/*"],
    ["logs:PutLogEvents", "arn:aws:logs:us-east-1:1:log-group:/aws/x:*"],
    ["logs:DescribeLogStreams", "arn:aws:logs:us-east-1:1:log-group:/aws/x:*"],
    ["iam:PassRole", "arn:aws:iam::1:role/lake/r"],
    ["glue:GetTable", ["arn:aws:glue:us-east-1:1:catalog", "arn:aws:glue:us-east-1:1:table/d/*"]],
    [
      ["s3:GetObject", "s3:ListBucket"],
      ["arn:aws:s3:::raw", "arn:aws:s3:::raw/*"],
    ],
  ])("%j on %j is right", async (Action, Resource) =>
    expect(await problems({ Action, Resource })).toEqual([]),
  );

  test("a resource that none of the actions acts on", async () =>
    expect(
      await problems({ ...good, Resource: ["arn:aws:s3:::raw", "arn:aws:s3:::raw/*"] }),
    ).toEqual(["none of its actions acts on arn:aws:s3:::raw"]));

  test.each([
    ["s3:prefix", ["a request for s3:GetObject never has the condition key s3:prefix"]],
    ["kms:ViaService", ["a request for s3:GetObject never has the condition key kms:ViaService"]],
    [
      "aws:SourceAccunt",
      ["a request for s3:GetObject never has the condition key aws:SourceAccunt"],
    ],
    ["aws:SourceAccount", []],
    ["S3:TLSVERSION", []],
    ["aws:PrincipalTag/team", []],
  ])("the condition key %s", async (key, expected) =>
    expect(await problems({ ...good, Condition: { StringEquals: { [key]: "x" } } })).toEqual(
      expected,
    ),
  );

  test("a key with a part of its own choosing", async () => {
    const Condition = { StringEquals: { "kms:EncryptionContext:aws:s3:arn": "x" } };
    const key = "arn:aws:kms:us-east-1:1:key/7";
    expect(await problems({ Action: "kms:Decrypt", Resource: key, Condition })).toEqual([]);
    expect(await problems({ Action: "kms:DescribeKey", Resource: key, Condition })).toHaveLength(1);
  });
});
