/** `lake run ENV --source S FILE…`. */
import { S3Client } from "@aws-sdk/client-s3";
import { Failure } from "../../local/failure";
import { withScope } from "../../local/scope";
import { type FollowedRun, Follower } from "../follow";
import { costLine } from "../run-cost";
import { runSteps, type Step } from "../steps";
import { describedEnvironment, findTarget, type Target } from "../target";
import { bytes, count, plural, print, say } from "../terminal";
import { today, type UploadRequest, upload, uploadFaults, uploadsOf } from "../upload";
import { visible } from "../visible";

/** Uploads, follows, and prints what was written. */
export async function run(
  name: string,
  files: readonly string[],
  options: { readonly source: string; readonly date?: string },
): Promise<void> {
  const request = { source: options.source, files, date: options.date ?? today(new Date()) };
  const faults = uploadFaults(await describedEnvironment(name), request);
  if (faults.length > 0)
    throw new Failure(`Nothing was uploaded:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  const target = await findTarget(name);
  const runs: FollowedRun[] = [];
  await withScope((scope) =>
    runSteps(
      ingestSteps(target, request, scope.signal, (found) => runs.push(...found)),
      scope,
    ),
  );
  for (const one of runs) {
    for (const line of summaryLines(one)) print(line);
    if (!one.summary) say("The run found no data in the day's folder.");
  }
}

/** The steps of an ingestion; `npm start` takes the same. */
export function ingestSteps(
  target: Target,
  request: UploadRequest,
  signal: AbortSignal,
  ended: (runs: readonly FollowedRun[]) => void,
): Step[] {
  const uploads = uploadsOf(request);
  const bucket = target.names.bucket.landing;
  let follower: Follower;
  let followed: FollowedRun;
  return [
    {
      title: `Upload ${plural(uploads.length, "file")} into raw/`,
      run: async (step) => {
        const s3 = new S3Client(target.client);
        follower = await Follower.create(target);
        for (const one of uploads) {
          step.now(visible(one.file));
          await upload(s3, bucket, one);
          step.note(`s3://${bucket}/${visible(one.key)}  ${bytes(one.sizeBytes)}`);
        }
      },
    },
    {
      title: "Follow the pipeline",
      run: async (step) => {
        followed = await follower.follow(request, step, signal);
      },
    },
    {
      title: "Ask what the run has cost",
      run: async (step) => {
        const { job } = followed;
        const cost = job && (await costLine(target, job, signal));
        step.result(cost ?? "nothing: no job was started");
        ended([{ ...followed, ...(cost !== undefined && { cost }) }]);
      },
    },
  ];
}

/** What a run has written, for the reader. */
export function summaryLines({ name, summary, cost }: FollowedRun): string[] {
  if (!summary) return [];
  const { rows_read, rows_written, rows_quarantined } = summary;
  const indent = " ".repeat(name.length + 2);
  return [
    `${name}: ${plural(rows_read, "row")} read, ${count(rows_written)} written, ${count(rows_quarantined)} in quarantine`,
    `${indent}${plural(summary.files_read, "file")} (${bytes(summary.bytes_read)}) read, ${plural(summary.files_written, "Parquet file")} (${bytes(summary.bytes_written)}) written, job ${summary.seconds.toFixed(1)} s`,
    ...(cost === undefined ? [] : [`${indent}${cost}`]),
  ];
}
