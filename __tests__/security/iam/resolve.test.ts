import { beforeAll, expect, test } from "vitest";
import { environments, type Lake } from "../../support/lake";
import { ref, Synthesized } from "../../support/synth";
import { exampleIds, References } from "./references";
import { resolveStack } from "./resolve";

let lakes: Record<string, Lake>;

beforeAll(async () => {
  lakes = await environments();
});

const FACTS = { account: "111122223333", region: "eu-west-1", partition: "aws-cn", ids: {} };
const text = (resource: object, template: string, ids: Record<string, string> = {}) =>
  new References({ resource } as never, { ...FACTS, ids }).text(template);

function stack(resource: object): Synthesized {
  return new Synthesized(
    JSON.stringify({ provider: { aws: [{ region: "eu-west-1" }] }, resource }),
  );
}

const statement = {
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: ref("aws_s3_bucket.raw.arn"),
};
const document = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

test.each([
  ["aws_s3_bucket", { bucket: "b" }, "arn:aws-cn:s3:::b"],
  ["aws_sqs_queue", { name: "q" }, "arn:aws-cn:sqs:eu-west-1:111122223333:q"],
  ["aws_iam_role", { name: "r" }, "arn:aws-cn:iam::111122223333:role/r"],
  ["aws_iam_role", { name: "r", path: "/lake/" }, "arn:aws-cn:iam::111122223333:role/lake/r"],
  ["aws_kms_key", {}, "arn:aws-cn:kms:eu-west-1:111122223333:key/77"],
  [
    "aws_emrserverless_application",
    { name: "spark" },
    "arn:aws-cn:emr-serverless:eu-west-1:111122223333:/applications/77",
  ],
  [
    "aws_cloudwatch_log_group",
    { name: "/aws/x" },
    "arn:aws-cn:logs:eu-west-1:111122223333:log-group:/aws/x",
  ],
  ["aws_dynamodb_table", { name: "t" }, "arn:aws-cn:dynamodb:eu-west-1:111122223333:table/t"],
])("the ARN of %s %j", (type, block, arn) =>
  expect(text({ [type]: { x: block } }, ref(`${type}.x.arn`), { [`${type}.x`]: "77" })).toBe(arn),
);

test("names lead on to other resources, and stand amid text", () => {
  const resource = {
    aws_s3_bucket: { a: { bucket: ref("aws_sns_topic.t.name") } },
    aws_sns_topic: { t: { name: "n" } },
  };
  expect(text(resource, `${ref("aws_s3_bucket.a.arn")}/raw/* ${ref("aws_s3_bucket.a.id")}`)).toBe(
    "arn:aws-cn:s3:::n/raw/* n",
  );
});

test("an escaped reference is text", () =>
  expect(text({}, `$${ref("aws:username")}`)).toBe(ref("aws:username")));

test.each([
  [ref("aws_s3_bucket.none.arn"), /aws_s3_bucket.none is not in the stack/],
  [ref("aws_kms_key.k.arn"), /aws_kms_key.k is numbered by AWS: give its id/],
  [ref("aws_kms_key.k.other"), /aws_kms_key.k.other: not configured/],
  [ref('join("", [])'), /join.*no expressions/],
])("%s is an error that names it", (template, message) =>
  expect(() => text({ aws_kms_key: { k: {} } }, template)).toThrow(message),
);

test("every environment's policies are resolved, and none names Terraform", () => {
  for (const { lake, state } of Object.values(lakes))
    for (const synthesized of [lake, state]) {
      const { policies } = resolveStack(synthesized);
      expect(policies.length).toBeGreaterThan(0);
      const texts = JSON.stringify(policies);
      expect(texts).not.toContain(ref("").slice(0, 2));
      for (const { target, kind } of policies)
        if (kind !== "endpoint") expect(target).toMatch(/^arn:aws:/);
    }
});

test("a bucket's policy and a queue's are found by the name and the URL that they give", () => {
  const lake = lakes.dev?.lake as Synthesized;
  const targets = Object.fromEntries(
    resolveStack(lake).policies.map(({ name, target }) => [name, target]),
  );
  expect(targets).toMatchObject({
    "aws_s3_bucket_policy.landing": "arn:aws:s3:::data-lake-landing-dev",
    "aws_sqs_queue_policy.ingest": "arn:aws:sqs:us-east-1:123456789012:data-lake-ingest-dev",
    "aws_iam_role_policy.trigger": "arn:aws:iam::123456789012:role/data-lake-trigger-dev",
    "aws_iam_role.trigger trust": "arn:aws:iam::123456789012:role/data-lake-trigger-dev",
  });
});

test("a single statement may stand without a list", () => {
  const resource = {
    aws_s3_bucket: { raw: { bucket: "b" } },
    aws_s3_bucket_policy: {
      raw: { bucket: "b", policy: JSON.stringify({ Statement: statement }) },
    },
  };
  expect(resolveStack(stack(resource)).policies[0]?.statements[0]?.Resource).toBe("arn:aws:s3:::b");
});

test.each([
  [
    { aws_ecr_repository_policy: { x: { policy: document(statement) } } },
    /aws_ecr_repository_policy.x has a policy that resolve.ts does not read: policy/,
  ],
  [
    { aws_iam_role: { x: { name: "x", inline_policy: [{ policy: document(statement) }] } } },
    /aws_iam_role.x .*: inline_policy/,
  ],
  [{ aws_iam_role_policy_attachment: { x: { role: "x" } } }, /aws_iam_role_policy_attachment.x/],
  [
    { aws_iam_role_policy: { x: { role: "y", policy: document() } } },
    /no aws_iam_role of the stack has the id y/,
  ],
  [
    { aws_iam_role_policy: { x: { role: "y", policy: document(statement) } } },
    /aws_iam_role_policy.x.policy: aws_s3_bucket.raw is not in the stack/,
  ],
])("%j is an error that names it", (resource, message) =>
  expect(() => resolveStack(stack(resource))).toThrow(message),
);

test("what AWS numbers gets numbers of its own", () => {
  const ids = exampleIds({
    resource: { aws_kms_key: { a: {}, b: {} }, aws_vpc: { a: {} }, aws_s3_bucket: { c: {} } },
  });
  expect(Object.keys(ids).sort()).toEqual(["aws_kms_key.a", "aws_kms_key.b", "aws_vpc.a"]);
  expect(new Set(Object.values(ids)).size).toBe(3);
});
