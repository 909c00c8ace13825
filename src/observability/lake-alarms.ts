import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import { type Alarm, describe } from "./alarm";

export interface LakeAlarmsProps {
  readonly alarms: readonly Alarm[];
  /** The name of the alarm on something, such as `trigger-errors`. */
  readonly alarmName: (what: string) => string;
  /** Told of each, and of the end of what lasts. */
  readonly topicArn: string;
}

/** The alarms in CloudWatch. */
export class LakeAlarms extends Construct {
  /** By the alarm's id. */
  readonly arns: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: LakeAlarmsProps) {
    super(scope, id);
    this.arns = Object.fromEntries(
      props.alarms.map((alarm) => [alarm.id, this.create(alarm, props).arn]),
    );
  }

  private create(alarm: Alarm, { alarmName, topicArn }: LakeAlarmsProps): CloudwatchMetricAlarm {
    const { metric } = alarm;
    return new CloudwatchMetricAlarm(this, alarm.id, {
      alarmName: alarmName(alarm.id.replaceAll("_", "-")),
      alarmDescription: describe(alarm),
      namespace: metric.namespace,
      metricName: metric.name,
      dimensions: { ...metric.dimensions },
      statistic: alarm.statistic,
      period: alarm.periodSeconds,
      evaluationPeriods: alarm.periods,
      threshold: alarm.threshold,
      comparisonOperator: alarm.comparison,
      treatMissingData: alarm.missing,
      alarmActions: [topicArn],
      ...(alarm.tellsEnd && { okActions: [topicArn] }),
    });
  }
}
