import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { losses, requireAllowed } from "../../../src/cli/deploy/losses";
import type { Plan, ResourceChange } from "../../../src/cli/deploy/plan";

/** By Terraform 1.11: a bucket's other name, a query less, the application's other idle time. */
const RENAMED = JSON.parse(
  readFileSync(new URL("./fixtures/bucket-renamed.json", import.meta.url), "utf8"),
) as Plan;

const one = (type: string, change: Partial<ResourceChange["change"]>, more = {}): Plan => ({
  resource_changes: [
    { address: `${type}.x`, type, change: { actions: ["delete", "create"], ...change }, ...more },
  ],
});
const words = (plan: Plan) => losses(plan).map((loss) => loss.words);

test("a bucket that would be another is a loss; what is made again from the code is none", () => {
  expect(losses(RENAMED)).toEqual([
    {
      address: "aws_s3_bucket.landing",
      words:
        'aws_s3_bucket.landing would be destroyed and made anew, because bucket changes from "lake-landing-local" to "lake-landing2-local": every object in it is lost',
    },
  ]);
});

test.each([
  "aws_s3_bucket",
  "aws_glue_catalog_database",
  "aws_glue_catalog_table",
  "aws_kms_key",
  "aws_emrserverless_application",
  "aws_sqs_queue",
  "aws_dynamodb_table",
])("%s that would be gone, or another, is a loss; one that is made or changed is none", (type) => {
  expect(losses(one(type, { actions: ["delete"] }))).toHaveLength(1);
  expect(losses(one(type, { actions: ["delete", "create"] }))).toHaveLength(1);
  expect(losses(one(type, { actions: ["create", "delete"] }))).toHaveLength(1);
  for (const action of ["create", "update", "no-op", "read", "forget"])
    expect(losses(one(type, { actions: [action] }))).toEqual([]);
});

test("every reason is told, also where it lies deep and is not known yet", () => {
  const plan = one("aws_emrserverless_application", {
    before: { network_configuration: [{ subnet_ids: ["subnet-a"] }], type: "Spark" },
    after: { network_configuration: [{}], type: "Hive" },
    replace_paths: [["network_configuration", 0, "subnet_ids"], ["type"]],
  });
  expect(words(plan)[0]).toContain(
    'because network_configuration.0.subnet_ids changes from ["subnet-a"] to what is not known yet and type changes from "Spark" to "Hive": its id changes',
  );
});

test.each([
  ["whole", true, false],
  ["before", { secret: true }, {}],
  ["after", {}, { secret: true }],
  ["inside", { secret: [{ inner: true }] }, {}],
])("a sensitive value is never shown: %s", (_, before_sensitive, after_sensitive) => {
  const plan = one("aws_s3_bucket", {
    before: { secret: ["hunter2"] },
    after: { secret: ["hunter3"] },
    before_sensitive,
    after_sensitive,
    replace_paths: [["secret"]],
  });
  expect(words(plan)[0]).toContain("because secret changes:");
  expect(words(plan)[0]).not.toContain("hunter");
});

test("a resource that was half made, or is asked for no more, is called that", () => {
  const tainted = { action_reason: "replace_because_tainted" };
  expect(words(one("aws_s3_bucket", {}, tainted))[0]).toContain("because it was not wholly made");
  const gone = { action_reason: "delete_because_no_resource_config" };
  expect(words(one("aws_sqs_queue", { actions: ["delete"] }, gone))[0]).toBe(
    "aws_sqs_queue.x would be destroyed, because the environment no longer asks for it: the events that wait in it are lost",
  );
});

test("nothing is refused where every loss is allowed by its address", () => {
  expect(() => requireAllowed([], [])).not.toThrow();
  expect(() => requireAllowed(losses(RENAMED), ["aws_s3_bucket.landing"])).not.toThrow();
});

test("a loss that is not allowed is named, with the option that allows it", () => {
  expect(() => requireAllowed(losses(RENAMED), [])).toThrow(
    `Nothing was changed. The plan loses what cannot be made again:
  ${words(RENAMED)[0]}
If that is what you want, add:
  --allow-replace aws_s3_bucket.landing`,
  );
});

test("an address that the plan does not lose is a mistake, and the near one is suggested", () => {
  const allow = ["aws_s3_bucket.landing", "aws_s3_bucket.landin", "aws_kms_key.lake"];
  expect(() => requireAllowed(losses(RENAMED), allow)).toThrow(
    "--allow-replace aws_s3_bucket.landin: the plan neither replaces nor destroys it. Did you mean aws_s3_bucket.landing?\n--allow-replace aws_kms_key.lake: the plan neither replaces nor destroys it.",
  );
});
