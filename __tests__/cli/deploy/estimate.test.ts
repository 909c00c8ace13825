import { expect, test } from "vitest";
import { estimateWords } from "../../../src/cli/deploy/estimate";
import type { Plan } from "../../../src/cli/deploy/plan";

/** As `terraform show -json` gives it; `null` where there is no value. */
const plan = (before: unknown, after: unknown): Plan => ({
  output_changes: { monthly_estimate: { before, after } },
});

test("a first deploy: the whole month", () => {
  expect(estimateWords(plan(null, { "kms.key": 1, "emr.jobs.vcpu": 21.5 }), "dev")).toBe(
    "A month is expected to cost 22.50 USD; npx lake cost dev says more.",
  );
});

test("a change: the difference, and the lines that make it, the largest first", () => {
  const before = { "kms.key": 1, "emr.idle.vcpu": 19.2, "emr.idle.memory": 8.4, "s3.raw": 3 };
  const after = { "kms.key": 1, "s3.raw": 3.05, "vpc.endpoints": 29.2 };
  expect(estimateWords(plan(before, after), "prod")?.split("\n")).toEqual([
    "This changes what a month is expected to cost by +1.65 USD, from 31.60 to 33.25; npx lake cost prod says more:",
    "      +29.20  vpc.endpoints",
    "      -19.20  emr.idle.vcpu",
    "       -8.40  emr.idle.memory",
    "       +0.05  s3.raw",
  ]);
});

test("many lines that move: five by name, the rest in a sum", () => {
  const of = (usd: number) =>
    Object.fromEntries(["a", "b", "c", "d", "e", "f", "g"].map((key, i) => [key, usd * (i + 1)]));
  const words = estimateWords(plan(of(1), of(2)), "dev")?.split("\n");
  expect(words?.slice(1).map((one) => one.trim().split(/ {2}/)[1])).toEqual([
    ...["g", "f", "e", "d", "c"],
    "2 more",
  ]);
  expect(words?.at(-1)).toContain("+3.00");
});

test.each([
  ["costs the same", plan({ a: 1 }, { a: 1 })],
  ["differs by less than a cent", plan({ a: 1.001 }, { a: 1.003 })],
  ["is destroyed", plan({ a: 1 }, null)],
  ["has no such output", { output_changes: { other: { before: null, after: { a: 1 } } } }],
  ["is of a Terraform that tells no outputs", {}],
])("nothing is said where the lake %s", (_what, of) => {
  expect(estimateWords(of, "dev")).toBeUndefined();
});
