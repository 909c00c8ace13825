import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { folderWith } from "../../support/folder";
import { type Lake, lakeWith } from "../../support/lake";
import { subjects as everyStack } from "../rules/subjects";
import { ruleWatch } from "../rules/survey";
import { lastRecorded, recordedIn } from "./recorded";
import { resolveStack } from "./resolve";
import { sampleCalls } from "./sample-calls";
import { policySection } from "./section";

let lake: Lake;
let subjects: { name: string; stack: Lake["lake"] }[];

beforeAll(() => {
  lake = lakeWith({ sources: { events: { format: "json" } } });
  subjects = [
    { name: "data-lake-test", stack: lake.lake },
    { name: "state-test", stack: lake.state },
  ];
});

/** A folder with one recording, of these calls. */
function kept(calls: object[]): string {
  const stacks = { "data-lake-test": JSON.parse(lake.lake.text) };
  return folderWith({ "one.json": JSON.stringify({ stacks, calls }) });
}

test("every stack is judged by what is in the folder", async () => {
  const ids = { "aws_emrserverless_application.spark": "00f1" };
  const recorded = recordedIn(kept(sampleCalls(resolveStack(lake.lake, { ids }))));
  const { title, lines, faults } = await policySection(subjects, recorded);
  expect(title).toMatch(/in 2 stacks$/);
  expect(lines.join("\n")).toMatch(/data-lake-test: allowed recorded \d+.*\n.*state-test: allowed/);
  expect(faults.filter((line) => line.includes("granted but unused"))).toEqual([]);
});

test("what nothing was recorded of is a fault, unless a rule of the stack's own notices it", async () => {
  const recorded = { calls: [], distinct: 0, refused: [] };
  const { faults } = await policySection(subjects, recorded);
  const missed = "data-lake-test: not noticed: without aws_iam_role_policy.trigger StartExecution";
  expect(faults).toContain(missed);
  const watched = await policySection(subjects, recorded, ({ name }) => (changed) => {
    const { policy } = changed.resource("aws_iam_role_policy", "trigger");
    return name === "data-lake-test" && !policy.includes("StartExecution") ? "a rule" : undefined;
  });
  expect(watched.faults).not.toContain(missed);
});

test("a folder without a recording is an error that says how to make one", () => {
  const folder = folderWith({});
  expect(() => recordedIn(folder)).toThrow(`run the tests with LAKE_CALLS=${folder}`);
  expect(() => recordedIn(join(folder, "none"))).toThrow("has no recording");
  mkdirSync(join(folder, "sub"));
  writeFileSync(join(folder, "x.json"), "{}");
  expect(() => recordedIn(folder)).toThrow(
    /x\.json is no recording of calls:\nstacks: .*\ncalls: /,
  );
});

test("what was last recorded has calls of every actor, and none that was refused", () => {
  const { calls, refused } = lastRecorded();
  expect(refused).toEqual([]);
  const roles = new Set(calls.map(({ role }) => role.split("role/")[1]));
  for (const actor of ["emr_execution", "glue_crawler", "stepfunctions", "trigger", "validate"])
    expect(
      [...roles].some((role) => role?.includes(actor)),
      actor,
    ).toBe(true);
});

test("by what was last recorded, nothing is wrong in any stack of any environment", async () => {
  const { faults } = await policySection(await everyStack(), lastRecorded(), ruleWatch);
  expect(faults).toEqual([]);
});
