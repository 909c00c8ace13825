/** What each graph of the dashboard is of, written down once more: a slip in one of them is seen. */
import { expect, test } from "vitest";
import { dashboardBody } from "../../src/observability/dashboard";
import type { Block } from "../support/synth";
import { DASHBOARD } from "./props";
import { metricsOf } from "./widget-metrics";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Graph {
  /** Names, each once. */
  readonly metrics: readonly string[];
  readonly stat: "Sum" | "Maximum";
  /** Seconds. */
  readonly period: number;
  /** What tells the lines apart, in their order, beside the lake and its application. */
  readonly of: readonly (readonly string[])[];
}

const MACHINE = ["arn:machine"];
const [TRIGGER, VALIDATE] = [["lake-trigger-dev"], ["lake-validate-dev"]];
const SOURCES = [["orders"], ["returns"]];
const WORKERS = [
  ["Spark_Driver", "PreInitCapacity"],
  ["Spark_Driver", "OnDemandCapacity"],
  ["Spark_Executor", "PreInitCapacity"],
  ["Spark_Executor", "OnDemandCapacity"],
];

const GRAPHS: Record<string, Graph> = {
  "Rows written an hour, of the days that runs read": {
    metrics: ["RowsWritten"],
    stat: "Sum",
    period: HOUR,
    of: SOURCES,
  },
  "Runs and jobs that failed": {
    metrics: ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionThrottled", "FailedJobs"],
    stat: "Sum",
    period: 5 * MINUTE,
    of: [MACHINE, MACHINE, MACHINE, []],
  },
  "Functions: errors and throttles": {
    metrics: ["Errors", "Throttles"],
    stat: "Sum",
    period: 5 * MINUTE,
    of: [TRIGGER, TRIGGER, VALIDATE, VALIDATE],
  },
  "Dead letters": {
    metrics: ["ApproximateNumberOfMessagesVisible"],
    stat: "Maximum",
    period: 5 * MINUTE,
    of: [["lake-ingest-dlq-dev"], ["lake-events-dlq-dev"]],
  },
  "Oldest event that waits": {
    metrics: ["ApproximateAgeOfOldestMessage"],
    stat: "Maximum",
    period: MINUTE,
    of: [["lake-ingest-dev"]],
  },
  "Rows in quarantine, percent of the days that a run read": {
    metrics: ["QuarantinedPercent"],
    stat: "Maximum",
    period: HOUR,
    of: SOURCES,
  },
  "How long jobs run": { metrics: ["JobSeconds"], stat: "Maximum", period: HOUR, of: SOURCES },
  "Spark jobs by source, a day": { metrics: ["CostUsd"], stat: "Sum", period: DAY, of: SOURCES },
  "vCPU of workers": { metrics: ["CPUAllocated"], stat: "Maximum", period: MINUTE, of: WORKERS },
  "Memory of workers": {
    metrics: ["MemoryAllocated"],
    stat: "Maximum",
    period: MINUTE,
    of: WORKERS,
  },
  "Jobs now, and what EMR allows": {
    metrics: ["RunningJobs", "ScheduledJobs", "PendingJobs", "MaxCPUAllowed", "MaxMemoryAllowed"],
    stat: "Maximum",
    period: MINUTE,
    of: [[], [], [], [], []],
  },
};

const deadLetters = ["lake-ingest-dlq-dev", "lake-events-dlq-dev"];
const { widgets } = dashboardBody({
  ...DASHBOARD,
  queues: { ...DASHBOARD.queues, deadLetters },
});
const OF_ALL = [DASHBOARD.lake, ...Object.values(DASHBOARD.application)];

test("each graph is of these metrics, over these periods, and these are all of them", () => {
  const found = widgets
    .filter(({ type }) => type === "metric")
    .map((widget): [string, Block] => {
      const lines = metricsOf([widget]);
      const { title, stat, period } = widget.properties;
      const metrics = [...new Set(lines.map(({ name }) => name))];
      const of = lines.map(({ dimensions }) =>
        Object.values(dimensions).filter((value) => !OF_ALL.includes(value)),
      );
      return [String(title), { metrics, stat, period, of }];
    });
  expect(Object.fromEntries(found)).toEqual(GRAPHS);
  expect(found).toHaveLength(Object.keys(GRAPHS).length);
});
