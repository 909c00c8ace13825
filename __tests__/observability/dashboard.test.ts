import { describe, expect, test } from "vitest";
import { isPublished } from "../../src/observability/aws-metrics";
import { type DashboardProps, dashboardBody } from "../../src/observability/dashboard";
import type { Block } from "../support/synth";
import { DASHBOARD } from "./props";
import { metricIn, metricsOf } from "./widget-metrics";

const widgets = (change: Partial<DashboardProps> = {}) =>
  dashboardBody({ ...DASHBOARD, ...change }).widgets;
const titled = (title: string, of = widgets()): Block => {
  const found = of.find(({ properties }) => properties.title === title);
  if (found === undefined) throw new Error(`no widget "${title}"`);
  return found.properties;
};

test("answers four questions, in this order", () => {
  const headings = widgets()
    .filter(({ type, height }) => type === "text" && height === 1)
    .sort((a, b) => a.y - b.y)
    .map(({ properties }) => properties.markdown);
  expect(headings).toEqual([
    "## Is data fresh?",
    "## Is anything failing?",
    "## What does it cost?",
    "## How full is the capacity?",
  ]);
});

test("every metric is one that is published, with exactly its dimensions", () => {
  const metrics = metricsOf(widgets());
  expect(metrics.length).toBeGreaterThan(25);
  expect(metrics.filter((metric) => !isPublished(metric))).toEqual([]);
});

describe.each([
  ["two sources", {}],
  ["no freshness", { freshnessAlarmArns: [] }],
  ["alarms for three widgets", { alarmArns: Array.from({ length: 201 }, (_, i) => `arn:${i}`) }],
])("on the grid, with %s,", (_, change) => {
  const placed = widgets(change);

  test("no widget leaves its 24 columns", () => {
    for (const { x, width } of placed) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(24);
    }
  });

  test("no two widgets lie over each other", () => {
    const cells = placed.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`,
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  test("no row has a hole in it", () => {
    const filled = placed.reduce((sum, { width, height }) => sum + width * height, 0);
    const bottom = Math.max(...placed.map(({ y, height }) => y + height));
    expect(filled).toBe(24 * bottom);
  });
});

test("rows, quarantine, time and cost are shown by source", () => {
  for (const [title, name] of [
    ["Rows written an hour, of the days that runs read", "RowsWritten"],
    ["Rows in quarantine, percent of the days that a run read", "QuarantinedPercent"],
    ["How long jobs run", "JobSeconds"],
    ["Spark jobs by source, a day", "CostUsd"],
  ] as const)
    expect(titled(title).metrics.map(metricIn)).toEqual(
      ["orders", "returns"].map((Source) => ({
        namespace: "DataLake",
        name,
        dimensions: { Lake: "lake-dev", Source },
      })),
    );
});

test("cost is a sum a day, and its text has the budget, and the estimate where there is one", () => {
  expect(titled("Spark jobs by source, a day")).toMatchObject({ stat: "Sum", period: 86_400 });
  const texts = (change: Partial<DashboardProps>) =>
    widgets(change)
      .map(({ properties }) => String(properties.markdown))
      .join("\n");
  expect(texts({})).toContain("**50 USD** a month, of the whole account");
  expect(texts({})).not.toContain("Estimate");
  expect(texts({ monthlyEstimateUsd: 41.239 })).toContain("Estimate: **41.24 USD** a month");
});

test("cost has a range in which days can be compared, all else the dashboard's", () => {
  const started = widgets().filter(({ properties }) => "start" in properties);
  expect(started.map(({ properties }) => [properties.title, properties.start])).toEqual([
    ["Spark jobs by source, a day", "-P30D"],
  ]);
});

test("cost says whose prices it is at, where they are another region's", () => {
  const title = "Spark jobs by source, a day, at prices of us-east-1";
  expect(titled(title, widgets({ pricesRegion: "us-east-1" })).period).toBe(86_400);
});

test("a graph keeps the period that its title speaks of, whatever range is looked at", () => {
  expect(dashboardBody(DASHBOARD).periodOverride).toBe("inherit");
});

test("all alarms are on it, a hundred in a widget at most", () => {
  const arns = Array.from({ length: 201 }, (_, i) => `arn:alarm:${i}`);
  const states = widgets({ alarmArns: arns, freshnessAlarmArns: [] }).filter(
    ({ type }) => type === "alarm",
  );
  expect(states.map(({ properties }) => (properties.alarms as string[]).length)).toEqual([
    100, 100, 1,
  ]);
  expect(states.flatMap(({ properties }) => properties.alarms)).toEqual(arns);
});

test("where no source is expected, it says so instead of showing nothing", () => {
  const without = widgets({ freshnessAlarmArns: [] });
  expect(without.map(({ properties }) => properties.markdown)).toContainEqual(
    expect.stringContaining("expected_every_hours"),
  );
  expect(titled("Sources that are expected").alarms).toEqual(["arn:alarm:b"]);
});

test("what workers have is stacked by kind and pool, under the most that they may have", () => {
  const cpu = titled("vCPU of workers");
  expect(cpu.stacked).toBe(true);
  expect(cpu.metrics.map((cells: Block[]) => cells.at(-1).label)).toEqual([
    "driver, kept ready",
    "driver, on demand",
    "executors, kept ready",
    "executors, on demand",
  ]);
  expect(cpu.annotations.horizontal).toEqual([{ value: 10, label: "maximum capacity, 10 vCPU" }]);
  expect(titled("Memory of workers").annotations.horizontal[0].value).toBe(40);
  expect(titled("Jobs now, and what EMR allows").metrics.map(metricIn)).toContainEqual({
    namespace: "AWS/EMRServerless",
    name: "MaxCPUAllowed",
    dimensions: { ApplicationId: "00f1", ApplicationName: "lake-spark-dev" },
  });
});

test("every graph is of the lake's region", () => {
  const regions = widgets()
    .filter(({ type }) => type === "metric")
    .map(({ properties }) => properties.region);
  expect(new Set(regions)).toEqual(new Set(["eu-west-1"]));
});
