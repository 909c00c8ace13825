import { beforeAll, describe, expect, test } from "vitest";
import { lakeWith } from "../../support/lake";
import { type Block, Synthesized } from "../../support/synth";
import { isAllowed } from "./astray";
import { Authority } from "./authority";
import { forbiddenCalls } from "./forbidden";
import { casesOf, describeRefusal, judge, refusals } from "./judge";
import { type ResolvedStack, resolveStack } from "./resolve";
import { sampleCalls, silentRoles } from "./sample-calls";

let synthesized: Synthesized;
let stack: ResolvedStack;

beforeAll(() => {
  synthesized = lakeWith({ sources: { events: { format: "json" } } }).lake;
  stack = resolveStack(synthesized);
});

/** The stack with one resource's policy changed. */
function changed(type: string, name: string, change: (statements: Block[]) => Block[]) {
  const json = JSON.parse(synthesized.text);
  const field = type === "aws_iam_role" ? "assume_role_policy" : "policy";
  const block = json.resource[type][name];
  const { Version, Statement } = JSON.parse(block[field]);
  block[field] = JSON.stringify({ Version, Statement: change(Statement) });
  return resolveStack(new Synthesized(JSON.stringify(json)));
}

function refused(one: ResolvedStack): string[] {
  return refusals(one, casesOf(one, sampleCalls(one))).map(describeRefusal);
}

test("every call of the sample and every call that is known of is allowed", () => {
  expect(refused(stack)).toEqual([]);
});

test("the sample has a call of each role", () => expect(silentRoles(stack)).toEqual([]));

test("a call without its statement is refused, and the message says all there is to know", () => {
  const without = changed("aws_iam_role_policy", "trigger", (all) =>
    all.filter(({ Sid }) => Sid !== "AddDays"),
  );
  expect(refused(without)).toEqual([
    expect.stringMatching(
      /^arn:aws:iam::123456789012:role\/data-lake-trigger-test may not dynamodb:UpdateItem on arn:aws:dynamodb:.*; implicit deny: no statement allows it; recorded$/,
    ),
  ]);
});

test("a statement that denies is named", () => {
  const closed = changed("aws_s3_bucket_policy", "etl", (all) =>
    all.map(({ Condition, ...rest }) => rest),
  );
  expect(refused(closed).join("\n")).toMatch(
    /explicit deny: a statement denies it, aws_s3_bucket_policy.etl DenyInsecureTransport/,
  );
});

