import { beforeAll, expect, test } from "vitest";
import { lakeWith } from "../../support/lake";
import { Synthesized } from "../../support/synth";
import { describeGrant, type Grant, grantsOf, reviewUnused, unused } from "./grants";
import { type Case, casesOf } from "./judge";
import { type ResolvedStack, resolveStack } from "./resolve";
import { sampleCalls } from "./sample-calls";

const ROLE = "arn:aws:iam::123456789012:role/job";
let stack: ResolvedStack;

beforeAll(() => {
  stack = resolveStack(lakeWith({ sources: { events: { format: "json" } } }).lake);
});

/** A stack with one role that has these statements. */
function roleWith(...statements: object[]): ResolvedStack {
  const resource = {
    aws_iam_role: { job: { name: "job" } },
    aws_iam_role_policy: {
      job: { role: "job", policy: JSON.stringify({ Statement: statements }) },
    },
  };
  return resolveStack(new Synthesized(JSON.stringify({ provider: { aws: [{}] }, resource })));
}

function used(action: string, resource: string, context = {}): Case {
  return { origin: "recorded", request: { principal: ROLE, action, resource, context } };
}

const BUCKET = "arn:aws:s3:::raw";

test("a grant is an action on a resource that the action is done on", async () => {
  const table = ["catalog", "database/d", "table/d/t"].map(
    (rest) => `arn:aws:glue:us-east-1:123456789012:${rest}`,
  );
  const grants = await grantsOf(
    roleWith(
      {
        Sid: "Objects",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:ListBucket"],
        Resource: [BUCKET, `${BUCKET}/a/*`],
      },
      { Effect: "Allow", Action: ["glue:GetDatabase", "glue:GetTable"], Resource: table },
      { Effect: "Deny", Action: "s3:*", Resource: "*" },
    ),
  );
  expect(grants.map(describeGrant)).toEqual([
    "aws_iam_role_policy.job Objects: s3:GetObject on arn:aws:s3:::raw/a/*",
    "aws_iam_role_policy.job Objects: s3:ListBucket on arn:aws:s3:::raw",
    ...table.slice(0, 2).map((arn) => `aws_iam_role_policy.job #1: glue:GetDatabase on ${arn}`),
    ...table.map((arn) => `aws_iam_role_policy.job #1: glue:GetTable on ${arn}`),
  ]);
});

test.each([
  [
    "the same action on what the pattern takes in",
    used("s3:GetObject", `${BUCKET}/a/x`, { "s3:TlsVersion": "1.2" }),
    true,
  ],
  ["another action", used("s3:PutObject", `${BUCKET}/a/x`, { "s3:TlsVersion": "1.2" }), false],
  ["another resource", used("s3:GetObject", `${BUCKET}/b/x`, { "s3:TlsVersion": "1.2" }), false],
  ["a call that does not meet the condition", used("s3:GetObject", `${BUCKET}/a/x`), false],
  [
    "another role",
    {
      ...used("s3:GetObject", `${BUCKET}/a/x`),
      request: {
        ...used("s3:GetObject", `${BUCKET}/a/x`, { "s3:TlsVersion": "1.2" }).request,
        principal: `${ROLE}2`,
      },
    },
    false,
  ],
])("%s: used %#", async (_, call, isUsed) => {
  const Condition = { StringEquals: { "s3:TlsVersion": "1.2" } };
  const grants = await grantsOf(
    roleWith({ Effect: "Allow", Action: "s3:GetObject", Resource: `${BUCKET}/a/*`, Condition }),
  );
  expect(unused(grants, [call])).toHaveLength(isUsed ? 0 : 1);
});

test("of two grants of one action, each must be used by itself", async () => {
  const Resource = [`${BUCKET}/a/*`, `${BUCKET}/b/*`];
  const grants = await grantsOf(roleWith({ Effect: "Allow", Action: "s3:GetObject", Resource }));
  expect(
    unused(grants, [used("s3:GetObject", `${BUCKET}/a/x`)]).map(({ resource }) => resource),
  ).toEqual([`${BUCKET}/b/*`]);
});

test("the sample uses all that the lake's roles are granted", async () => {
  const grants = await grantsOf(stack);
  expect(grants.length).toBeGreaterThan(100);
  expect(unused(grants, casesOf(stack, sampleCalls(stack))).map(describeGrant)).toEqual([]);
});

test("without one of the calls its grant is unused", async () => {
  const calls = sampleCalls(stack).filter(({ action }) => action !== "sqs:DeleteMessage");
  const left = unused(await grantsOf(stack), casesOf(stack, calls));
  expect(left.map(({ action }) => action)).toEqual(["sqs:DeleteMessage"]);
});

test("the reviewed list explains what is unused, and is told what is stale in it", () => {
  const grant = (action: string, resource: string): Grant => ({
    role: ROLE,
    policy: "aws_iam_role_policy.job",
    statement: "Write",
    action,
    resource,
    condition: undefined,
  });
  const abort = grant("s3:AbortMultipartUpload", `${BUCKET}/a/*`);
  const put = grant("s3:PutObject", `${BUCKET}/a/*`);
  const entry = {
    policy: abort.policy,
    statement: "Write",
    action: abort.action,
    reason: "only when an upload dies",
  };
  const other = { ...entry, policy: "aws_iam_role_policy.other" };
  const another = { ...entry, statement: "Read" };
  const elsewhere = { ...entry, resource: `${BUCKET}/b/*` };
  expect(reviewUnused([abort, put], [entry, other, another, elsewhere])).toEqual({
    unexplained: [put],
    explained: [{ ...abort, reason: entry.reason }],
    stale: [other, another, elsewhere],
  });
  const silent = { ...entry, reason: " " };
  expect(reviewUnused([abort], [silent]).stale).toEqual([silent]);
});
