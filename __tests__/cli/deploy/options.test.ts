import { expect, test } from "vitest";
import { handedOn } from "../../../src/cli/deploy/options";

test("options go to whom they concern", () => {
  const words = [
    ...["--refresh-only", "--outputs-file", "out.json", "--terraform-parallelism", "3"],
    ...["--no-color", "--outputs-file-include-sensitive-outputs", "--skip-provider-lock"],
  ];
  expect(handedOn(words)).toEqual({
    plan: [
      "--refresh-only",
      ...["--terraform-parallelism", "3"],
      "--no-color",
      "--skip-provider-lock",
    ],
    apply: ["-parallelism=3"],
    output: ["--outputs-file", "out.json", "--outputs-file-include-sensitive-outputs"],
    noColor: true,
  });
});

test("a value may be attached", () => {
  const { plan, apply, output } = handedOn(["--terraform-parallelism=5", "--outputs-file=a=b"]);
  expect(plan).toEqual(["--terraform-parallelism=5"]);
  expect(apply).toEqual(["-parallelism=5"]);
  expect(output).toEqual(["--outputs-file=a=b"]);
});

test("options that say nothing about one planned stack are left out, with their values", () => {
  const words = ["--parallelism", "2", "--ignore-missing-stack-dependencies", "--skip-synth"];
  expect(handedOn(words)).toEqual({ plan: [], apply: [], output: [], noColor: false });
});

test.each([
  [["--auto-aprove"], "unknown option '--auto-aprove'\n(Did you mean --auto-approve?)"],
  [["--wiat"], "Did you mean --wait?"],
  [["--allow-replac=aws_s3_bucket.landing"], "Did you mean --allow-replace?"],
  [["-var=a=b"], "unknown option '-var'"],
  [["prod"], '"prod": one environment at a time'],
  [["--no-color", "state-prod"], '"state-prod": one environment at a time'],
  [["--terraform-parallelism"], "a value has to follow"],
  [["--output", "elsewhere"], "lake synthesizes with main.ts into cdktf.out"],
])("%j is refused, as cdktf would pass over it", (words, message) => {
  expect(() => handedOn(words)).toThrow(message);
});
