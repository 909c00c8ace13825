/** One alarm as data, and what all alarms of the lake have in common. */
import type { Metric } from "./aws-metrics";

/** Where every alarm has a section that says what it means, where to look and what to do. */
export const RUNBOOK = "docs/operations.md";

export interface Alarm {
  /** Address, such as `emr_failures`; its name is the same in hyphens. */
  readonly id: string;
  /** What has happened, in a sentence. */
  readonly means: string;
  /** The first thing to do. */
  readonly first: string;
  /** Section of the runbook. */
  readonly anchor: string;
  readonly metric: Metric;
  readonly statistic: "Sum" | "Minimum" | "Maximum";
  readonly periodSeconds: number;
  /** That must all breach. */
  readonly periods: number;
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** What a period without data counts as. */
  readonly missing: "breaching" | "notBreaching";
  /** Whether the end is news: of what lasts it is, of what has happened and is over it is not. */
  readonly tellsEnd: boolean;
}

type Words = Pick<Alarm, "id" | "means" | "first" | "anchor" | "metric">;

/** Five minutes: how late one is told at most, and short enough to see which run it was. */
const EVENT_SECONDS = 300;

/**
 * Something that must never happen, or not so often. CloudWatch tells of an alarm's change of state
 * only: another one while it is still in ALARM, about a quarter of an hour after the first, is not
 * told of again. Nothing is published while nothing happens, so that missing data is well.
 */
export function onEvent(words: Words & Partial<Pick<Alarm, "threshold" | "periodSeconds">>): Alarm {
  return {
    threshold: 0,
    periodSeconds: EVENT_SECONDS,
    ...words,
    statistic: "Sum",
    periods: 1,
    comparison: "GreaterThanThreshold",
    missing: "notBreaching",
    tellsEnd: false,
  };
}

/**
 * Something that is above what it may be, and lasts until somebody, or time, mends it. By default
 * silence is well: queues and applications at rest publish nothing.
 */
export function whileAbove(
  threshold: number,
  words: Words & Partial<Pick<Alarm, "statistic" | "periodSeconds" | "periods">>,
): Alarm {
  return {
    statistic: "Maximum",
    periodSeconds: EVENT_SECONDS,
    periods: 1,
    ...words,
    comparison: "GreaterThanThreshold",
    threshold,
    missing: "notBreaching",
    tellsEnd: true,
  };
}

/**
 * Something that AWS holds back for a moment and lets go again by itself: told where it does so in
 * each of three times five minutes.
 */
export function whileHeldBack(words: Words): Alarm {
  return whileAbove(0, { ...words, statistic: "Sum", periods: 3 });
}

/**
 * What people are sent: what it means, what to do first, where to read on. CloudWatch takes 1,024
 * characters. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function describe({ means, first, anchor }: Alarm): string {
  return `${means} First: ${first} More: ${RUNBOOK}#${anchor}`;
}
