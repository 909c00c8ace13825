/** What the end-to-end tests of this run recorded, judged: `npm test` runs it after them. */
import { beforeAll, expect, test } from "vitest";
import { lastRecorded, recordedIn } from "../security/iam/recorded";
import type { Recorded } from "../security/iam/report";
import { policySection } from "../security/iam/section";
import { subjects } from "../security/rules/subjects";
import { ruleWatch } from "../security/rules/survey";

let recorded: Recorded;

beforeAll(() => {
  const folder = process.env.LAKE_CALLS;
  if (!folder)
    throw new Error(
      "LAKE_CALLS names no folder of recordings: run npm test, or LAKE_CALLS=FOLDER npx vitest run --project e2e before",
    );
  recorded = recordedIn(folder);
});

test("every call that a lake's roles made is one that its policies allow", () => {
  expect(recorded.distinct).toBeGreaterThan(0);
  expect(recorded.refused).toEqual([]);
});

test("in every environment the calls are allowed, each grant is used, and each part of a policy missed", async () => {
  const { lines, faults } = await policySection(await subjects(), recorded, ruleWatch);
  console.log(lines.join("\n"));
  expect(faults).toEqual([]);
});

test("every actor of the last recording has called again", () => {
  const roles = ({ calls }: Recorded) => [...new Set(calls.map(({ role }) => role))].sort();
  expect(roles(recorded)).toEqual(expect.arrayContaining(roles(lastRecorded())));
});
