import { expect, test } from "vitest";
import { LakeBudget, type LakeBudgetProps } from "../../src/observability/lake-budget";
import { synthScope } from "../support/synth";

function budget(change: Partial<LakeBudgetProps> = {}) {
  const props: LakeBudgetProps = {
    name: "lake-budget-dev",
    topicArn: "arn:topic",
    monthlyBudgetUsd: 50,
    alertEmails: [],
    ...change,
  };
  return synthScope((scope) => new LakeBudget(scope, "budget", props)).the("aws_budgets_budget");
}

test("is of the month's cost in dollars", () => {
  expect(budget({ monthlyBudgetUsd: 12.5 })).toMatchObject({
    name: "lake-budget-dev",
    budget_type: "COST",
    limit_amount: "12.5",
    limit_unit: "USD",
    time_unit: "MONTHLY",
  });
});

test("tells the topic when 50, 80 and 100 % are spent, and when the forecast is above it", () => {
  const { notification } = budget();
  expect(
    notification.map((one: { notification_type: string; threshold: number }) => [
      one.notification_type,
      one.threshold,
    ]),
  ).toEqual([
    ["ACTUAL", 50],
    ["ACTUAL", 80],
    ["ACTUAL", 100],
    ["FORECASTED", 100],
  ]);
  for (const one of notification)
    expect(one).toEqual({
      comparison_operator: "GREATER_THAN",
      threshold: one.threshold,
      threshold_type: "PERCENTAGE",
      notification_type: one.notification_type,
      subscriber_sns_topic_arns: ["arn:topic"],
    });
  // AWS Budgets: five notifications a budget.
  expect(notification.length).toBeLessThanOrEqual(5);
});

test("tells the addresses of each too, where there are some", () => {
  const { notification } = budget({ alertEmails: ["a@example.org", "b@example.org"] });
  for (const one of notification)
    expect(one.subscriber_email_addresses).toEqual(["a@example.org", "b@example.org"]);
});
