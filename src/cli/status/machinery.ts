/** Whether the lake can work: the EMR application, and what feeds the trigger. */
import {
  EMRServerlessClient,
  GetApplicationCommand,
  paginateListJobRuns,
} from "@aws-sdk/client-emr-serverless";
import { LambdaClient, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { RunningApplication } from "../deploy/application";
import { ACTIVE_JOB_STATES } from "../deploy/in-flight";
import { arnOf } from "../state-machine";
import type { Target } from "../target";

/** The EMR application. */
export interface ApplicationState {
  readonly name: string;
  /** Undefined where there is none. */
  readonly id?: string | undefined;
  /** Such as `STARTED`, or `NONE`. `CREATED` and `STOPPED` are well: a job starts it. */
  readonly state: string;
  /** Job runs that have not ended, by their state. */
  readonly jobs: Readonly<Record<string, number>>;
  /** Most that workers may take together: vCPU. */
  readonly maxVcpu?: number | undefined;
}

/** What brings events from the queue to the trigger. */
export interface IngestionState {
  /** `paused`: a deployment does so while it changes the application; events wait meanwhile. */
  readonly state: "on" | "paused" | "changing" | "absent";
  /** Id of the event source mapping. */
  readonly mappingId?: string | undefined;
}

export async function applicationOf(target: Target): Promise<ApplicationState> {
  const name = target.names.application.spark;
  const id = await RunningApplication.idOf(target);
  if (id === undefined) return { name, state: "NONE", jobs: {} };
  const client = new EMRServerlessClient(target.client);
  const [{ application }, jobs] = await Promise.all([
    client.send(new GetApplicationCommand({ applicationId: id })),
    activeJobs(client, id),
  ]);
  const vcpu = Number.parseFloat(application?.maximumCapacity?.cpu ?? "");
  return {
    ...{ name, id, state: application?.state ?? "UNKNOWN", jobs },
    ...(Number.isFinite(vcpu) && { maxVcpu: vcpu }),
  };
}

async function activeJobs(client: EMRServerlessClient, applicationId: string) {
  const jobs: Record<string, number> = {};
  const pages = paginateListJobRuns({ client }, { applicationId, states: ACTIVE_JOB_STATES });
  for await (const { jobRuns = [] } of pages)
    for (const { state = "UNKNOWN" } of jobRuns) jobs[state] = (jobs[state] ?? 0) + 1;
  return jobs;
}

export async function ingestionOf(target: Target, account: string): Promise<IngestionState> {
  const { EventSourceMappings = [] } = await new LambdaClient(target.client).send(
    new ListEventSourceMappingsCommand({
      EventSourceArn: arnOf(target, account, "sqs", target.names.queue.ingest),
    }),
  );
  const [mapping] = EventSourceMappings;
  if (mapping === undefined) return { state: "absent" };
  return { state: stateOf(mapping.State), mappingId: mapping.UUID };
}

/** `Creating`, `Enabling`, `Updating` and the like pass by themselves (Lambda API). */
function stateOf(state: string | undefined): IngestionState["state"] {
  if (state === "Enabled") return "on";
  return state === "Disabled" || state === "Disabling" ? "paused" : "changing";
}
