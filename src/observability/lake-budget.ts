import {
  BudgetsBudget,
  type BudgetsBudgetNotification,
} from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";

export interface LakeBudgetProps {
  readonly name: string;
  /** USD a month. */
  readonly monthlyBudgetUsd: number;
  readonly topicArn: string;
  /** Told by mail too, at most ten. */
  readonly alertEmails: readonly string[];
}

/**
 * When somebody is told, in percent of the budget: of what is spent, and of what AWS expects by the
 * end of the month. A budget takes five.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CreateBudget.html
 */
const NOTIFICATIONS = [
  ["ACTUAL", 50],
  ["ACTUAL", 80],
  ["ACTUAL", 100],
  ["FORECASTED", 100],
] as const;

/**
 * The month's cost of the whole account, and who is told of it. Without a filter by tag: a tag is
 * seen in costs only after somebody has activated it for billing, and a budget of nothing is silent.
 * https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
 */
export class LakeBudget extends Construct {
  constructor(scope: Construct, id: string, props: LakeBudgetProps) {
    super(scope, id);
    new BudgetsBudget(this, "data_lake", {
      name: props.name,
      budgetType: "COST",
      limitAmount: String(props.monthlyBudgetUsd),
      limitUnit: "USD",
      timeUnit: "MONTHLY",
      notification: NOTIFICATIONS.map(([type, percent]) => notification(type, percent, props)),
    });
  }
}

function notification(
  notificationType: string,
  threshold: number,
  { topicArn, alertEmails }: LakeBudgetProps,
): BudgetsBudgetNotification {
  return {
    comparisonOperator: "GREATER_THAN",
    threshold,
    thresholdType: "PERCENTAGE",
    notificationType,
    subscriberSnsTopicArns: [topicArn],
    ...(alertEmails.length > 0 && { subscriberEmailAddresses: [...alertEmails] }),
  };
}
