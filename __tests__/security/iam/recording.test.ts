import { beforeAll, describe, expect, test } from "vitest";
import { lakeWith } from "../../support/lake";
import type { Synthesized } from "../../support/synth";
import type { Call } from "./calls";
import { grantsOf, unused } from "./grants";
import { casesOf } from "./judge";
import { deployedOf, type Recording, readRecording, representatives } from "./recording";
import { faultsOf, figuresOf, judgeStack, readRecorded } from "./report";
import { resolveStack } from "./resolve";
import { sampleCalls } from "./sample-calls";

let lake: Synthesized;
let state: Synthesized;
let calls: Call[];
let recording: Recording;

beforeAll(() => {
  ({ lake, state } = lakeWith({ sources: { events: { format: "json" } } }));
  const ids = { "aws_emrserverless_application.spark": "00f1" };
  calls = sampleCalls(resolveStack(lake, { ids }));
  recording = {
    stacks: { "data-lake-test": JSON.parse(lake.text), "state-test": JSON.parse(state.text) },
    calls: structuredClone(calls) as Recording["calls"],
  };
});

describe("a recording is read", () => {
  test("as it is", () => expect(readRecording(recording, "x")).toEqual(recording));

  test.each([
    [[], /^x is no recording of calls:/],
    [{ stacks: {}, calls: [{ role: "job" }] }, /calls\.0\.role: .*\ncalls\.0\.action: /],
    [
      {
        stacks: {},
        calls: [{ role: "arn:a", action: "Get", resource: "b", context: {}, count: 0 }],
      },
      /calls\.0\.action: .*\ncalls\.0\.resource: .*\ncalls\.0\.count: /,
    ],
  ])("%j is an error that names what is wrong", (json, message) =>
    expect(() => readRecording(json, "x")).toThrow(message),
  );
});

test("the calls belong to the stack that has the role, and say what AWS numbered", () => {
  const stray = { ...(calls[0] as Call), role: "arn:aws:iam::123456789012:role/nobody" };
  const { deployed, strays } = deployedOf({
    ...recording,
    calls: [...recording.calls, stray] as Recording["calls"],
  });
  expect(strays).toEqual([stray]);
  expect(deployed.map(({ name, calls: own }) => [name, own.length])).toEqual([
    ["data-lake-test", calls.length],
    ["state-test", 0],
  ]);
  expect(deployed[0]?.stack.ids["aws_emrserverless_application.spark"]).toBe("00f1");
});

test("what was recorded of no lake is nobody's", () => {
  expect(deployedOf({ ...recording, stacks: {} })).toEqual({ deployed: [], strays: [] });
});

test("of calls that use the same grants one stays, with the count of all", async () => {
  const { stack } = deployedOf(recording).deployed[0] as never as {
    stack: ReturnType<typeof resolveStack>;
  };
  const many = calls.flatMap((call) => [
    call,
    { ...call, resource: call.resource.replace(/\/x$/, "/y") },
  ]);
  const few = [...representatives(stack, many).values()];
  expect(few.length).toBeLessThanOrEqual(calls.length);
  expect(few.reduce((sum, { count }) => sum + count, 0)).toBe(many.length);
  expect(unused(await grantsOf(stack), casesOf(stack, few))).toEqual(
    unused(await grantsOf(stack), casesOf(stack, many)),
  );
});

test("two calls that a condition's values tell apart stay both", () => {
  const stack = resolveStack(lake);
  const list = (prefix: string) => ({
    ...(calls.find(
      ({ action, role }) => action === "s3:ListBucket" && role.includes("emr"),
    ) as Call),
    context: { "s3:prefix": prefix },
  });
  const prefixes = ["raw", "raw/a", "raw/b", "elsewhere"];
  expect(
    [...representatives(stack, prefixes.map(list)).values()].map(
      ({ context }) => context["s3:prefix"],
    ),
  ).toEqual(["raw", "raw/a", "elsewhere"]);
});

describe("the report", () => {
  const LIST = {
    policy: "aws_iam_role_policy.trigger",
    statement: "ReceiveEvents",
    action: "sqs:DeleteMessage",
    reason: "seldom",
  };

  test("of a lake that allows all has the figures, and faults where there are some", async () => {
    const recorded = readRecorded([recording, recording]);
    expect(recorded.refused).toEqual([]);
    expect(recorded.distinct).toBe(2 * calls.length);
    const report = await judgeStack("data-lake-test", lake, recorded.calls, []);
    expect(report.refused).toEqual([]);
    expect(report.unused).toEqual([]);
    expect(figuresOf(recorded, [report], [])).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^API calls recorded \d+, refused 0; \d+ kinds of them judged in 1 stacks$/,
        ),
        "Granted but unused 0, and 0 with a reason",
        expect.stringMatching(/^Mutants noticed: \d+ of \d+ \(\d+ %\)$/),
      ]),
    );
    expect(faultsOf(recorded, [report], [LIST])).toContainEqual(
      expect.stringMatching(
        /^unused-grants.ts: aws_iam_role_policy.trigger ReceiveEvents: sqs:DeleteMessage on \* is stale/,
      ),
    );
  });

  test("names what was not recorded, unless the list explains it", async () => {
    const without = calls.filter(
      ({ role, action }) => !(role.includes("trigger") && action === "sqs:DeleteMessage"),
    );
    const recorded = readRecorded([{ ...recording, calls: without as Recording["calls"] }]);
    const bare = await judgeStack("a", lake, recorded.calls, []);
    const faults = faultsOf(recorded, [bare], []).filter((line) => line.includes("trigger"));
    expect(faults).toEqual([
      expect.stringMatching(
        /^a: granted but unused: aws_iam_role_policy.trigger ReceiveEvents: sqs:DeleteMessage on arn:/,
      ),
      "a: not noticed: aws_iam_role_policy.trigger ReceiveEvents without sqs:DeleteMessage",
    ]);
    const listed = await judgeStack("a", lake, recorded.calls, [LIST]);
    expect(faultsOf(recorded, [listed], [LIST]).filter((line) => line.includes("trigger"))).toEqual(
      [],
    );
  });

  test("names a call that the deployed lake refuses, and one of a role that is in no stack", () => {
    const odd = { ...(calls[0] as Call), action: "sqs:PurgeQueue" };
    const stray = { ...odd, role: "arn:aws:iam::123456789012:role/nobody" };
    const { refused } = readRecorded([{ ...recording, calls: [odd, stray] as Recording["calls"] }]);
    expect(refused).toEqual([
      "sqs:PurgeQueue of arn:aws:iam::123456789012:role/nobody, a role of no stack",
      expect.stringMatching(
        /^data-lake-test: .*role\/data-lake-trigger-test may not sqs:PurgeQueue on/,
      ),
    ]);
  });
});
