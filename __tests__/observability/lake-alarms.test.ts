import { expect, test } from "vitest";
import { alarmName } from "../../src/naming";
import { describe as described } from "../../src/observability/alarm";
import { alarmsOf } from "../../src/observability/alarms";
import { LakeAlarms } from "../../src/observability/lake-alarms";
import { synthScope } from "../support/synth";
import { ALARMS } from "./props";

const alarms = alarmsOf(ALARMS);
let arns: Readonly<Record<string, string>> = {};
const stack = synthScope((scope) => {
  arns = new LakeAlarms(scope, "alarms", {
    alarms,
    alarmName: (what) => alarmName({ project: "lake", environment: "dev" }, what),
    topicArn: "arn:topic",
  }).arns;
});

test("every alarm of the table is in CloudWatch, as the table says", () => {
  for (const alarm of alarms)
    expect(stack.resource("aws_cloudwatch_metric_alarm", alarm.id)).toEqual({
      alarm_name: `lake-${alarm.id.replaceAll("_", "-")}-dev`,
      alarm_description: described(alarm),
      namespace: alarm.metric.namespace,
      metric_name: alarm.metric.name,
      dimensions: alarm.metric.dimensions,
      statistic: alarm.statistic,
      period: alarm.periodSeconds,
      evaluation_periods: alarm.periods,
      threshold: alarm.threshold,
      comparison_operator: alarm.comparison,
      treat_missing_data: alarm.missing,
      alarm_actions: ["arn:topic"],
      ...(alarm.tellsEnd && { ok_actions: ["arn:topic"] }),
    });
  expect(Object.keys(stack.all("aws_cloudwatch_metric_alarm"))).toHaveLength(alarms.length);
});

test("failed jobs are watched at the template's address, under its name with the environment", () => {
  expect(stack.resource("aws_cloudwatch_metric_alarm", "emr_failures")).toMatchObject({
    alarm_name: "lake-emr-failures-dev",
    metric_name: "FailedJobs",
    statistic: "Sum",
    period: 300,
    threshold: 0,
  });
});

test("the dashboard is handed each by its ARN", () => {
  expect(Object.keys(arns)).toEqual(alarms.map(({ id }) => id));
  expect(Object.values(arns)[0]).toMatch(/^\$\{TfToken/);
});
