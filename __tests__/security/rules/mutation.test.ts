/** Whatever is taken from a control, one thing at a time, some rule notices. */
import { expect, test } from "vitest";
import { Synthesized } from "../../support/synth";
import { FUNCTIONAL, functional } from "./functional";
import { forEachMutant } from "./mutants";
import { subject } from "./subjects";
import { ruleWatch, survey } from "./survey";

test("each control that is removed or weakened is noticed, and no more is called functional than is", async () => {
  const { controls, noticed, missed, functional, stale } = survey([
    await subject("data-lake-full"),
    await subject("data-lake-local"),
    await subject("state-full"),
    await subject("state-local"),
  ]);
  expect(
    missed.map(({ stack, mutant: { what, change } }) => `${stack}: ${what} ${change}`),
  ).toEqual([]);
  expect(noticed).toBe(controls);
  expect(controls).toBeGreaterThan(2000);
  expect(functional).toBeGreaterThan(FUNCTIONAL.length);
  expect(stale).toEqual([]);
});

test("what matches only what the rules notice is no entry of what is no control", async () => {
  const idle = [/\.block_public_acls$/, /^aws_nothing\./, /^provider\.aws\.default_tags\.tags/];
  const list = [...FUNCTIONAL, ...idle.map((one) => [one, "idle"] as const)];
  const { stale, missed } = survey([await subject("state-full")], list);
  expect(missed).toEqual([]);
  expect(stale).toEqual(expect.arrayContaining(idle));
});

test.each([
  "provider.aws.default_tags.tags",
  "provider.aws.default_tags.tags.Project",
  "provider.aws.default_tags.tags.Name",
  "aws_s3_bucket_logging.x.target.name",
  "aws_iam_role_policy.x.policy",
])("%s is a control", (what) => {
  expect(functional(what)).toBeUndefined();
});

test("a stack is as it was after its mutants, and nobody else's stack was ever another", async () => {
  const original = await subject("state-full");
  const { text } = original.stack;
  const before = JSON.stringify(original.stack.all("aws_s3_bucket"));
  let after: Synthesized | undefined;
  let mutants = 0;
  forEachMutant(original, ({ stack }) => {
    mutants += 1;
    after = stack;
    expect(JSON.stringify(original.stack.all("aws_s3_bucket"))).toBe(before);
  });
  expect(mutants).toBeGreaterThan(100);
  const fresh = new Synthesized(text);
  for (const address of fresh.addresses().filter((one) => !one.startsWith("data."))) {
    const [type = "", name = ""] = address.split(".");
    expect(after?.resource(type, name), address).toEqual(fresh.resource(type, name));
  }
});

test("a control goes removed and weakened, an attribute in a list by the id of its element", async () => {
  const seen = new Map<string, unknown[]>();
  forEachMutant(await subject("state-full"), (_, { what, change, to }) => {
    seen.set(what, [...(seen.get(what) ?? []), change === "removed" ? change : to]);
  });
  const encryption = "aws_s3_bucket_server_side_encryption_configuration.state";
  expect(seen.get(encryption)).toEqual(["removed"]);
  expect(
    seen.get(`${encryption}.rule.apply_server_side_encryption_by_default.sse_algorithm`),
  ).toEqual(["removed", "none"]);
  expect(seen.get("aws_s3_bucket_public_access_block.state.block_public_acls")).toEqual([
    "removed",
    false,
  ]);
  expect([...seen.keys()]).toContain(
    "aws_s3_bucket_lifecycle_configuration.state.rule[expire-noncurrent-versions].filter.prefix",
  );
  expect(seen.get("provider.aws.default_tags.tags.Project")).toEqual(["removed", "other"]);
});

test("what is wrong with a stack already does not count as noticing", async () => {
  const { stack, ...rest } = await subject("state-full");
  const json = JSON.parse(stack.text);
  json.resource.aws_s3_bucket_versioning.state.versioning_configuration.status = "Suspended";
  const broken = { ...rest, stack: new Synthesized(JSON.stringify(json)) };
  const whole = survey([await subject("state-full")]);
  const { controls, noticed, functional } = survey([broken]);
  expect(functional).toBe(whole.functional);
  expect([controls, noticed]).toEqual([whole.controls, whole.noticed]);
  const watch = ruleWatch(broken);
  expect(watch(broken.stack)).toBeUndefined();
  json.resource.aws_s3_bucket_public_access_block.state.block_public_acls = false;
  expect(watch(new Synthesized(JSON.stringify(json)))).toBe(
    "bucket controls are as strict as they can be",
  );
});
