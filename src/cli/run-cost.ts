/** What a run has cost, from what EMR Serverless has billed of its job. */
import { setTimeout as delay } from "node:timers/promises";
import {
  EMRServerlessClient,
  GetJobRunCommand,
  type ResourceUtilization,
} from "@aws-sdk/client-emr-serverless";
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { PRICES_OF, runCostUsd } from "../config/prices";
import { wrapped } from "./history";
import type { Target } from "./target";

/** A job run of the application. */
export interface JobRun {
  readonly applicationId: string;
  readonly jobRunId: string;
}

/** Milliseconds between two looks, and that EMR Serverless is given to say what it has billed. */
const LOOK_MS = { local: 250, aws: 5_000 };
const PATIENCE_MS = 60_000;

/** The execution's job run, by the event that says it was started, or how it ended. */
export function jobOf(events: readonly HistoryEvent[]): JobRun | undefined {
  for (const event of events) {
    const submitted = event.taskSubmittedEventDetails ?? event.taskSucceededEventDetails;
    const failed = event.taskFailedEventDetails;
    if ((submitted ?? failed)?.resourceType !== "emr-serverless") continue;
    const said = wrapped(submitted?.output ?? failed?.cause).object;
    const { ApplicationId, JobRunId } = (said?.JobRun ?? said ?? {}) as Record<string, unknown>;
    if (typeof ApplicationId === "string" && typeof JobRunId === "string")
      return { applicationId: ApplicationId, jobRunId: JobRunId };
  }
  return undefined;
}

/**
 * One line that says what the run has cost, or why nobody knows. EMR Serverless says what it has
 * billed some time after a job's end; no page says how long.
 * @param patienceMs how long is waited for that; 0 is one look
 */
export async function costLine(
  target: Target,
  job: JobRun,
  signal: AbortSignal,
  patienceMs: number = PATIENCE_MS,
): Promise<string> {
  const ask = `aws emr-serverless get-job-run --application-id ${job.applicationId} --job-run-id ${job.jobRunId}`;
  try {
    const billed = await billedOf(target, job, signal, patienceMs);
    if (billed !== undefined) return costWords(target, billed);
    return `cost: EMR Serverless has not said yet what it has billed; it will in ${ask}`;
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return `cost: not known, EMR Serverless did not answer (${reason}); ask again: ${ask}`;
  }
}

/**
 * Undefined where EMR Serverless does not say it in time: the bill of a job that has run is zeros
 * until it is made up. One that never ran has none.
 */
async function billedOf(
  target: Target,
  job: JobRun,
  signal: AbortSignal,
  patienceMs: number,
): Promise<ResourceUtilization | undefined> {
  const emr = new EMRServerlessClient(target.client);
  const end = Date.now() + patienceMs;
  for (;;) {
    const { jobRun } = await emr.send(new GetJobRunCommand({ ...job }), { abortSignal: signal });
    const billed = jobRun?.billedResourceUtilization;
    if (billed?.vCPUHour) return billed;
    if (jobRun?.endedAt !== undefined && jobRun.startedAt === undefined) return {};
    if (Date.now() >= end) return undefined;
    await delay(target.isLocal ? LOOK_MS.local : LOOK_MS.aws, undefined, { signal });
  }
}

function costWords({ environment, isLocal }: Target, billed: ResourceUtilization): string {
  if (!billed.vCPUHour) return "cost: nothing, its job never ran";
  const { aws_region: region, emr_architecture: architecture } = environment.variables;
  const usd = runCostUsd(billed, architecture).toFixed(4);
  const what = `${hours(billed.vCPUHour)} vCPU-hours and ${hours(billed.memoryGBHour)} GB-hours billed`;
  const where = region === PRICES_OF.region ? "" : `; prices of ${PRICES_OF.region}`;
  return `${isLocal ? "cost on AWS" : "cost"}: ${usd} USD (${what}${where})`;
}

function hours(value = 0): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
