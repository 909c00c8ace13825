import { describe, expect, test } from "vitest";
import {
  LakeObservability,
  type LakeObservabilityProps,
} from "../../src/observability/lake-observability";
import { synthScope } from "../support/synth";

function synth(change: Partial<LakeObservabilityProps> = {}) {
  const props: LakeObservabilityProps = {
    alarmName: "lake-emr-failures-dev",
    budgetName: "lake-budget-dev",
    topicArn: "arn:topic",
    application: { id: "00f1", name: "lake-spark-dev" },
    monthlyBudgetUsd: 50,
    alertEmails: [],
    ...change,
  };
  return synthScope((scope) => new LakeObservability(scope, "observability", props));
}

describe("the alarm", () => {
  const alarm = () => synth().resource("aws_cloudwatch_metric_alarm", "emr_failures");

  test("watches the metric that EMR Serverless publishes, with both of its dimensions", () => {
    expect(alarm()).toMatchObject({
      namespace: "AWS/EMRServerless",
      metric_name: "FailedJobs",
      dimensions: { ApplicationId: "00f1", ApplicationName: "lake-spark-dev" },
    });
  });

  test("goes off at the first failed job within five minutes", () => {
    expect(alarm()).toMatchObject({
      alarm_name: "lake-emr-failures-dev",
      comparison_operator: "GreaterThanThreshold",
      threshold: 0,
      statistic: "Sum",
      period: 300,
      evaluation_periods: 1,
      alarm_actions: ["arn:topic"],
    });
  });

  test("is quiet where there are no jobs, and so no metric", () => {
    expect(alarm().treat_missing_data).toBe("notBreaching");
  });
});

describe("the budget", () => {
  const budget = (change: Partial<LakeObservabilityProps> = {}) =>
    synth(change).resource("aws_budgets_budget", "data_lake");

  test("is of the month's cost in dollars", () => {
    expect(budget({ monthlyBudgetUsd: 12.5 })).toMatchObject({
      name: "lake-budget-dev",
      budget_type: "COST",
      limit_amount: "12.5",
      limit_unit: "USD",
      time_unit: "MONTHLY",
    });
  });

  test("tells the topic when 80 % are spent", () => {
    expect(budget().notification).toEqual([
      {
        comparison_operator: "GREATER_THAN",
        threshold: 80,
        threshold_type: "PERCENTAGE",
        notification_type: "ACTUAL",
        subscriber_sns_topic_arns: ["arn:topic"],
      },
    ]);
  });

  test("tells the addresses too, where there are some", () => {
    expect(budget({ alertEmails: ["a@example.org"] }).notification[0]).toMatchObject({
      subscriber_email_addresses: ["a@example.org"],
      subscriber_sns_topic_arns: ["arn:topic"],
    });
  });
});