describe("what services call", () => {
  test.each([
    [
      "aws_sqs_queue_policy",
      "ingest",
      /^events.amazonaws.com may not sqs:SendMessage on .*ingest-test;.*aws:SourceArn=arn:aws:events:us-east-1:123456789012:rule\//,
    ],
    [
      "aws_sqs_queue_policy",
      "events_dlq",
      /^events.amazonaws.com may not sqs:SendMessage on .*events-dlq-test/,
    ],
    ["aws_sns_topic_policy", "alerts", /^(cloudwatch|budgets).amazonaws.com may not sns:Publish/],
    [
      "aws_iam_role",
      "glue_crawler",
      /^glue.amazonaws.com may not sts:AssumeRole on .*glue-crawler-test/,
    ],
    ["aws_iam_role", "trigger", /^lambda.amazonaws.com may not sts:AssumeRole/],
    ["aws_iam_role", "stepfunctions", /^states.amazonaws.com may not sts:AssumeRole/],
    [
      "aws_iam_role",
      "emr_execution",
      /^emr-serverless.amazonaws.com may not sts:AssumeRole.*aws:SourceArn=arn:aws:emr-serverless/,
    ],
  ])("without the statements of %s %s they are refused", (type, name, message) => {
    const lines = refused(changed(type, name, () => []));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(message);
    expect(lines[0]).toMatch(/service: .* \(https:\/\/docs\.aws\.amazon\.com\//);
  });

  test("a condition on another account refuses them", () => {
    const strange = changed("aws_sns_topic_policy", "alerts", (all) =>
      all.map((one) => ({ ...one, Condition: { StringEquals: { "aws:SourceAccount": "1" } } })),
    );
    const alarms = stack.configuration.resource?.aws_cloudwatch_metric_alarm ?? {};
    const budget = 1;
    expect(refused(strange)).toHaveLength(Object.keys(alarms).length + budget);
  });
});

test("what Step Functions does to log is known of, though nothing records it", () => {
  const without = changed("aws_iam_role_policy", "stepfunctions", (all) =>
    all.filter(({ Sid }) => Sid !== "DeliverLogs"),
  );
  expect(refused(without)).toHaveLength(8);
});

test("people are not shut out: a bucket that denies them is noticed", () => {
  const closed = changed("aws_s3_bucket_policy", "curated", (all) => [
    ...all,
    { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "*" },
  ]);
  expect(refused(closed)).toEqual([
    expect.stringMatching(/role\/administrator may not s3:GetObject/),
  ]);
});

test("each case stands once", () => {
  const calls = sampleCalls(stack);
  expect(casesOf(stack, [...calls, ...calls])).toEqual(casesOf(stack, calls));
});

test("a boundary is asked too, by its ARN", () => {
  const json = JSON.parse(synthesized.text);
  const arn = "arn:aws:iam::123456789012:policy/limit";
  json.resource.aws_iam_role.validate.permissions_boundary = arn;
  const bounded = resolveStack(new Synthesized(JSON.stringify(json)));
  const limit = {
    name: "limit",
    statements: [{ Effect: "Allow", Action: "logs:*", Resource: "*" }],
  };
  const lines = refusals(bounded, casesOf(bounded, sampleCalls(bounded)), { [arn]: limit });
  const actions = lines.map(({ case: { request } }) => request.action);
  expect(actions.filter((action) => action.startsWith("s3:")).sort()).toEqual([
    "s3:GetObject",
    "s3:ListBucket",
  ]);
  expect(actions.filter((action) => action.startsWith("logs:"))).toEqual([]);
  expect(lines[0]?.decision.reason).toBe("the permissions boundary does not allow");
});

describe("a VPC endpoint's policy", () => {
  const inVpc = (...statements: object[]) => {
    const vpc = lakeWith({ enable_vpc: true, sources: { events: { format: "json" } } });
    const json = JSON.parse(vpc.lake.text);
    json.resource.aws_vpc_endpoint.s3.policy = JSON.stringify({ Statement: statements });
    return resolveStack(new Synthesized(JSON.stringify(json)));
  };
  const allow = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };

  test("is asked of what workers in the VPC send, and of nobody else's calls", () => {
    const stack = inVpc(allow);
    const authority = new Authority(stack);
    const stopped = casesOf(stack, sampleCalls(stack)).filter(
      (one) => judge(authority, one).reason === "aws_vpc_endpoint.s3 lets nothing of it pass",
    );
    const said = stopped.map(({ request: { principal, action } }) =>
      [principal.split("/")[1] ?? principal, action].join(" "),
    );
    expect([...new Set(said)].sort()).toEqual([
      ...["AbortMultipartUpload", "DeleteObject", "ListBucket", "PutObject"].map(
        (action) => `data-lake-emr-execution-test s3:${action}`,
      ),
      // The service itself, for the logs that it keeps.
      "emr-serverless.amazonaws.com s3:PutObject",
      "emr-serverless.amazonaws.com s3:PutObjectAcl",
    ]);
  });

  test.each([
    [false, ["glue:CreateTable", "glue:DeleteTable", "glue:GetTable", "glue:UpdateTable"]],
    [true, []],
  ])(
    "that is not there stops the job, unless there is a NAT gateway: %s",
    (enable_nat_gateway, stopped) => {
      const values = { enable_vpc: true, enable_nat_gateway };
      const json = JSON.parse(lakeWith(values).lake.text);
      delete json.resource.aws_vpc_endpoint.glue;
      const stack = resolveStack(new Synthesized(JSON.stringify(json)));
      const found = refusals(stack, casesOf(stack, sampleCalls(stack)));
      expect([...new Set(found.map((one) => one.case.request.action))].sort()).toEqual(stopped);
    },
  );

  test("lets nothing out to another account", () => {
    const letOut = (stack: ResolvedStack) => {
      const authority = new Authority(stack);
      return forbiddenCalls(stack, [])
        .filter(({ what }) => what === "through the endpoint to another account")
        .filter((one) => isAllowed(authority, one))
        .map(({ request }) => request.action);
    };
    expect(letOut(inVpc(allow))).toEqual(["s3:GetObject"]);
    expect(letOut(inVpc({ ...allow, Resource: "arn:aws:s3:::data-lake-landing-test/*" }))).toEqual(
      [],
    );
  });
});
