/** Alarms on the Spark jobs and on the executions that start them. */
import { type Alarm, onEvent, whileAbove, whileHeldBack } from "./alarm";
import { metricOf } from "./aws-metrics";

export interface JobAlarmsProps {
  /** Name of the environment, for the commands that are to be typed. */
  readonly environment: string;
  readonly application: { readonly id: string; readonly name: string };
  readonly stateMachineArn: string;
}

/**
 * Minutes after which a state that a job only passes through is trouble; the template's own. PENDING
 * comes first: the scheduler evaluates the job; in SCHEDULED its resources are being allocated.
 * https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/job-states.html
 */
const SCHEDULED_MINUTES = 10;
const PENDING_MINUTES = 5;

export function jobAlarms(props: JobAlarmsProps): Alarm[] {
  const { environment, application, stateMachineArn } = props;
  const jobs = { ApplicationId: application.id, ApplicationName: application.name };
  const machine = { StateMachineArn: stateMachineArn };
  return [
    onEvent({
      id: "emr_failures",
      means: "A Spark job has failed; the source's earlier data stands.",
      first:
        "read the end of the driver's log, which the message of the failed run names (etl bucket, logs/).",
      anchor: "a-spark-job-has-failed",
      metric: metricOf("jobs", "FailedJobs", jobs),
    }),
    stuck(SCHEDULED_MINUTES, {
      id: "emr_scheduled",
      means: `There has been a job in SCHEDULED for ${SCHEDULED_MINUTES} minutes: EMR Serverless finds no room for its workers.`,
      first: `npx lake check ${environment} shows what Spark asks for and what EMR allows: driver + executors must fit, in vCPU, memory and disk. Then the account's vCPU quota; in a VPC, the subnets' free addresses.`,
      anchor: "a-job-waits-for-capacity",
      metric: metricOf("jobs", "ScheduledJobs", jobs),
    }),
    stuck(PENDING_MINUTES, {
      id: "emr_pending",
      means: `There has been a job in PENDING for ${PENDING_MINUTES} minutes: EMR Serverless has not scheduled it yet.`,
      first:
        "look at the application's state (does it start, stop, or is it being updated?) and at what was changed last: the release, or how workers start.",
      anchor: "a-job-is-not-scheduled",
      metric: metricOf("jobs", "PendingJobs", jobs),
    }),
    onEvent({
      id: "executions_failed",
      means: "A run of the pipeline has failed; its days wait to be run again.",
      first: `npx lake redrive ${environment} --dry-run names the days; the message of the run names the cause.`,
      anchor: "a-run-has-failed",
      metric: metricOf("executions", "ExecutionsFailed", machine),
    }),
    onEvent({
      id: "executions_timed_out",
      means: "A run of the pipeline took longer than it may and was ended.",
      first:
        "see what it waited for: a run slot, its source's lock, or a job that ran into job_timeout_minutes.",
      anchor: "a-run-has-timed-out",
      metric: metricOf("executions", "ExecutionsTimedOut", machine),
    }),
    whileHeldBack({
      id: "executions_throttled",
      means:
        "For a quarter of an hour Step Functions has been holding state transitions of the pipeline back; runs go on, but slowly.",
      first:
        "see how many executions run: a backfill of many batches, or another user of the account?",
      anchor: "step-functions-is-throttled",
      metric: metricOf("executions", "ExecutionThrottled", machine),
    }),
  ];
}

/**
 * In each of so many minutes at least one job was in the state. Several that pass through it one
 * after another look the same; the run slots leave few of them.
 */
function stuck(minutes: number, words: Parameters<typeof whileAbove>[1]): Alarm {
  return whileAbove(0, { ...words, statistic: "Minimum", periodSeconds: 60, periods: minutes });
}
