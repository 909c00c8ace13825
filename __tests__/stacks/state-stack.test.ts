import { expect, test } from "vitest";
import { environments, lakeWith } from "../support/lake";
import { ref, statement } from "../support/synth";

test("the state bucket refuses to be destroyed, even where data is not retained", async () => {
  for (const { state } of Object.values(await environments()))
    expect(state.resource("aws_s3_bucket", "state")).toMatchObject({
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
});

test("the state bucket is versioned, encrypted, private and reached over TLS only", () => {
  const { state } = lakeWith({});
  expect(state.resource("aws_s3_bucket_versioning", "state").versioning_configuration.status).toBe(
    "Enabled",
  );
  expect(
    state.resource("aws_s3_bucket_server_side_encryption_configuration", "state").rule,
  ).toHaveLength(1);
  expect(state.resource("aws_s3_bucket_public_access_block", "state").restrict_public_buckets).toBe(
    true,
  );
  expect(
    statement(state.resource("aws_s3_bucket_policy", "state").policy, "DenyInsecureTransport")
      .Effect,
  ).toBe("Deny");
});

test("replaced states are kept for 90 days", () => {
  const { rule } = lakeWith({}).state.resource("aws_s3_bucket_lifecycle_configuration", "state");
  expect(rule).toHaveLength(1);
  expect(rule[0].noncurrent_version_expiration).toEqual([{ noncurrent_days: 90 }]);
});

test("its own state lies outside the output folder, which may be deleted", () => {
  expect(lakeWith({}, "qa").state.terraform.backend).toEqual({
    local: { path: "../../../terraform.state-qa.tfstate" },
  });
});

test("the bucket's name is put out for those who script", () => {
  const { state } = lakeWith({ project: "lake" }, "qa");
  expect(state.resource("aws_s3_bucket", "state").bucket).toBe("lake-state-qa");
  expect(state.outputs.state_bucket.value).toBe(ref("aws_s3_bucket.state.bucket"));
});
