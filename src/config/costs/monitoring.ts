/** CloudWatch: logs, the lake's own metrics, alarms and the dashboard. */

import type { Variables } from "../schema";
import { expectationsOf } from "../source";
import type { Day } from "./day";
import { amount, type Line, line, MONTH_DAYS, MONTH_HOURS } from "./line";

/**
 * GB that a job's driver logs, and each execution's functions. Guesses: no page gives them; Spark's
 * own INFO lines are most of it. Executors' logs do not come to CloudWatch, since the job names no
 * log types.
 * https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CloudWatchLoggingConfiguration.html
 */
const LOG_GB = { driver: 0.002, run: 0.0001, vpcRun: 0.001, vpcDay: 0.001 } as const;
/** Of what is ingested is stored, since it is compressed: AWS's own figure. */
const STORED_SHARE = 0.15;

/** Alarms of every lake, beside one for each thing that is expected of a source. */
export const LAKE_ALARMS = 15;
/** Metrics of a source that each of its jobs publishes (lambda/metrics/contract.ts). */
export const JOB_METRICS = 6;

export function monitoringLines(variables: Variables, day: Day): Line[] {
  return [...logLines(variables, day), ...metricLines(variables, day)];
}

function logLines({ enable_vpc, log_retention_days }: Variables, day: Day): Line[] {
  const ofJobs = day.runs * (LOG_GB.driver + LOG_GB.run);
  const ofFlows = enable_vpc ? day.runs * LOG_GB.vpcRun + LOG_GB.vpcDay : 0;
  const daily = ofJobs + ofFlows;
  const flows = enable_vpc ? `, and ${amount(ofFlows)} of the network's flows` : "";
  return [
    line(
      "logs.ingested",
      "logIngested",
      "logs, ingested",
      daily * MONTH_DAYS,
      `${amount(ofJobs)} GB a day: ${LOG_GB.driver * 1000} MB of each run's driver${flows}, as guessed`,
    ),
    line(
      "logs.stored",
      "logStored",
      "logs, stored",
      daily * log_retention_days * STORED_SHARE,
      `${log_retention_days} days of them, compressed to ${STORED_SHARE}`,
    ),
  ];
}

function metricLines({ sources }: Variables, day: Day): Line[] {
  const all = Object.values(sources);
  const runsOfSource = day.runs / all.length;
  const hours = Math.min(24, runsOfSource) * MONTH_DAYS;
  const running = all.filter(({ expected_minutes }) => expected_minutes !== undefined).length;
  const runningHours = Math.min(24, runsOfSource * Math.ceil(day.minutesPerRun / 60)) * MONTH_DAYS;
  const expected = Object.values(expectationsOf(sources)).flatMap(Object.values);
  const alarms = LAKE_ALARMS + expected.filter((one) => one !== undefined).length;
  return [
    line(
      "cloudwatch.metrics",
      "metric",
      "the lake's own metrics",
      (all.length * JOB_METRICS * hours + running * runningHours) / MONTH_HOURS,
      `sources: ${all.length}; of each ${JOB_METRICS}, in ${amount(hours)} hours of the month${running === 0 ? "" : `, and RunningMinutes while jobs run: ${running}`}`,
    ),
    line(
      "cloudwatch.alarms",
      "alarm",
      "alarms",
      alarms,
      `${LAKE_ALARMS} of the lake, ${alarms - LAKE_ALARMS} of its sources`,
    ),
    line("cloudwatch.dashboard", "dashboard", "dashboard", 1, "one"),
  ];
}
