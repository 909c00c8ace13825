/** Turns what EMR Serverless says of a job, and the job of its run, into metrics of its source. */
import { type MetricName, type MetricsEvent, metricsEventSchema, summarySchema } from "./contract";
import type { Datum, Values } from "./emf";

/** A job run, as far as it is measured. */
export interface JobRun {
  readonly id: string;
  readonly state: string;
  /** Arguments of the script, as they were submitted; none where the job is no Spark job. */
  readonly args: readonly string[];
  /** When its driver began to run, or, where AWS does not say, when it was submitted. */
  readonly since: Date;
  /** Whether its driver ever began to run. */
  readonly hasRun: boolean;
  /** From the driver's start to its end. */
  readonly seconds?: number | undefined;
  /** What AWS bills; comes after the end, and is all zeros, or nothing, before. */
  readonly billed?: Billed | undefined;
}

export interface Billed {
  readonly vcpuHours: number;
  readonly memoryGbHours: number;
  /** Of the disk beyond what each worker has for nothing. */
  readonly storageGbHours: number;
}

/** USD for an hour of one. */
export interface Prices {
  readonly vcpu: number;
  readonly memoryGb: number;
  readonly storageGb: number;
}

export interface MetricsDeps {
  readonly lake: string;
  readonly applicationId: string;
  readonly prices: Prices;
  readonly getJobRun: (id: string) => Promise<JobRun>;
  /** Ids of the application's job runs that are RUNNING. */
  readonly listRunning: () => Promise<readonly string[]>;
  /** Names of the environment's sources. */
  readonly readSources: () => Promise<readonly string[]>;
  /** What the job has written of its run; undefined where there is nothing. */
  readonly readSummary: (run: string) => Promise<string | undefined>;
  readonly publish: (datum: Datum) => void;
  readonly log: (level: "info" | "error", message: string, fields: object) => void;
  readonly now: () => Date;
  /** @param seconds until it is looked again */
  readonly wait: (seconds: number) => Promise<void>;
}

/**
 * How long the bill of a job that has ended is waited for, and seconds between two looks. To fail
 * and be called again by Lambda would publish the rows again, and count as errors of the function.
 */
export const BILL_SECONDS = 120;
export const BILL_LOOK_SECONDS = 5;

/** Names of executions: what Step Functions takes. */
const RUN = /^[\w-]{1,80}$/;

/**
 * Measures what the event tells of. What is no business of the lake's is logged and left alone.
 * @throws what AWS's calls throw before anything is published, so that Lambda may call again
 */
export async function measure(event: unknown, deps: MetricsDeps): Promise<void> {
  const parsed = metricsEventSchema.safeParse(event);
  if (!parsed.success)
    return deps.log("error", "not an event of this function", { issues: parsed.error.issues });
  if (parsed.data["detail-type"] === "Scheduled Event") await measureRunning(deps);
  else await measureEnded(parsed.data.detail, deps);
}

type Ended = Extract<MetricsEvent, { detail: unknown }>["detail"];

async function measureEnded({ applicationId, jobRunId }: Ended, deps: MetricsDeps): Promise<void> {
  if (applicationId !== deps.applicationId)
    return deps.log("error", "a job of another application", { applicationId, jobRunId });
  const sources = await deps.readSources();
  const found = await deps.getJobRun(jobRunId);
  const owner = ownerOf(found, sources, deps);
  if (owner === undefined) return;
  const { id, state, seconds } = found;
  const publish = (values: Values) =>
    deps.publish({
      lake: deps.lake,
      source: owner.source,
      // Now, not when the job ended: an alarm does not look back for what comes late.
      at: deps.now(),
      values,
      properties: { run: owner.run, jobRun: id, state },
    });
  const values = {
    ...(state === "SUCCESS" && (await rowsOf(owner.run, deps))),
    ...(seconds !== undefined && { JobSeconds: seconds }),
  };
  // Before the bill is waited for: whatever becomes of it, the rows are told of, and once.
  if (Object.keys(values).length > 0) publish(values);
  const bill = await billOf(found, deps);
  if (bill) publish({ CostUsd: costUsd(bill, deps.prices) });
}

