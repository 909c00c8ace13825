/** Posture and life of the data: what is taken away from a stack is missed. */
import { describe, expect, test } from "vitest";
import { type Body, StackGraph, type StackJson } from "../../../src/cli/report/graph";
import { livesOf } from "../../../src/cli/report/lifecycle";
import { postureOf } from "../../../src/cli/report/posture";
import { environments } from "../../support/lake";

type Resources = Record<string, Record<string, Body>>;

/** prod's stack, changed. */
async function prod(change: (resources: Resources) => void = () => {}): Promise<StackGraph> {
  const stack: StackJson = JSON.parse((await environments()).prod?.lake.text ?? "{}");
  change(stack.resource as Resources);
  return new StackGraph(stack);
}

describe("posture", () => {
  test("of prod: all but what AWS does not offer", async () => {
    const { controls, facts } = postureOf(await prod());
    const partial = controls.filter((one) => one.holds < one.of).map((one) => one.without);
    expect(partial).toEqual([["access logs"], ["access logs"], ["athena results", "locks"]]);
    const value = (what: string) => facts.find((fact) => fact.what === what)?.value;
    expect(value("Actions with a wildcard")).toBe("0");
    expect(value("Network of the job")).toBe("closed");
  });

  test.each([
    ["aws_s3_bucket_public_access_block", "closed to the public", { block_public_acls: false }],
    ["aws_s3_bucket_policy", "TLS only", { policy: '{"Statement":[]}' }],
    ["aws_s3_bucket_policy", "TLS only", { policy: "no JSON" }],
    [
      "aws_s3_bucket_versioning",
      "replaced versions",
      { versioning_configuration: [{ status: "Suspended" }] },
    ],
    ["aws_s3_bucket_server_side_encryption_configuration", "own key", { rule: [] }],
  ])("a landing bucket whose %s is weaker is missed", async (type, words, weaker) => {
    const graph = await prod((resources) => {
      const blocks = resources[type] as Record<string, Body>;
      blocks.landing = { ...blocks.landing, ...weaker };
    });
    const control = postureOf(graph).controls.find(({ what }) => what.includes(words));
    expect(control?.without).toContain("landing");
  });

  test("a wildcard, a way to the internet and a key that stays are counted", async () => {
    const statement = { Effect: "Allow", Action: "s3:*", Resource: "*" };
    const graph = await prod((resources) => {
      resources.aws_nat_gateway = { a: {} };
      resources.aws_iam_role_policy = { x: { policy: JSON.stringify({ Statement: [statement] }) } };
      resources.aws_kms_key = { lake: {} };
    });
    const { controls, facts } = postureOf(graph);
    const fact = (what: string) => facts.find((one) => one.what.startsWith(what));
    expect(fact("Actions with")?.value).toBe("1");
    expect(fact("Statements on any")).toMatchObject({ value: "1", note: "s3:*" });
    expect(fact("Network")).toMatchObject({ value: "open" });
    expect(controls.find(({ what }) => what.includes("rotate"))?.holds).toBe(0);
  });
});

describe("life of the data", () => {
  test("each zone has the rules of its prefix, and the bucket's", async () => {
    const lives = livesOf(await prod());
    const of = (zone: string) => lives.find(({ zones }) => zones.includes(zone));
    expect(of("raw/")).toMatchObject({
      deleted: false,
      versionDays: 30,
      stages: [
        { from: 0, to: 90, storageClass: "Standard" },
        { from: 90, to: 365, storageClass: "Intelligent-Tiering" },
        { from: 365, to: undefined, storageClass: "Glacier Flexible Retrieval" },
      ],
    });
    // It has gone before anything else could happen to it.
    expect(of("temp/")).toMatchObject({
      deleted: true,
      stages: [{ from: 0, to: 7, storageClass: "Standard" }],
    });
    expect(of("processed/")).toMatchObject({ deleted: false, versionDays: 3 });
  });

  test("a rule that is off does nothing", async () => {
    const graph = await prod((resources) => {
      const rules = resources.aws_s3_bucket_lifecycle_configuration?.landing?.rule as Body[];
      for (const rule of rules) (rule as { status: string }).status = "Disabled";
    });
    const raw = livesOf(graph).find(({ zones }) => zones.includes("raw/"));
    expect(raw).toMatchObject({ stages: [{ from: 0, to: undefined }], versionDays: undefined });
  });
});
