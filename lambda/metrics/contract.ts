/** What the lake measures of itself: names that publisher, alarms and dashboard share. */

/** Namespace of the lake's own metrics in CloudWatch. */
export const NAMESPACE = "DataLake";

/** Dimensions of each of them, in this order. */
export const DIMENSIONS = ["Lake", "Source"] as const;

/**
 * Metrics of one source, with CloudWatch's units. `RunningMinutes` is published while a job of the
 * source runs: the age of the oldest one. All others are published once for each job, at its end;
 * those of rows and bytes only where it succeeded.
 */
export const METRICS = {
  RowsWritten: "Count",
  RowsQuarantined: "Count",
  QuarantinedPercent: "Percent",
  BytesRead: "Bytes",
  JobSeconds: "Seconds",
  CostUsd: "None",
  RunningMinutes: "Count",
} as const;

export type MetricName = keyof typeof METRICS;
