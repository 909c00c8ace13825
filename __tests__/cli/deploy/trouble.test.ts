import { describe, expect, test } from "vitest";
import { knownTrouble } from "../../../src/cli/deploy/trouble";

const PLACE = {
  environment: "dev",
  stack: "data-lake-dev",
  folder: "cdktf.out/stacks/data-lake-dev",
};

/** As cdktf prints what Terraform says. */
const LOCKED = `
data-lake-dev    ╷
                 │ Error: Error acquiring the state lock
                 │
                 │ Error message: operation error S3: PutObject, https response error
                 │ StatusCode: 412, RequestID: X, api error PreconditionFailed: At least one
                 │ Lock Info:
                 │   ID:        8cd4efc7-e511-53ef-44fd-f179a3c66d0d
                 │   Path:      data-lake-state-dev/data-lake-dev/terraform.tfstate
                 │   Operation: OperationTypeApply
                 │   Who:       ann@workstation
                 │   Version:   1.11.4
                 │   Created:   2026-11-23 12:44:36.701740478 +0000 UTC
                 │   Info:
                 ╵`;

describe("the state is locked", () => {
  const message = knownTrouble(LOCKED, PLACE) ?? "";

  test("says by whom, since when, for what, and how to free it", () => {
    expect(message.split("\n")).toEqual([
      "The state of data-lake-dev is locked by ann@workstation since 2026-11-23 12:44:36 UTC (apply). Nothing was changed.",
      "Wait for it to end and run this again. Only if that process is dead:",
      "  cd cdktf.out/stacks/data-lake-dev && terraform force-unlock 8cd4efc7-e511-53ef-44fd-f179a3c66d0d",
    ]);
  });

  test("also as Terraform itself says it", () => {
    const plain = LOCKED.replaceAll(/^data-lake-dev|[╷│╵]/gm, "");
    expect(knownTrouble(plain, PLACE)).toBe(message);
  });

  test("leaves open what the lock does not tell", () => {
    const bare = "Error: Error acquiring the state lock\n\nError message: timeout";
    expect(knownTrouble(bare, PLACE)).toContain("locked by unknown since unknown");
  });
});

test("a plan that came too late asks for another run", () => {
  expect(knownTrouble("Error: Saved plan is stale\n\nThe given plan", PLACE)).toContain(
    "Nothing was changed. Run this again.",
  );
});

test("a state without its bucket says how the bucket is made", () => {
  const output = `│ Error: Error refreshing state: S3 bucket\n│ "data-lake-state-dev" does not exist.`;
  expect(knownTrouble(output, PLACE)).toBe(
    "The bucket of the state, data-lake-state-dev, is not there. It is made once:  npx cdktf deploy state-dev",
  );
});

test("a state that would lie elsewhere tells which variables do that, and how it moves", () => {
  const output = "│ Error: Backend configuration changed\n│\n│ A change in the backend";
  expect(knownTrouble(output, PLACE)).toMatch(
    /project, bucket_suffix, aws_region.*\n.*\n {2}npx cdktf deploy state-dev && npx lake plan dev --migrate-state$/,
  );
});

test("what retain_data keeps is named, each once", () => {
  const block = (name: string) =>
    `│ Error: Instance cannot be destroyed\n│   on cdk.tf.json line 9\n│ Resource ${name} has\n│ lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed.`;
  const output = ["aws_s3_bucket.landing", "aws_s3_bucket.etl", "aws_s3_bucket.landing"]
    .map(block)
    .join("\n");
  expect(knownTrouble(output, PLACE)).toContain(
    "what retain_data = true keeps:\n  aws_s3_bucket.etl\n  aws_s3_bucket.landing\n",
  );
});

test("other errors are Terraform's to tell", () => {
  expect(knownTrouble("Error: creating S3 Bucket: AccessDenied", PLACE)).toBeUndefined();
});
