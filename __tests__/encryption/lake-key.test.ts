import { expect, test } from "vitest";
import { LakeKey } from "../../src/encryption/lake-key";
import { PLACE } from "../support/aws";
import { ref, synthScope } from "../support/synth";

const synth = (retainData: boolean) =>
  synthScope(
    (scope) =>
      new LakeKey(scope, "key", {
        aliasName: "alias/lake-dev",
        place: PLACE,
        stateMachineArn: "arn:machine",
        logGroupArns: ["arn:group"],
        retainData,
      }),
  );

test("AWS turns the key over, and people find it by its alias", () => {
  const stack = synth(true);
  expect(stack.the("aws_kms_key").enable_key_rotation).toBe(true);
  expect(stack.the("aws_kms_alias")).toEqual({
    name: "alias/lake-dev",
    target_key_id: ref("aws_kms_key.lake.key_id"),
  });
});

test("a key whose data is retained refuses to go, and once let go takes a month", () => {
  expect(synth(true).the("aws_kms_key")).toMatchObject({
    lifecycle: { prevent_destroy: true },
    deletion_window_in_days: 30,
  });
});

test("else it goes, after the shortest time that AWS takes", () => {
  const key = synth(false).the("aws_kms_key");
  expect(key.lifecycle).toBeUndefined();
  expect(key.deletion_window_in_days).toBe(7);
});
