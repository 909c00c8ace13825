/** The most sources that AWS takes, and one more; what is counted is looked at in a synthesized lake. */
import { describe, expect, test } from "vitest";
import { brokenRules } from "../../src/config/rules";
import { variablesSchema } from "../../src/config/schema";
import { MOST_SOURCES } from "../../src/config/source-rules";
import { IAM_LIMIT, MOST_TABLE_LISTS, tableLists } from "../../src/config/table-lists";
import { physicalNames } from "../../src/naming";
import { lakeWith } from "../support/lake";
import { characters } from "../support/policy-text";
import type { Block } from "../support/synth";

function sourcesOf(count: number, length = 5, layout = "iceberg") {
  const name = (index: number) => `s${String(index).padStart(length - 1, "0")}`;
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [name(index), { format: "json", layout }]),
  );
}

function faults(values: Record<string, unknown>, environment = "dev"): string[] {
  const given = variablesSchema.parse(values);
  return brokenRules({ given, environment }).map(({ variable, message }) => {
    expect(variable).toBe("sources");
    return message;
  });
}

describe("lines of a graph", () => {
  test("are enough for 500 sources", () => {
    expect(MOST_SOURCES).toBe(500);
    expect(faults({ sources: sourcesOf(500) })).toEqual([]);
    expect(faults({ sources: sourcesOf(500, 20, "parquet") })).toEqual([]);
  });

  test("are not for one more", () => {
    const expected =
      "expected at most 500 sources, since a graph of CloudWatch takes 500 lines; got 501. Move 1 of them to an environment of their own";
    expect(faults({ sources: sourcesOf(501) })).toEqual([expected]);
    expect(faults({ sources: sourcesOf(501, 20, "parquet") })).toEqual([expected]);
  });

  test("are as many in the dashboard that is synthesized", () => {
    const { lake } = lakeWith({ sources: sourcesOf(MOST_SOURCES) });
    const { widgets } = JSON.parse(lake.the("aws_cloudwatch_dashboard").dashboard_body);
    const lines: number[] = widgets.map(({ properties }: Block) => properties.metrics?.length ?? 0);
    expect(Math.max(...lines)).toBe(500);
    expect(lines.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(2500);
    expect(widgets.length).toBeLessThanOrEqual(500);
  });
});

describe("tables in policies", () => {
  const LONG = { project: "a-project-of-thirty-characters", aws_region: "ap-northeast-1" };
  const database = physicalNames({ project: LONG.project, environment: "prod" }).database.processed;
  const listsOf = (count: number, length: number) =>
    tableLists(variablesSchema.parse({ ...LONG, sources: sourcesOf(count, length) }), database);
  const fitting = (length: number) => {
    let count = 1;
    while (listsOf(count + 1, length).length <= MOST_TABLE_LISTS) count += 1;
    return count;
  };

  test("name as many as IAM takes, and one more is refused with the number that fits", () => {
    const most = fitting(63);
    expect(most).toBeGreaterThan(300);
    expect(faults({ ...LONG, sources: sourcesOf(most, 63) }, "prod")).toEqual([]);
    expect(faults({ ...LONG, sources: sourcesOf(most + 1, 63) }, "prod")).toEqual([
      `expected at most ${most} sources of layout "iceberg" with names as long as these, since the job's role names each table, and IAM takes 10 policies of 6144 characters beside the inline one; got ${most + 1}. Move 1 of them to an environment of their own, or shorten project or the sources' names`,
    ]);
  });

  test("are the crawler's where the layout is parquet, whatever their number", () => {
    expect(faults({ ...LONG, sources: sourcesOf(500, 63, "parquet") }, "prod")).toEqual([]);
  });

  test.each([5, 24, 63])("stand once each, sorted, with names of %i characters", (length) => {
    const lists = listsOf(400, length);
    expect(lists.flat()).toEqual(Object.keys(sourcesOf(400, length)));
  });

  test.each([5, 24, 63])(
    "fit in the lake that is synthesized, with names of %i characters",
    (length) => {
      const sources = sourcesOf(Math.min(fitting(length), MOST_SOURCES), length);
      const { lake } = lakeWith({ ...LONG, sources }, "prod");
      const managed = Object.values(lake.all("aws_iam_policy"));
      expect(managed.length).toBeGreaterThan(0);
      expect(managed.length).toBeLessThanOrEqual(IAM_LIMIT.managedPolicies);
      for (const { policy, name } of managed) {
        expect(characters(policy)).toBeLessThanOrEqual(IAM_LIMIT.managedCharacters);
        expect(name.length).toBeLessThanOrEqual(128);
      }
      const inline = characters(lake.resource("aws_iam_role_policy", "emr_execution").policy);
      expect(inline).toBeLessThanOrEqual(IAM_LIMIT.inlineCharacters);
      expect(inline).toBeGreaterThan(IAM_LIMIT.managedCharacters);
    },
  );
});

test("no other document of a role, and not the state machine, grows with the sources", () => {
  const sizes = [1, 500].map((count) => {
    const { lake } = lakeWith({ sources: sourcesOf(count) });
    const policies = Object.entries(lake.all("aws_iam_role_policy"))
      .filter(([name]) => name !== "emr_execution")
      .map(([name, { policy }]) => [name, policy.length]);
    return { policies, definition: lake.the("aws_sfn_state_machine").definition.length };
  });
  expect(sizes[1]).toEqual(sizes[0]);
});
