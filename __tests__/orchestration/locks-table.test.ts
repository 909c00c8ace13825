import { expect, test } from "vitest";
import { LocksTable } from "../../src/orchestration/locks-table";
import { KEY } from "../support/aws";
import { synthScope } from "../support/synth";

const table = (retainData: boolean) =>
  synthScope(
    (scope) =>
      new LocksTable(scope, "locks-table", {
        tableName: "lake-locks-dev",
        keyArn: KEY.arn,
        retainData,
      }),
  ).resource("aws_dynamodb_table", "locks");

test("a lock is an item, known by its id, and paid for by what is done", () => {
  expect(table(true)).toEqual({
    name: "lake-locks-dev",
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "id",
    attribute: [{ name: "id", type: "S" }],
    server_side_encryption: { enabled: true, kms_key_arn: KEY.arn },
    point_in_time_recovery: { enabled: true },
    deletion_protection_enabled: true,
    ttl: { enabled: true, attribute_name: "expires_at" },
  });
});

test("the table may be deleted where data is not retained", () => {
  expect(table(false).deletion_protection_enabled).toBe(false);
});
