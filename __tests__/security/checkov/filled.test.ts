import { expect, test } from "vitest";
import { ref } from "../../support/synth";
import { filled } from "./filled";
import { tfvars } from "./plans";

const POLICY = JSON.stringify({
  Resource: `${ref("aws_s3_bucket.a.arn")}/*`,
  Account: ref("data.aws_caller_identity.current.account_id"),
  Name: ref("aws_s3_bucket.a.bucket"),
  Id: ref("aws_vpc.lake.id"),
});
const synthesized = {
  resource: {
    aws_s3_bucket: { a: { bucket: "lake-a" } },
    aws_s3_bucket_policy: { a: { policy: POLICY, bucket: ref("aws_s3_bucket.a.id") } },
  },
};

function plan() {
  return {
    planned_values: {
      root_module: {
        resources: [
          resource("aws_s3_bucket", "a", { bucket: "lake-a" }),
          resource("aws_s3_bucket_policy", "a", {}),
        ],
      },
    },
    prior_state: {
      values: {
        root_module: {
          resources: [
            {
              address: "data.aws_caller_identity.current",
              values: { account_id: "123456789012" },
            },
          ],
        },
      },
    },
    resource_changes: [
      change("aws_s3_bucket.a", { arn: true }),
      change("aws_s3_bucket_policy.a", { policy: true, bucket: true, id: true }),
    ],
  };
}

function resource(type: string, name: string, values: object) {
  return { address: `${type}.${name}`, type, name, values };
}

function change(address: string, after_unknown: object) {
  return { address, change: { after: {}, after_unknown } };
}

test("a policy that waits for its ARNs is there to be checked, and no longer unknown", () => {
  const { planned_values, resource_changes } = filled(plan(), synthesized);
  const { values } = planned_values.root_module.resources[1];
  expect(JSON.parse(values.policy)).toEqual({
    Resource: "arn:aws:aws_s3_bucket:us-east-1:123456789012:a/*",
    Account: "123456789012",
    Name: "lake-a",
    Id: "lake",
  });
  expect(values.bucket).toBe("a");
  expect(resource_changes[1].change.after.policy).toBe(values.policy);
  expect(resource_changes[1].change.after_unknown).toEqual({ id: true });
});

test("what the plan knows stays, and the plan that was given is not changed", () => {
  const given = plan();
  const result = filled(given, {
    resource: { aws_s3_bucket: { a: { bucket: "another" } } },
  });
  expect(result.planned_values.root_module.resources[0].values).toEqual({ bucket: "lake-a" });
  expect(given).toEqual(plan());
});

test("values become an env file", () => {
  expect(tfvars({ a: true, b: ["x"], c: { d: { e: 1, f: 'q"' } } })).toBe(
    'a = true\nb = ["x"]\nc = { d = { e = 1, f = "q\\"" } }\n',
  );
});
