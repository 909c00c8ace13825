import { beforeAll, describe, expect, test } from "vitest";
import { lakeWith } from "../../support/lake";
import { type Block, Synthesized } from "../../support/synth";
import { isAllowed } from "./astray";
import { Authority } from "./authority";
import type { Call } from "./calls";
import { forbiddenCalls } from "./forbidden";
import { type Grant, grantsOf, listedCases, unused } from "./grants";
import { casesOf } from "./judge";
import { mutantsOf, mutate, type Rules, shares } from "./mutations";
import { type Policy, type ResolvedStack, resolveStack } from "./resolve";
import { sampleCalls } from "./sample-calls";

const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/job`;
const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:q`;

/** A role with one statement, a bucket with one, and a function that takes the role. */
function stackWith(identity: object[], bucket: object[] = []): ResolvedStack {
  const document = (Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const resource = {
    aws_iam_role: { job: { name: "job" } },
    aws_iam_role_policy: { job: { role: "job", policy: document(identity) } },
    aws_s3_bucket: { raw: { bucket: "raw" } },
    aws_s3_bucket_policy: { raw: { bucket: "raw", policy: document(bucket) } },
  };
  return resolveStack(new Synthesized(JSON.stringify({ provider: { aws: [{}] }, resource })));
}

function call(action: string, resource: string, context: Call["context"] = {}): Call {
  return { role: ROLE, action, resource, context, count: 1 };
}

function outcomes(stack: ResolvedStack, calls: Call[], rules?: Rules) {
  return mutate(stack, casesOf(stack, calls), rules);
}

const unnoticed = (stack: ResolvedStack, calls: Call[], rules?: Rules) =>
  outcomes(stack, calls, rules)
    .filter(({ noticed }) => !noticed)
    .map(({ mutant }) => mutant);

const receive = {
  Sid: "Receive",
  Effect: "Allow",
  Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
  Resource: QUEUE,
};

describe("what is taken away", () => {
  const names = (statement: object) =>
    mutantsOf({ name: "p", statements: [statement] } as unknown as Policy).map(
      ({ name, part, apply }) => [part, name, apply([statement as never])[0]],
    );

  test("of a statement with single values, the statement and its condition", () => {
    const statement = {
      Sid: "S",
      Effect: "Allow",
      Action: "a:B",
      Resource: "*",
      Condition: { Bool: { "a:b": "true" } },
    };
    const { Condition: _, ...rest } = statement;
    expect(names(statement)).toEqual([
      ["statement", "without p S", undefined],
      ["condition", "p S without Bool a:b", rest],
    ]);
  });

  test("of lists, each value", () => {
    const statement = {
      Effect: "Deny",
      Action: ["a:B", "a:C"],
      Resource: ["x", "y"],
      Principal: { AWS: ["1", "2"], Service: "s" },
    };
    expect(names(statement)).toEqual([
      ["statement", "without p #0", undefined],
      ["action", "p #0 without a:B", { ...statement, Action: ["a:C"] }],
      ["action", "p #0 without a:C", { ...statement, Action: ["a:B"] }],
      ["resource", "p #0 without x", { ...statement, Resource: ["y"] }],
      ["resource", "p #0 without y", { ...statement, Resource: ["x"] }],
      ["principal", "p #0 without 1", { ...statement, Principal: { AWS: ["2"], Service: "s" } }],
      ["principal", "p #0 without 2", { ...statement, Principal: { AWS: ["1"], Service: "s" } }],
      ["principal", "p #0 without s", { ...statement, Principal: { AWS: ["1", "2"] } }],
    ]);
  });

  test("of conditions, each key and each value", () => {
    const statement = {
      Effect: "Allow",
      Action: "a:B",
      Condition: { StringLike: { k: ["1", "2"], l: "3" } },
    };
    const left = (StringLike: object) => ({ ...statement, Condition: { StringLike } });
    expect(names(statement).slice(1)).toEqual([
      ["condition", "p #0 without StringLike k", left({ l: "3" })],
      ["value", "p #0 without StringLike k 1", left({ k: ["2"], l: "3" })],
      ["value", "p #0 without StringLike k 2", left({ k: ["1"], l: "3" })],
      ["condition", "p #0 without StringLike l", left({ k: ["1", "2"] })],
    ]);
  });
});

test("an action that a call uses is missed, one that none uses is not", () => {
  const stack = stackWith([receive]);
  expect(unnoticed(stack, [call("sqs:ReceiveMessage", QUEUE)])).toEqual([
    "aws_iam_role_policy.job Receive without sqs:DeleteMessage",
  ]);
  const both = [call("sqs:ReceiveMessage", QUEUE), call("sqs:DeleteMessage", QUEUE)];
  expect(unnoticed(stack, both)).toEqual([]);
});

test("a condition is missed by the call that it kept out", () => {
  const Condition = { StringLike: { "s3:prefix": ["raw", "raw/*"] } };
  const stack = stackWith([
    {
      Sid: "List",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: "arn:aws:s3:::raw",
      Condition,
    },
  ]);
  const listed = ["raw", "raw/x"].map((prefix) =>
    call("s3:ListBucket", "arn:aws:s3:::raw", { "s3:prefix": prefix }),
  );
  const found = outcomes(stack, listed);
  expect(found.filter(({ noticed }) => !noticed)).toEqual([]);
  expect(found.find(({ part }) => part === "condition")?.by).toMatch(
    /^a listing of another folder: .*role\/job may s3:ListBucket/,
  );
  // A value that no call has is a grant that nobody needs.
  expect(unnoticed(stack, listed.slice(1))).toEqual([
    "aws_iam_role_policy.job List without StringLike s3:prefix raw",
  ]);
});

test("a denial is missed by the call that it denied, and its condition by those it would deny", () => {
  const Resource = ["arn:aws:s3:::raw", "arn:aws:s3:::raw/*"];
  const deny = {
    Sid: "Tls",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const found = outcomes(stackWith([], [deny]), []);
  expect(found.map(({ noticed, part, by }) => [part, noticed, by?.split(":")[0]])).toEqual([
    ["statement", true, "without TLS"],
    ["resource", true, "without TLS"],
    ["resource", true, "without TLS"],
    ["condition", true, "arn"],
  ]);
});

test("a condition is missed in the role's policy and in the key's, though each keeps the call out", () => {
  const Condition = { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } };
  const use = { Sid: "Use", Effect: "Allow", Action: "kms:Decrypt", Resource: "*", Condition };
  const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  const resource = {
    aws_iam_role: { job: { name: "job" } },
    aws_iam_role_policy: { job: { role: "job", policy: JSON.stringify({ Statement: [use] }) } },
    aws_kms_key: { k: { policy: JSON.stringify({ Statement: [{ ...use, Principal }] }) } },
  };
  const text = JSON.stringify({ provider: { aws: [{}] }, resource });
  const ids = { "aws_kms_key.k": "77" };
  const stack = resolveStack(new Synthesized(text), { ids });
  const key = stack.references.attribute("aws_kms_key.k", "arn");
  const context = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
  const cases = casesOf(stack, [call("kms:Decrypt", key, context)]).filter(
    ({ origin }) => origin === "recorded",
  );
  expect(mutate(stack, cases).map(({ mutant, by }) => [mutant, by?.split(":")[0]])).toEqual([
    ["without aws_iam_role_policy.job Use", "arn"],
    ["aws_iam_role_policy.job Use without StringEquals kms:ViaService", "the key by itself"],
    ["without aws_kms_key.k Use", "arn"],
    [
      "aws_kms_key.k Use without StringEquals kms:ViaService",
      "a call that aws_kms_key.k keeps out",
    ],
  ]);
});

test("what no call notices a rule may: it is shown the changed stack in Terraform's words", () => {
  const stack = stackWith([receive]);
  const seen: Block[] = [];
  const rules: Rules = (changed) => {
    seen.push(JSON.parse(changed.resource("aws_iam_role_policy", "job").policy));
    return "a rule says so";
  };
  expect(unnoticed(stack, [], rules)).toEqual([]);
  expect(seen.map(({ Version, Statement }) => [Version, Statement.length])).toEqual([
    ["2012-10-17", 0],
    ["2012-10-17", 1],
    ["2012-10-17", 1],
  ]);
  expect(seen[1]?.Statement[0].Action).toEqual(["sqs:DeleteMessage"]);
});

test("what is unused and listed is missed as if it were called", async () => {
  const stack = stackWith([receive]);
  const cases = casesOf(stack, [call("sqs:ReceiveMessage", QUEUE)]);
  const [grant] = unused(await grantsOf(stack), cases);
  const listed = listedCases(stack, [{ ...(grant as Grant), reason: "seldom" }]);
  expect(listed).toMatchObject([{ origin: "listed", because: "seldom" }]);
  expect(mutate(stack, [...cases, ...listed]).filter(({ noticed }) => !noticed)).toEqual([]);
});

test("shares are counted by part and in all", () => {
  expect(shares(outcomes(stackWith([receive]), [call("sqs:ReceiveMessage", QUEUE)]))).toEqual({
    action: { noticed: 1, of: 2 },
    statement: { noticed: 1, of: 1 },
    all: { noticed: 2, of: 3 },
  });
});

describe("the lake", () => {
  let stack: ResolvedStack;

  beforeAll(() => {
    stack = resolveStack(lakeWith({ sources: { events: { format: "json" } } }).lake);
  });

  test("each statement, action, resource and condition is missed when it is gone", () => {
    const found = outcomes(stack, sampleCalls(stack)).filter(({ part }) => part !== "value");
    expect(found.length).toBeGreaterThan(130);
    expect(found.filter(({ noticed }) => !noticed)).toEqual([]);
  });

  test("strangers, other services and roles handed on are refused", () => {
    const authority = new Authority(stack);
    const forbidden = forbiddenCalls(stack, casesOf(stack, sampleCalls(stack)));
    const letIn = forbidden.filter((one) => isAllowed(authority, one));
    const whats = new Set(forbidden.map(({ what }) => what));
    for (const what of [
      "a role of another account",
      "another service",
      "a role handed to lambda.amazonaws.com",
      "a listing of another folder",
    ]) {
      expect(whats).toContain(what);
      expect(letIn.filter((one) => one.what === what)).toEqual([]);
    }
  });
});
