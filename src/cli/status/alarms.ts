/** The environment's alarms: those that tell its topic. */
import {
  CloudWatchClient,
  type MetricAlarm,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import type { Target } from "../target";

/** An alarm that rings. */
export interface RingingAlarm {
  readonly name: string;
  /** What it means and the first thing to do. */
  readonly description: string;
  readonly since: Date;
  /** Numbers, as CloudWatch says them. */
  readonly reason: string;
}

/** All of them by their state, and those that ring. */
export interface AlarmsState {
  readonly total: number;
  readonly ok: number;
  /** CloudWatch has too little data to judge them. */
  readonly insufficientData: number;
  /** The longest first. */
  readonly inAlarm: readonly RingingAlarm[];
}

export async function alarmsOf({ client, environment, names }: Target): Promise<AlarmsState> {
  const pages = paginateDescribeAlarms(
    { client: new CloudWatchClient(client), pageSize: 100 },
    { AlarmNamePrefix: `${environment.variables.project}-`, AlarmTypes: ["MetricAlarm"] },
  );
  const all: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of pages)
    all.push(...MetricAlarms.filter((alarm) => tells(alarm, names.topic.alerts)));
  const number = (state: string) => all.filter(({ StateValue }) => StateValue === state).length;
  return {
    total: all.length,
    ok: number("OK"),
    insufficientData: number("INSUFFICIENT_DATA"),
    inAlarm: all
      .filter(({ StateValue }) => StateValue === "ALARM")
      .map((alarm) => ({
        name: alarm.AlarmName ?? "",
        description: alarm.AlarmDescription ?? "",
        since: alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp ?? new Date(0),
        reason: alarm.StateReason ?? "",
      }))
      .sort((a, b) => a.since.getTime() - b.since.getTime()),
  };
}

/** By its topic: names of two environments may begin and end alike. */
function tells({ AlarmActions = [] }: MetricAlarm, topic: string): boolean {
  return AlarmActions.some((arn) => arn.endsWith(`:${topic}`));
}
