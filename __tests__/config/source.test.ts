import { expect, test } from "vitest";
import { expectationsOf, jobSources, source } from "../../src/config/source";

const parsed = (values: object) => source.parse({ format: "json", ...values });

test("the job is given what it knows, and nothing that is for alarms", () => {
  const all = {
    schema: "id BIGINT",
    layout: "parquet",
    sort_by: ["origin", "date"],
    max_quarantined_percent: 4,
    alarm_quarantined_percent: 1,
    expected_every_hours: 24,
    expected_minutes: 30,
  };
  expect(jobSources({ a: parsed(all), b: parsed({}) })).toEqual({
    a: {
      format: "json",
      schema: "id BIGINT",
      layout: "parquet",
      sort_by: ["origin", "date"],
      max_quarantined_percent: 4,
    },
    b: { format: "json", layout: "iceberg", max_quarantined_percent: 10 },
  });
});

test.each([
  [{}, 5],
  [{ max_quarantined_percent: 3 }, 1.5],
  [{ max_quarantined_percent: 3, alarm_quarantined_percent: 2.9 }, 2.9],
  [{ alarm_quarantined_percent: 0 }, 0],
  // Its first bad row fails the run.
  [{ max_quarantined_percent: 0 }, undefined],
])("of %j an alarm tells above %s percent", (values, alarmPercent) => {
  expect(expectationsOf({ a: parsed(values) }).a?.alarmPercent).toBe(alarmPercent);
});

test("nobody is told of lateness, or of long jobs, without an expectation", () => {
  expect(expectationsOf({ a: parsed({}) }).a).toEqual({
    alarmPercent: 5,
    everyHours: undefined,
    minutes: undefined,
  });
  const expected = { expected_every_hours: 168, expected_minutes: 10_080 };
  expect(expectationsOf({ a: parsed(expected) }).a).toMatchObject({
    everyHours: 168,
    minutes: 10_080,
  });
});

test.each([
  ["above", { max_quarantined_percent: 5, alarm_quarantined_percent: 5.1 }],
  ["at", { max_quarantined_percent: 5, alarm_quarantined_percent: 5 }],
  ["at, by default,", { alarm_quarantined_percent: 10 }],
])("an alarm %s what fails the run would never come first", (_, values) => {
  expect(source.safeParse({ format: "json", ...values }).success).toBe(false);
});

test.each([
  ["none", []],
  ["five", ["a", "b", "c", "d", "e"]],
  ["the same one twice", ["a", "a"]],
  ["a partition's", ["a", "day"]],
  ["a source's spelling", ["Größe"]],
  ["an empty name", [""]],
])("rows are not sorted by %s", (_, sort_by) => {
  expect(source.safeParse({ format: "json", sort_by }).success).toBe(false);
});

test("rows are sorted by one to four columns of the table, or by none", () => {
  expect(parsed({ sort_by: ["a", "b_2", "_c", "4"] }).sort_by).toHaveLength(4);
  expect(parsed({}).sort_by).toBeUndefined();
});
