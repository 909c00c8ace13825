import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";

export interface LakeObservabilityProps {
  readonly alarmName: string;
  readonly budgetName: string;
  readonly topicArn: string;
  readonly application: { readonly id: string; readonly name: string };
  /** USD a month. */
  readonly monthlyBudgetUsd: number;
  /** Told of the budget by mail too, at most ten. */
  readonly alertEmails: readonly string[];
}

/** What tells somebody: failed jobs and the month's cost. */
export class LakeObservability extends Construct {
  constructor(scope: Construct, id: string, props: LakeObservabilityProps) {
    super(scope, id);
    this.alarmOnFailedJobs(props);
    this.watchBudget(props);
  }

  private alarmOnFailedJobs(props: LakeObservabilityProps): void {
    new CloudwatchMetricAlarm(this, "emr_failures", {
      alarmName: props.alarmName,
      alarmDescription:
        "A Spark job has failed. The execution of the state machine names the job run; its driver's log is in the etl bucket under logs/.",
      namespace: "AWS/EMRServerless",
      metricName: "FailedJobs",
      // The metric is published with both dimensions; an alarm on one of them sees nothing.
      dimensions: {
        ApplicationId: props.application.id,
        ApplicationName: props.application.name,
      },
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 1,
      threshold: 0,
      comparisonOperator: "GreaterThanThreshold",
      // No job, no metric: silence is well.
      treatMissingData: "notBreaching",
      alarmActions: [props.topicArn],
    });
  }

  private watchBudget(props: LakeObservabilityProps): void {
    new BudgetsBudget(this, "data_lake", {
      name: props.budgetName,
      budgetType: "COST",
      limitAmount: String(props.monthlyBudgetUsd),
      limitUnit: "USD",
      timeUnit: "MONTHLY",
      notification: [
        {
          comparisonOperator: "GREATER_THAN",
          threshold: 80,
          thresholdType: "PERCENTAGE",
          notificationType: "ACTUAL",
          subscriberSnsTopicArns: [props.topicArn],
          ...(props.alertEmails.length > 0 && {
            subscriberEmailAddresses: [...props.alertEmails],
          }),
        },
      ],
    });
  }
}
