import { describe, expect, test } from "vitest";
import { type Block, ref } from "../../support/synth";
import { subjects } from "../rules/subjects";
import { filled, unfilled } from "./filled";
import { tfvars, whole } from "./plans";

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

const all = await subjects();

describe("a plan is refused that lacks a document of its stack", () => {
  const policy = "aws_s3_bucket_policy.a.policy";

  test("which is each of them where nothing is filled, and none where all are", () => {
    expect(() => whole("lake", plan(), synthesized)).toThrow(
      `The plan of lake does not know ${policy}: Checkov would check nothing`,
    );
    const full = filled(plan(), synthesized);
    expect(whole("lake", full, synthesized)).toBe(full);
  });

  test("as it does where the resource is not planned, or a reference is left", () => {
    const lacking = filled(plan(), synthesized);
    lacking.planned_values.root_module.resources.pop();
    expect(unfilled(lacking, synthesized)).toEqual([policy]);
    const call = structuredClone(synthesized);
    call.resource.aws_s3_bucket_policy.a.policy = ref("jsonencode({})");
    expect(unfilled(filled(plan(), call), call)).toEqual([policy]);
  });

  test("but not for what is AWS's to fill", () => {
    const own = filled(plan(), synthesized);
    own.resource_changes[0].change.after_unknown.policy = true;
    expect(unfilled(own, synthesized)).toEqual([]);
  });

  test.each(all)("and every one of $name can be filled", ({ stack }) => {
    const source = JSON.parse(stack.text);
    const blocks = Object.entries<Block>(source.resource).flatMap(([type, some]) =>
      Object.entries<Block>(some).map(([name, block]) => ({ type, name, block })),
    );
    const unknown = {
      planned_values: {
        root_module: { resources: blocks.map(({ type, name }) => resource(type, name, {})) },
      },
      resource_changes: blocks.map(({ type, name, block }) =>
        change(`${type}.${name}`, Object.fromEntries(Object.keys(block).map((key) => [key, true]))),
      ),
    };
    expect(unfilled(unknown, source).length).toBeGreaterThan(1);
    const full = filled(unknown, source);
    expect(unfilled(full, source)).toEqual([]);
    for (const { values } of full.planned_values.root_module.resources)
      for (const key of ["policy", "assume_role_policy", "definition"])
        if (key in values) expect(() => JSON.parse(values[key])).not.toThrow();
  });
});

test("values become an env file", () => {
  expect(tfvars({ a: true, b: ["x"], c: { d: { e: 1, f: 'q"' } } })).toBe(
    'a = true\nb = ["x"]\nc = { d = { e = 1, f = "q\\"" } }\n',
  );
});
