import { expect, test } from "vitest";
import { METRICS, type MetricName } from "../../../lambda/metrics/contract";
import { metricDocument } from "../../../lambda/metrics/emf";
import { extracted } from "./support";

const AT = new Date("2026-11-23T10:00:00Z");
const ALL = Object.fromEntries(
  Object.keys(METRICS).map((name, index) => [name, index + 0.5]),
) as Record<MetricName, number>;

test("CloudWatch takes every metric out of a document, with its unit, dimensions and moment", () => {
  const line = metricDocument({ lake: "lake-dev", source: "orders", at: AT, values: ALL });
  expect(extracted(line)).toEqual(
    Object.entries(METRICS).map(([name, unit]) => ({
      namespace: "DataLake",
      dimensions: { Lake: "lake-dev", Source: "orders" },
      name,
      unit,
      value: ALL[name as MetricName],
      at: AT,
    })),
  );
});

test("only what has a value is published", () => {
  const line = metricDocument({ lake: "l", source: "s", at: AT, values: { RowsWritten: 0 } });
  expect(extracted(line).map(({ name, value }) => [name, value])).toEqual([["RowsWritten", 0]]);
});

test("is one line, and what stands beside the metrics changes none of them", () => {
  const properties = { run: "etl\n1", Source: "another", RowsWritten: "9", _aws: "x" };
  const line = metricDocument({
    lake: "l",
    source: "s",
    at: AT,
    values: { RowsWritten: 3 },
    properties,
  });
  expect(line).not.toContain("\n");
  expect(extracted(line)).toMatchObject([
    { name: "RowsWritten", value: 3, dimensions: { Lake: "l", Source: "s" } },
  ]);
  expect(JSON.parse(line).run).toBe("etl\n1");
});
