/** What the lake measures of itself: names that publisher, alarms and dashboard share. */
import * as z from "zod";

/** Namespace of the lake's own metrics in CloudWatch. */
export const NAMESPACE = "DataLake";

/** Dimensions of each of them, in this order. */
export const DIMENSIONS = ["Lake", "Source"] as const;

/**
 * Metrics of one source, with CloudWatch's units. `RunningMinutes` is published while a job of the
 * source runs: the age of the oldest one. Rows are those of the days that a run read, all of them:
 * a day that is read again is counted again. All others are published once for each job, at its end;
 * those of rows and bytes only where it succeeded, and `CostUsd` after them, once AWS has its bill.
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

/** Minutes between two looks at the jobs that run. */
export const RUNNING_LOOK_MINUTES = 5;

/** States of a job run that no other follows. */
export const ENDED_STATES = ["SUCCESS", "FAILED", "CANCELLED"] as const;

/** The event's name, as EMR Serverless gives it (EMR Serverless User Guide, Automating EMR Serverless with Amazon EventBridge). */
export const JOB_RUN_CHANGE = "EMR Serverless Job Run State Change";

/** What the function is called with: a job run has ended, or it is time to look at those that run. */
export const metricsEventSchema = z.discriminatedUnion("detail-type", [
  z.object({
    "detail-type": z.literal(JOB_RUN_CHANGE),
    detail: z.object({
      applicationId: z.string().min(1),
      jobRunId: z.string().min(1),
      state: z.enum(ENDED_STATES),
    }),
  }),
  z.object({ "detail-type": z.literal("Scheduled Event") }),
]);
export type MetricsEvent = z.infer<typeof metricsEventSchema>;

const amount = z.number().nonnegative();

/** What a run that succeeded says of itself; the part that is measured. */
export const summarySchema = z.object({
  rows_read: amount,
  rows_written: amount,
  rows_quarantined: amount,
  bytes_read: amount,
});
