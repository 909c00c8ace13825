/** The metrics function's ways to AWS: each is one call. */
import {
  EMRServerlessClient,
  GetJobRunCommand,
  type JobRun as JobRunOfAws,
  paginateListJobRuns,
} from "@aws-sdk/client-emr-serverless";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import type { Billed, JobRun, MetricsDeps, Prices } from "./metrics";

const environment = (name: string) => process.env[name] ?? "";
const emr = new EMRServerlessClient({});
const s3 = new S3Client({});

export const lake = environment("LAKE");
export const applicationId = environment("APPLICATION_ID");
export const prices: Prices = {
  vcpu: price("USD_PER_VCPU_HOUR"),
  memoryGb: price("USD_PER_MEMORY_GB_HOUR"),
  storageGb: price("USD_PER_STORAGE_GB_HOUR"),
};

export const getJobRun: MetricsDeps["getJobRun"] = async (jobRunId) => {
  const { jobRun } = await emr.send(new GetJobRunCommand({ applicationId, jobRunId }));
  if (jobRun === undefined) throw new Error(`GetJobRun gave no job run ${jobRunId}`);
  return measured(jobRun);
};

export const listRunning: MetricsDeps["listRunning"] = async () => {
  const ids: string[] = [];
  const pages = paginateListJobRuns({ client: emr }, { applicationId, states: ["RUNNING"] });
  for await (const { jobRuns } of pages) for (const { id } of jobRuns ?? []) if (id) ids.push(id);
  return ids;
};

export const readSources: MetricsDeps["readSources"] = async () =>
  Object.keys(JSON.parse(await readObject(environment("SOURCES_KEY"))));

export const readSummary: MetricsDeps["readSummary"] = async (run) => {
  try {
    return await readObject(`${environment("RUNS_PREFIX")}${run}/summary.json`);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
};

function measured(job: JobRunOfAws): JobRun {
  return {
    id: job.jobRunId ?? "",
    state: job.state ?? "",
    args: job.jobDriver?.sparkSubmit?.entryPointArguments ?? [],
    since: job.startedAt ?? job.createdAt ?? new Date(),
    hasRun: job.startedAt !== undefined,
    seconds: job.totalExecutionDurationSeconds,
    billed: billedOf(job),
  };
}

function billedOf({ billedResourceUtilization: billed }: JobRunOfAws): Billed | undefined {
  return (
    billed && {
      vcpuHours: billed.vCPUHour ?? 0,
      memoryGbHours: billed.memoryGBHour ?? 0,
      storageGbHours: billed.storageGBHour ?? 0,
    }
  );
}

async function readObject(key: string): Promise<string> {
  const command = new GetObjectCommand({ Bucket: environment("ETL_BUCKET"), Key: key });
  const { Body } = await s3.send(command);
  return (await Body?.transformToString()) ?? "";
}

/** Better no function than one that measures nothing in dollars. */
function price(name: string): number {
  const value = Number(process.env[name] || Number.NaN);
  if (Number.isNaN(value))
    throw new Error(`${name}: expected USD for an hour, got ${process.env[name] ?? "nothing"}`);
  return value;
}
