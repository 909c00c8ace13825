/** Runs that have not ended: executions of the state machine, and job runs on the application. */
import {
  type EMRServerlessClient,
  type JobRunState,
  paginateListJobRuns,
} from "@aws-sdk/client-emr-serverless";
import { paginateListExecutions, type SFNClient } from "@aws-sdk/client-sfn";
import { seconds } from "../terminal";

/** A run under way. */
export interface RunInFlight {
  /** The execution's name, which its job run carries too. */
  readonly name: string;
  /** Of the job run where there is one, such as `SCHEDULED`; else the execution's. */
  readonly state: string;
  readonly since: Date;
}

/** What to ask. */
export interface RunPlaces {
  readonly emr: EMRServerlessClient;
  readonly sfn: SFNClient;
  readonly applicationId: string;
  /** Undefined where none is deployed. */
  readonly stateMachineArn: string | undefined;
}

/** States of a job run that has not ended. */
export const ACTIVE_JOB_STATES: JobRunState[] = [
  ...(["SUBMITTED", "PENDING", "SCHEDULED", "QUEUED", "RUNNING", "CANCELLING"] as const),
];

/** Every run under way, oldest first. */
export async function runsInFlight(places: RunPlaces): Promise<RunInFlight[]> {
  const runs = new Map<string, RunInFlight>();
  if (places.stateMachineArn !== undefined)
    for await (const page of paginateListExecutions(
      { client: places.sfn },
      { stateMachineArn: places.stateMachineArn, statusFilter: "RUNNING" },
    ))
      for (const { name = "", startDate = new Date() } of page.executions ?? [])
        runs.set(name, { name, state: "RUNNING", since: startDate });
  for await (const page of paginateListJobRuns(
    { client: places.emr },
    { applicationId: places.applicationId, states: ACTIVE_JOB_STATES },
  ))
    for (const { name, id = "", state = "RUNNING", createdAt = new Date() } of page.jobRuns ?? [])
      runs.set(name ?? id, {
        name: name ?? id,
        state: `job ${state}`,
        since: runs.get(name ?? id)?.since ?? createdAt,
      });
  return [...runs.values()].sort((a, b) => a.since.getTime() - b.since.getTime());
}

/** One line a run. */
export function runLines(runs: readonly RunInFlight[], now: Date): string {
  return runs
    .map(({ name, state, since }) => {
      const age = seconds(Math.max(0, now.getTime() - since.getTime()));
      return `  ${name}  ${state}, for ${age}`;
    })
    .join("\n");
}
