/** A lake's values, as the constructs and functions of observability take them. */
import type { AlarmsProps } from "../../src/observability/alarms";
import type { DashboardProps } from "../../src/observability/dashboard";

export const ALARMS: AlarmsProps = {
  lake: "lake-dev",
  environment: "dev",
  application: { id: "00f1", name: "lake-spark-dev" },
  stateMachineArn: "arn:machine",
  functionNames: {
    trigger: "lake-trigger-dev",
    validate: "lake-validate-dev",
    metrics: "lake-metrics-dev",
  },
  queueNames: {
    ingest: "lake-ingest-dev",
    ingestDlq: "lake-ingest-dlq-dev",
    eventsDlq: "lake-events-dlq-dev",
  },
  oldestMessageSeconds: 660,
  sources: {
    plain: { alarmPercent: 5 },
    strict: {},
    watched: { alarmPercent: 2.5, everyHours: 24, minutes: 30 },
  },
};

export const DASHBOARD: DashboardProps = {
  lake: "lake-dev",
  region: "eu-west-1",
  sources: ["orders", "returns"],
  alarmArns: ["arn:alarm:a", "arn:alarm:b"],
  freshnessAlarmArns: ["arn:alarm:b"],
  application: { id: "00f1", name: "lake-spark-dev" },
  capacity: { vcpu: 10, memoryGb: 40 },
  stateMachineArn: "arn:machine",
  functions: ["lake-trigger-dev", "lake-validate-dev"],
  queues: { ingest: "lake-ingest-dev", deadLetters: ["lake-ingest-dlq-dev"] },
  monthlyBudgetUsd: 50,
  pricesRegion: "eu-west-1",
};
