import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Construct } from "constructs";
import type { Names } from "../naming";
import { type AlarmsProps, alarmsOf } from "./alarms";
import { type DashboardProps, dashboardBody } from "./dashboard";
import { LakeAlarms, type LakeAlarmsProps } from "./lake-alarms";
import { LakeBudget, type LakeBudgetProps } from "./lake-budget";
import { RunMetrics, type RunMetricsProps } from "./run-metrics";

export interface LakeObservabilityProps
  extends Omit<AlarmsProps, "lake" | "functionNames" | "queueNames">,
    Pick<RunMetricsProps, "etl" | "prices" | "key" | "logRetentionDays">,
    Pick<DashboardProps, "region" | "capacity" | "monthlyEstimateUsd" | "pricesRegion">,
    Omit<LakeAlarmsProps, "alarms">,
    Omit<LakeBudgetProps, "name"> {
  readonly names: Pick<
    Names,
    "budget" | "dashboard" | "function" | "logGroup" | "queue" | "role" | "rule"
  >;
  readonly application: RunMetricsProps["application"] & AlarmsProps["application"];
  /** Zip of the function that measures. */
  readonly metricsZipPath: string;
}

/** What measures the lake, tells somebody, and shows it on one page. */
export class LakeObservability extends Construct {
  /** Tells lakes of one account apart in their metrics. */
  private readonly lake: string;

  constructor(scope: Construct, id: string, props: LakeObservabilityProps) {
    super(scope, id);
    this.lake = props.names.dashboard.lake;
    this.createMetrics(props);
    const { arns } = this.createAlarms(props);
    this.createDashboard(props, arns);
    new LakeBudget(this, "budget", { ...props, name: props.names.budget.dataLake });
  }

  private createMetrics(props: LakeObservabilityProps): void {
    const { names } = props;
    new RunMetrics(this, "run-metrics", {
      ...props,
      functionName: names.function.metrics,
      roleName: names.role.metrics,
      logGroupName: names.logGroup.metrics,
      rules: names.rule,
      zipPath: props.metricsZipPath,
      lake: this.lake,
      watchRunning: Object.values(props.sources).some(({ minutes }) => minutes !== undefined),
    });
  }

  private createAlarms(props: LakeObservabilityProps): LakeAlarms {
    const { names } = props;
    return new LakeAlarms(this, "alarms", {
      ...props,
      alarms: alarmsOf({
        ...props,
        lake: this.lake,
        functionNames: names.function,
        queueNames: names.queue,
      }),
    });
  }

  private createDashboard(
    props: LakeObservabilityProps,
    arns: Readonly<Record<string, string>>,
  ): void {
    const { names } = props;
    const sources = Object.keys(props.sources).sort();
    const { ingest, ingestDlq, eventsDlq } = names.queue;
    const body = dashboardBody({
      ...props,
      lake: this.lake,
      sources,
      alarmArns: Object.values(arns),
      freshnessAlarmArns: sources.flatMap((source) => arns[`freshness_${source}`] ?? []),
      functions: Object.values(names.function),
      queues: { ingest, deadLetters: [ingestDlq, eventsDlq] },
    });
    new CloudwatchDashboard(this, "lake", {
      dashboardName: names.dashboard.lake,
      dashboardBody: JSON.stringify(body),
    });
  }
}
