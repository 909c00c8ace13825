/** What each graph of the dashboard is of, written down once more: a slip in one of them is seen. */
import { expect, test } from "vitest";
import { dashboardBody } from "../../src/observability/dashboard";
import type { Block } from "../support/synth";
import { DASHBOARD } from "./props";
import { metricsOf } from "./widget-metrics";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** By title: names of the metrics, what is taken of each period, and its length in seconds. */
const GRAPHS: Record<string, [metrics: string[], stat: string, period: number]> = {
  "Rows written, by source, an hour": [["RowsWritten"], "Sum", HOUR],
  "Runs and jobs that failed": [
    ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionThrottled", "FailedJobs"],
    "Sum",
    5 * MINUTE,
  ],
  "Functions: errors and throttles": [["Errors", "Throttles"], "Sum", 5 * MINUTE],
  "Dead letters": [["ApproximateNumberOfMessagesVisible"], "Maximum", 5 * MINUTE],
  "Oldest event that waits": [["ApproximateAgeOfOldestMessage"], "Maximum", MINUTE],
  "Rows in quarantine, percent of a run": [["QuarantinedPercent"], "Maximum", HOUR],
  "How long jobs run": [["JobSeconds"], "Maximum", HOUR],
  "Spark jobs by source, a day": [["CostUsd"], "Sum", DAY],
  "vCPU of workers": [["CPUAllocated"], "Maximum", MINUTE],
  "Memory of workers": [["MemoryAllocated"], "Maximum", MINUTE],
  "Jobs now, and what EMR allows": [
    ["RunningJobs", "ScheduledJobs", "PendingJobs", "MaxCPUAllowed", "MaxMemoryAllowed"],
    "Maximum",
    MINUTE,
  ],
};

const { widgets } = dashboardBody(DASHBOARD);
const graphs = widgets.filter(({ type }) => type === "metric");
const titleOf = ({ properties }: Block): string => properties.title;

test("each graph is of these metrics, over these periods, and these are all of them", () => {
  const found = graphs.map((graph) => {
    const names = metricsOf([graph]).map(({ name }) => name);
    const { stat, period } = graph.properties;
    return [titleOf(graph), [[...new Set(names)], stat, period]];
  });
  expect(Object.fromEntries(found)).toEqual(GRAPHS);
  expect(graphs.map(titleOf)).toEqual(Object.keys(GRAPHS));
});

/** By title: what tells the graph's lines apart, in their order, where it is of several things. */
const LINES: Record<string, string[][]> = {
  "Rows written, by source, an hour": [["orders"], ["returns"]],
  "Functions: errors and throttles": [
    ["lake-trigger-dev"],
    ["lake-trigger-dev"],
    ["lake-validate-dev"],
    ["lake-validate-dev"],
  ],
  "Dead letters": [["lake-ingest-dlq-dev"], ["lake-events-dlq-dev"]],
  "Oldest event that waits": [["lake-ingest-dev"]],
  "Rows in quarantine, percent of a run": [["orders"], ["returns"]],
  "How long jobs run": [["orders"], ["returns"]],
  "Spark jobs by source, a day": [["orders"], ["returns"]],
  "vCPU of workers": pools(),
  "Memory of workers": pools(),
};

function pools() {
  return ["Spark_Driver", "Spark_Executor"].flatMap((worker) =>
    ["PreInitCapacity", "OnDemandCapacity"].map((pool) => [worker, pool]),
  );
}

test.each(Object.entries(LINES))("%s: a line for each, and no more", (title, lines) => {
  const queues = {
    ...DASHBOARD.queues,
    deadLetters: ["lake-ingest-dlq-dev", "lake-events-dlq-dev"],
  };
  const body = dashboardBody({ ...DASHBOARD, queues });
  const graph = body.widgets.filter((one) => titleOf(one) === title);
  const all = [DASHBOARD.lake, ...Object.values(DASHBOARD.application)];
  expect(
    metricsOf(graph).map(({ dimensions }) =>
      Object.values(dimensions).filter((value) => !all.includes(value)),
    ),
  ).toEqual(lines);
});
