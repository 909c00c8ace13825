import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { addressName } from "../src/address";
import { ref, synthScope } from "./support/synth";

test.each([
  ["landing", "landing"],
  ["landing.lifecycle", "landing"],
  ["a.b.c", "a"],
])("the id %s stands for the address name %s", (id, name) => {
  expect(addressName(id)).toBe(name);
});

test("an address is the id, without a hash, however deep the element lies", () => {
  const stack = synthScope((scope) => {
    const inner = new Construct(new Construct(scope, "outer"), "inner");
    new SnsTopic(inner, "alerts");
  });
  expect(stack.addresses()).toEqual(["aws_sns_topic.alerts"]);
});

test("references lead to the address", () => {
  const stack = synthScope((scope) => {
    const bucket = new S3Bucket(new Construct(scope, "storage"), "landing");
    new S3BucketPolicy(scope, "landing.policy", { bucket: bucket.id, policy: "{}" });
  });
  expect(stack.resource("aws_s3_bucket_policy", "landing").bucket).toBe(
    ref("aws_s3_bucket.landing.id"),
  );
});

describe("elements of one address name", () => {
  test("are fine where their types differ", () => {
    const stack = synthScope((scope) => {
      new S3Bucket(scope, "landing");
      new S3BucketPolicy(scope, "landing.policy", { bucket: "b", policy: "{}" });
      new TerraformOutput(scope, "landing.output", { value: "x" });
    });
    expect(stack.addresses()).toEqual(["aws_s3_bucket.landing", "aws_s3_bucket_policy.landing"]);
    expect(Object.keys(stack.outputs)).toEqual(["landing"]);
  });

  test("are fine where one is a resource and the other a data source", () => {
    const stack = synthScope((scope) => {
      new DataAwsRegion(scope, "current.region");
      new SnsTopic(scope, "current");
    });
    expect(stack.addresses()).toEqual(["aws_sns_topic.current", "data.aws_region.current"]);
  });

  test("of one type are refused, and both paths are named", () => {
    const twice = () =>
      synthScope((scope) => {
        new SnsTopic(new Construct(scope, "one"), "alerts");
        new SnsTopic(new Construct(scope, "two"), "alerts.more");
      });
    expect(twice).toThrow(
      "two elements have the address aws_sns_topic.alerts: test/one/alerts and test/two/alerts.more",
    );
  });

  test("are refused for data sources and outputs too", () => {
    expect(() =>
      synthScope((scope) => {
        new DataAwsRegion(scope, "here.a");
        new DataAwsRegion(scope, "here.b");
      }),
    ).toThrow("data.aws_region.here");
    expect(() =>
      synthScope((scope) => {
        new TerraformOutput(scope, "bucket.a", { value: "a" });
        new TerraformOutput(scope, "bucket.b", { value: "b" });
      }),
    ).toThrow("output.bucket");
  });
});
