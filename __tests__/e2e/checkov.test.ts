/** Checkov over the plan of every stack of every environment. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writePlans } from "../security/checkov/plans";
import { prepareCheckov, scan } from "../security/checkov/scan";
import { SKIPS } from "../security/checkov/skips";
import { findingInWords, judge } from "../security/checkov/verdict";
import { subjects } from "../security/rules/subjects";
import type { Block } from "../support/synth";

const folder = mkdtempSync(join(tmpdir(), "plans-"));
let python: string;
let stacks: string[];

beforeAll(async () => {
  python = await prepareCheckov(console.error);
  stacks = await writePlans(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every finding is mended or skipped with a reason, and every skip is needed", async () => {
  expect(stacks).toEqual((await subjects()).map(({ name }) => name).sort());
  const verdict = judge(await scan(python, folder, stacks), SKIPS);
  expect(verdict.failed.map(findingInWords)).toEqual([]);
  expect(verdict.stale).toEqual([]);
  expect(verdict.passed).toBeGreaterThan(1000);
});

test("a topic without a key and a role that may do all are found in a plan", async () => {
  const broken = mkdtempSync(join(tmpdir(), "plans-"));
  try {
    const plan = JSON.parse(readFileSync(join(folder, "data-lake-local.json"), "utf8"));
    change(plan, "aws_sns_topic.alerts", { kms_master_key_id: null });
    change(plan, "aws_iam_role_policy.trigger", {
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
      }),
    });
    writeFileSync(join(broken, "broken.json"), JSON.stringify(plan));
    const { failed } = judge(await scan(python, broken, ["broken"]), SKIPS);
    const found = failed.map(({ check, address }) => `${check} ${address}`);
    expect(found).toContain("CKV_AWS_26 aws_sns_topic.alerts");
    expect(found).toContain("CKV_AWS_355 aws_iam_role_policy.trigger");
    expect(found).toContain("CKV_AWS_290 aws_iam_role_policy.trigger");
  } finally {
    rmSync(broken, { recursive: true, force: true });
  }
});

/** As if the stack had said so: a plan has values, changes and what they were computed from. */
function change(plan: Block, address: string, values: object): void {
  const at = (list: Block[]) => list.find((one: Block) => one.address === address);
  const { change: planned } = at(plan.resource_changes);
  Object.assign(at(plan.planned_values.root_module.resources).values, values);
  Object.assign(planned.after, values);
  for (const key of Object.keys(values)) {
    delete planned.after_unknown[key];
    delete at(plan.configuration.root_module.resources).expressions[key];
  }
}
