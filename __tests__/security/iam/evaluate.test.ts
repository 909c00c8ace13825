import { describe, expect, test } from "vitest";
import { ref } from "../../support/synth";
import { type Document, decide, type Policies, type Request, type Statement } from "./evaluate";
import { matchesArn } from "./patterns";

const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/lake/job`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234`;
const OBJECT = "arn:aws:s3:::landing/raw/a.json";

function document(name: string, ...statements: Partial<Statement>[]): Document {
  return { name, statements: statements.map((one) => ({ Effect: "Allow", ...one })) };
}

function request(values: Partial<Request> = {}): Request {
  return { principal: ROLE, action: "s3:GetObject", resource: OBJECT, context: {}, ...values };
}

function outcome(policies: Policies, values: Partial<Request> = {}): string {
  return decide(request(values), policies).outcome;
}

const readRaw = document("job", { Sid: "Read", Action: "s3:GetObject", Resource: OBJECT });
const everything = document("job", { Action: "*", Resource: "*" });

describe("who must allow", () => {
  test("nobody allows: denied", () => expect(outcome({})).toBe("implicit deny"));

  test("an identity's statement allows, and is named", () => {
    const { outcome, matched } = decide(request(), { identity: [readRaw] });
    expect(outcome).toBe("allowed");
    expect(matched).toEqual([{ document: "job", statement: "Read", effect: "Allow" }]);
  });

  test("a statement without a Sid is named by its place", () => {
    const identity = [
      document(
        "job",
        { Action: "s3:ListBucket", Resource: "*" },
        { Action: "s3:*", Resource: "*" },
      ),
    ];
    expect(decide(request(), { identity }).matched[0]?.statement).toBe("#1");
  });

  test.each(["identity", "resource", "boundary", "endpoint"])(
    "a deny of the %s ends it",
    (where) => {
      const principal = where === "identity" || where === "boundary" ? {} : { Principal: "*" };
      const deny = document("no", { Effect: "Deny", Action: "s3:*", Resource: "*", ...principal });
      const policies = {
        identity: [everything],
        [where]: where === "boundary" || where === "endpoint" ? deny : [everything, deny],
      };
      if (where === "resource") policies.resource = [deny];
      expect(outcome(policies)).toBe("explicit deny");
    },
  );

  test("in one account the resource's policy is enough, where it names the caller", () => {
    const bucket = (Principal: unknown) => [
      document("bucket", { Principal, Action: "s3:*", Resource: "*" }),
    ];
    expect(outcome({ resource: bucket({ AWS: ROLE }) })).toBe("allowed");
    expect(outcome({ resource: bucket({ AWS: [`${ROLE}2`, ROLE] }) })).toBe("allowed");
    expect(outcome({ resource: bucket("*") })).toBe("allowed");
    expect(outcome({ resource: bucket({ AWS: `${ROLE}2` }) })).toBe("implicit deny");
  });

  test("an account's root in a bucket's policy leaves it to the identity", () => {
    const resource = [
      document("bucket", { Principal: { AWS: ACCOUNT }, Action: "s3:*", Resource: "*" }),
    ];
    expect(outcome({ resource })).toBe("implicit deny");
    expect(outcome({ resource, identity: [readRaw] })).toBe("allowed");
  });

  test("a service is let in by its name alone", () => {
    const resource = [
      document("queue", {
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: "*",
      }),
    ];
    const send = { action: "sqs:SendMessage", resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:q` };
    expect(outcome({ resource }, { ...send, principal: "events.amazonaws.com" })).toBe("allowed");
    expect(outcome({ resource }, { ...send, principal: "s3.amazonaws.com" })).toBe("implicit deny");
    expect(outcome({ resource }, send)).toBe("implicit deny");
  });

  test("from another account both must allow", () => {
    const foreign = { principal: "arn:aws:iam::999999999999:role/x" };
    const resource = [document("bucket", { Principal: "*", Action: "s3:*", Resource: "*" })];
    const resourceAccount = ACCOUNT;
    expect(outcome({ identity: [everything], resourceAccount }, foreign)).toBe("implicit deny");
    expect(outcome({ resource, resourceAccount }, foreign)).toBe("implicit deny");
    expect(outcome({ identity: [everything], resource, resourceAccount }, foreign)).toBe("allowed");
  });

  test("a boundary takes away what it does not allow", () => {
    const boundary = document("boundary", { Action: "s3:GetObject", Resource: "*" });
    const policies = { identity: [everything], boundary };
    expect(outcome(policies)).toBe("allowed");
    expect(outcome(policies, { action: "s3:PutObject" })).toBe("implicit deny");
    const resource = [
      document("bucket", { Principal: { AWS: ROLE }, Action: "s3:*", Resource: "*" }),
    ];
    expect(outcome({ boundary, resource }, { action: "s3:PutObject" })).toBe("implicit deny");
  });

  test("an endpoint lets pass what its policy allows", () => {
    const endpoint = document("endpoint", {
      Principal: "*",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::landing/*",
    });
    expect(outcome({ identity: [everything], endpoint })).toBe("allowed");
    expect(outcome({ endpoint })).toBe("implicit deny");
    expect(
      outcome({ identity: [everything], endpoint }, { resource: "arn:aws:s3:::theirs/x" }),
    ).toBe("implicit deny");
  });
});

describe("keys and roles", () => {
  const decrypt = { action: "kms:Decrypt", resource: KEY };
  const identity = [document("job", { Action: "kms:Decrypt", Resource: KEY })];
  const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };

  test("an identity's statement alone does not open a key", () =>
    expect(outcome({ identity }, decrypt)).toBe("implicit deny"));

  test("a key's policy that names the role is enough", () => {
    const resource = [
      document("key", { Principal: { AWS: ROLE }, Action: "kms:Decrypt", Resource: "*" }),
    ];
    expect(outcome({ resource }, decrypt)).toBe("allowed");
  });

  test("a key's policy that names the account leaves it to the identity", () => {
    const resource = [document("key", { Principal: root, Action: "kms:*", Resource: "*" })];
    expect(outcome({ resource }, decrypt)).toBe("implicit deny");
    expect(outcome({ resource, identity }, decrypt)).toBe("allowed");
    const other = { AWS: "arn:aws:iam::999999999999:root" };
    const foreign = [document("key", { Principal: other, Action: "kms:*", Resource: "*" })];
    expect(outcome({ resource: foreign, identity }, decrypt)).toBe("implicit deny");
  });

  test("a role is taken by whom its trust policy names", () => {
    const resource = [
      document("trust", {
        Principal: { Service: "glue.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
      }),
    ];
    const assume = { principal: "glue.amazonaws.com", action: "sts:AssumeRole", resource: ROLE };
    const context = { "aws:SourceAccount": ACCOUNT };
    expect(outcome({ resource }, { ...assume, context })).toBe("allowed");
    expect(outcome({ resource }, assume)).toBe("implicit deny");
    expect(outcome({ resource }, { ...assume, context, principal: "lambda.amazonaws.com" })).toBe(
      "implicit deny",
    );
    expect(outcome({ resource, identity: [everything] }, { ...assume, principal: ROLE })).toBe(
      "implicit deny",
    );
  });
});

describe("actions and resources", () => {
  const allowed = (Action: unknown, Resource: unknown, values: Partial<Request> = {}) =>
    outcome({ identity: [document("job", { Action, Resource })] }, values) === "allowed";

  test.each([
    ["s3:getobject", true],
    ["S3:Get*", true],
    ["s3:GetObjec?", true],
    ["s3:GetObject?", false],
    ["s3:Get", false],
    ["s3:*Acl", false],
    [["s3:PutObject", "s3:GetObject"], true],
    ["*", true],
  ])("action %j: %s", (action, expected) => expect(allowed(action, "*")).toBe(expected));

  test.each([
    ["arn:aws:s3:::landing/raw/*", true],
    ["arn:aws:s3:::landing/RAW/*", false],
    ["arn:aws:s3:::landing/*", true],
    ["arn:aws:s3:::landing*", true],
    ["arn:aws:s3:::landing", false],
    ["arn:aws:s3:::*", true],
    ["arn:*:s3:::landing/raw/?.json", true],
    ["arn:aws:*:landing/raw/a.json", "error"],
    ["landing/*", "error"],
  ])("resource %j: %s", (resource, expected) => {
    if (expected === "error") expect(() => allowed("*", resource)).toThrow(/six fields/);
    else expect(allowed("*", resource)).toBe(expected);
  });

  test("a wildcard reaches over colons at an ARN's end, and over none before", () => {
    const stream = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/x:log-stream:1`;
    expect(matchesArn(`arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/x:*`, stream)).toBe(true);
    expect(matchesArn("arn:aws:logs:*:log-group:/aws/x", stream)).toBe(false);
    expect(matchesArn("arn:aws:logs:*:1", stream)).toBe(false);
  });

  test("an action without a resource needs a star", () => {
    const list = { action: "logs:DescribeLogGroups", resource: "*" };
    expect(allowed("logs:DescribeLogGroups", "*", list)).toBe(true);
    expect(allowed("logs:DescribeLogGroups", "arn:aws:logs:*:*:*", list)).toBe(false);
  });
});

test.each([
  [{ NotAction: "s3:*", Resource: "*" }, /NotAction is not implemented/],
  [{ Action: "s3:*", NotResource: "*" }, /NotResource is not implemented/],
  [{ Action: "s3:*", Resource: `arn:aws:s3:::x/${ref("aws:username")}` }, /policy variables/],
  [{ Action: "s3:*", Resource: "*", Effect: "allow" }, /Effect is Allow or Deny, not allow/],
  [{ Resource: "*" }, /no Action/],
  [{ Action: "s3:*" }, /names a Resource/],
  [{ Action: "s3:*", Resource: "*", Principal: "*" }, /names no Principal/],
])("%j of an identity is an error that names the statement", (statement, message) => {
  const identity = [document("job", statement as Partial<Statement>)];
  expect(() => decide(request(), { identity })).toThrow(message);
  expect(() => decide(request(), { identity })).toThrow(/^job, statement #0: /);
});

test.each([
  [{ NotPrincipal: "*" }, /NotPrincipal is not implemented/],
  [{ Principal: { Federated: "x" } }, /type Federated is not implemented/],
  [{ Principal: { AWS: "arn:aws:iam::123456789012:role/*" } }, /without wildcards/],
  [{}, /names a Principal/],
])("%j of a resource is an error", (principal, message) => {
  const resource = [document("bucket", { Action: "s3:*", Resource: "*", ...principal })];
  expect(() => decide(request(), { resource })).toThrow(message);
});
