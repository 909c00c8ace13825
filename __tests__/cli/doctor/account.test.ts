import { describe, expect, test } from "vitest";
import {
  accountFindings,
  endpointFinding,
  environmentsFinding,
  stateBucketFinding,
} from "../../../src/cli/doctor/account";
import { lambdaFinding, releaseFindings } from "../../../src/cli/doctor/support";
import { releaseAdvice } from "../../../src/cli/releases";
import { variablesSchema } from "../../../src/config/schema";

const environment = (name: string, values: Record<string, unknown> = {}) => ({
  name,
  variables: variablesSchema.parse(values),
});
const KNOWN = { state: "known", account: "111111111111", arn: "arn:aws:iam::111111111111:user/a" };
const known = KNOWN as typeof KNOWN & { state: "known" };

describe("the account", () => {
  const dev = environment("dev");
  const prod = environment("prod", { account_id: "222222222222" });

  test("that an environment names, or any where it names none, is all right", () => {
    const own = environment("own", { account_id: "111111111111" });
    expect(accountFindings(known, [dev, own], true)).toEqual([
      {
        level: "ok",
        topic: "AWS account",
        what: "111111111111 as arn:aws:iam::111111111111:user/a, for dev (takes any account), own",
      },
    ]);
  });

  test.each([
    [true, "missing"],
    [false, "warning"],
  ])(
    "that an environment may not touch: needed %s, %s, with both numbers and the ARN",
    (needed, level) => {
      const [finding, ...more] = accountFindings(known, [prod], needed);
      expect(more).toEqual([]);
      expect(finding?.level).toBe(level);
      for (const words of ["111111111111", known.arn, "222222222222", "prod"])
        expect(finding?.what).toContain(words);
    },
  );

  test.each([
    ["none", "Could not load credentials from any providers", "no credentials"],
    ["none", "The SSO session has expired", "no credentials: The SSO session has expired"],
    ["refused", "ExpiredToken", "AWS refuses the credentials: ExpiredToken"],
    ["silent", "no answer within 10 s", "AWS does not answer: no answer within 10 s"],
  ] as const)("that is %s (%s) stops a deploy and no npm start", (state, reason, what) => {
    const [needed] = accountFindings({ state, reason }, [dev], true);
    const [wanted] = accountFindings({ state, reason }, [dev], false);
    expect([needed?.level, wanted?.level]).toEqual(["missing", "warning"]);
    expect(needed?.what).toBe(what);
    expect(needed?.remedy?.length).toBeGreaterThan(0);
  });
});

test.each([
  ["there", "ok", "is there"],
  ["absent", "missing", "is not made yet"],
  ["forbidden", "missing", "another account's"],
  ["elsewhere", "missing", "another region"],
] as const)("a state bucket that is %s is %s: %s", (state, level, words) => {
  const finding = stateBucketFinding("dev", "bucket", { state }, true);
  expect(finding).toMatchObject({ level, what: expect.stringContaining(words) });
  if (level === "missing")
    expect(stateBucketFinding("dev", "b", { state }, false).level).toBe("warning");
});

test("the bucket's remedy is the deploy that makes it; no answer is no lack", () => {
  expect(stateBucketFinding("dev", "b", { state: "absent" }, true).remedy).toEqual([
    "npx cdktf deploy state-dev",
  ]);
  const silent = { state: "unknown", reason: "no answer within 10 s" } as const;
  expect(stateBucketFinding("dev", "b", silent, true).level).toBe("warning");
});

test("a shell that was turned to the local AWS is told of", () => {
  expect(endpointFinding({})).toBeUndefined();
  expect(endpointFinding({ AWS_ENDPOINT_URL: "http://x" })).toMatchObject({ level: "warning" });
});

test("faults of environments stop what needs them, and name the command that tells them", () => {
  const sound = [environment("dev"), environment("local")];
  expect(environmentsFinding(sound, 0, false, "npx lake check").what).toBe("dev, local: valid");
  expect(environmentsFinding(sound, 2, false, "npx lake check")).toMatchObject({
    level: "warning",
    what: "2 faults in env/ or what is given over it; valid: dev, local",
    remedy: ["each fault with its remedy: npx lake check"],
  });
  expect(environmentsFinding([], 1, true, "npx lake check dev").level).toBe("missing");
});

test("releases are told once each, and those past their support with what mends them", () => {
  const today = new Date("2026-11-23T12:00:00Z");
  const old = { emr_release_label: "emr-6.15.0" };
  const findings = releaseFindings(
    [environment("a"), environment("b", old), environment("c")],
    today,
  );
  expect(findings).toMatchObject([
    { level: "ok", what: "emr-7.12.0 (a, c)" },
    {
      level: "warning",
      what: "emr-6.15.0: AWS's support ended by 2026-11-16 (b)",
      remedy: ['set emr_release_label = "emr-7.12.0"', expect.stringContaining("https://")],
    },
    { level: "warning", what: expect.stringMatching(/ApplicationName.* \(b\)$/) },
  ]);
});

test.each([
  ["emr-7.9.0", true],
  ["emr-6.15.0", true],
  ["emr-7.10.0", false],
  ["emr-8.0.0", false],
])("%s is too old for alarms and dashboard to see it: %s", (release, isTooOld) => {
  const found = releaseAdvice(release, new Date("2026-11-23")).map(({ what }) => what);
  expect(found.some((what) => what.includes("ApplicationName"))).toBe(isTooOld);
});

test("the runtime of the Lambda functions is told of before it ends", () => {
  expect(lambdaFinding(new Date("2026-11-23"), "nodejs22.x").level).toBe("ok");
  expect(lambdaFinding(new Date("2027-03-01"), "nodejs22.x")).toMatchObject({
    level: "warning",
    what: "nodejs22.x: AWS's support ends on 2027-04-30",
  });
  expect(lambdaFinding(new Date("2026-11-23")).level).toBe("ok");
});
