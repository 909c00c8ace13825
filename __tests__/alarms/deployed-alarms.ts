/** The alarms and the budget's notifications that are deployed: by Terraform's state, not by a list. */
import type { Project } from "../e2e/support/deployed-lake";

export interface DeployedAlarm {
  /** Address, such as `emr_failures`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Whether the topic is told when it is over. */
  readonly tellsEnd: boolean;
}

export interface DeployedNotification {
  readonly kind: "ACTUAL" | "FORECASTED";
  /** USD beyond which it is sent. */
  readonly thresholdUsd: number;
}

interface Resource {
  readonly type: string;
  readonly name: string;
  readonly values: Record<string, unknown>;
}

export interface Deployed {
  readonly alarms: readonly DeployedAlarm[];
  readonly notifications: readonly DeployedNotification[];
}

/** Reads them from the state of `data-lake-<environment>`. */
export async function deployedIn(project: Project, environment: string): Promise<Deployed> {
  const { exitCode, output } = await project.terraformIn(
    `data-lake-${environment}`,
    ...["show", "-json", "-no-color"],
  );
  if (exitCode !== 0) throw new Error(output);
  const { values } = JSON.parse(output) as {
    values: { root_module: { resources: Resource[] } };
  };
  const of = (type: string) => values.root_module.resources.filter((one) => one.type === type);
  return {
    alarms: of("aws_cloudwatch_metric_alarm").map(alarmOf),
    notifications: of("aws_budgets_budget").flatMap(notificationsOf),
  };
}

function alarmOf({ name, values }: Resource): DeployedAlarm {
  const { alarm_name, alarm_description, ok_actions } = values as {
    alarm_name: string;
    alarm_description: string;
    ok_actions: readonly string[] | null;
  };
  return {
    id: name,
    name: alarm_name,
    description: alarm_description,
    tellsEnd: (ok_actions ?? []).length > 0,
  };
}

function notificationsOf({ values }: Resource): DeployedNotification[] {
  const { limit_amount, notification } = values as {
    limit_amount: string;
    notification: readonly {
      notification_type: DeployedNotification["kind"];
      threshold: number;
      threshold_type: string;
    }[];
  };
  return notification.map(({ notification_type: kind, threshold, threshold_type }) => ({
    kind,
    thresholdUsd:
      threshold_type === "PERCENTAGE" ? (threshold / 100) * Number(limit_amount) : threshold,
  }));
}
