/** What a run leaves in the etl bucket: its summary, and the log of Spark's driver. */
import { gunzipSync } from "node:zlib";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { ZONE_PREFIX } from "../naming";
import { failureLines, jobLogFolder } from "./history";
import type { ClientSettings, Target } from "./target";

/** What the job stores at its end; see jobs/etl.py. */
const summarySchema = z.object({
  /** Days that it ingested, as ISO dates. */
  partitions: z.array(z.string()),
  rows_read: z.number(),
  rows_written: z.number(),
  rows_quarantined: z.number(),
  files_read: z.number(),
  files_written: z.number(),
  bytes_read: z.number(),
  bytes_written: z.number(),
  seconds: z.number(),
});
export type RunSummary = z.infer<typeof summarySchema>;

/** The run's summary; undefined where the job had nothing to do and did not start. */
export async function readSummary(target: Target, run: string): Promise<RunSummary | undefined> {
  const key = `${ZONE_PREFIX.runs}${run}/summary.json`;
  const body = await readObject(target.client, target.names.bucket.etl, key);
  return body && summarySchema.parse(JSON.parse(body.toString("utf8")));
}

/** What the driver of a failed Spark job said last; undefined where no job failed or none logged. */
export async function readJobLog(
  client: ClientSettings,
  cause: string | undefined,
): Promise<{ readonly uri: string; readonly lines: readonly string[] } | undefined> {
  const uri = `${jobLogFolder(cause)}/stderr.gz`;
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) return undefined;
  const body = await readObject(client, bucket, key);
  return body && { uri, lines: failureLines(gunzipSync(body).toString("utf8")) };
}

async function readObject(
  client: ClientSettings,
  bucket: string,
  key: string,
): Promise<Buffer | undefined> {
  try {
    const s3 = new S3Client(client);
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await body?.transformToByteArray()) ?? []);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