/**
 * What AWS bills for the job. It is there seconds after the end: zeros before, which are a bill only
 * of a job that never ran. An error of a look is no reason to give up before the time is over.
 */
async function billOf(job: JobRun, deps: MetricsDeps): Promise<Billed | undefined> {
  const until = deps.now().getTime() + BILL_SECONDS * 1000;
  let latest = job;
  let error: unknown;
  while (latest.hasRun && !(latest.billed && latest.billed.vcpuHours > 0)) {
    if (deps.now().getTime() >= until) {
      const last = error === undefined ? {} : { error: String(error) };
      deps.log("error", "no bill of this job yet: its cost is not measured", {
        id: job.id,
        ...last,
      });
      return undefined;
    }
    await deps.wait(BILL_LOOK_SECONDS);
    [latest, error] = await deps.getJobRun(job.id).then(
      (found) => [found, undefined] as const,
      (thrown: unknown) => [latest, thrown] as const,
    );
  }
  return latest.billed;
}

/** Whose the job is, by the arguments that the state machine gave it. */
function ownerOf(
  { id, args }: JobRun,
  sources: readonly string[],
  { log }: MetricsDeps,
): { source: string; run: string } | undefined {
  const given = (name: string) => {
    const at = args.indexOf(name);
    return at < 0 ? undefined : args[at + 1];
  };
  const [source, run] = [given("--source"), given("--run-id")];
  if (source === undefined || run === undefined || !RUN.test(run)) {
    log("info", "a job that the pipeline did not start", { id });
    return undefined;
  }
  if (!sources.includes(source)) {
    log("error", "a job of a source that this environment does not have", { id, source });
    return undefined;
  }
  return { source, run };
}

type RowMetric = Extract<MetricName, `Rows${string}` | "QuarantinedPercent" | "BytesRead">;

async function rowsOf(
  run: string,
  { readSummary, log }: MetricsDeps,
): Promise<Record<RowMetric, number> | undefined> {
  const text = await readSummary(run);
  const summary = summarySchema.safeParse(parsedJson(text));
  if (!summary.success) {
    const found = text === undefined ? "none" : text.slice(0, 200);
    log("error", "no summary that can be read", { run, found, issues: summary.error.issues });
    return undefined;
  }
  const { rows_read, rows_written, rows_quarantined, bytes_read } = summary.data;
  return {
    RowsWritten: rows_written,
    RowsQuarantined: rows_quarantined,
    // Of no rows at all none is bad.
    QuarantinedPercent: rows_read === 0 ? 0 : (100 * rows_quarantined) / rows_read,
    BytesRead: bytes_read,
  };
}

/** USD that a job costs by what AWS bills of it. */
function costUsd(billed: Billed, prices: Prices): number {
  return (
    billed.vcpuHours * prices.vcpu +
    billed.memoryGbHours * prices.memoryGb +
    billed.storageGbHours * prices.storageGb
  );
}

/** The age of each source's oldest job that runs; two of one source run only side by side with a mistake. */
async function measureRunning(deps: MetricsDeps): Promise<void> {
  const ids = await deps.listRunning();
  if (ids.length === 0) return;
  const sources = await deps.readSources();
  const oldest = new Map<string, JobRun>();
  for (const job of await Promise.all(ids.map((id) => deps.getJobRun(id)))) {
    // It may have ended since it was listed.
    const owner = job.state === "RUNNING" ? ownerOf(job, sources, deps) : undefined;
    if (owner === undefined) continue;
    const other = oldest.get(owner.source);
    if (other === undefined || job.since < other.since) oldest.set(owner.source, job);
  }
  const at = deps.now();
  for (const [source, { id, since }] of oldest)
    deps.publish({
      lake: deps.lake,
      source,
      at,
      values: { RunningMinutes: (at.getTime() - since.getTime()) / 60_000 },
      properties: { jobRun: id },
    });
}

function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
