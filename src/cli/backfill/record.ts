/**
 * How far a backfill is: an object beside the runs' summaries, so that it can be continued from
 * any machine and by anybody. It is gone when the backfill is through.
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { ZONE_PREFIX } from "../../naming";
import type { Span } from "../days";
import type { Target } from "../target";

const recordSchema = z.object({
  /** ISO time. */
  startedAt: z.string(),
  /** Days that have been ingested since. */
  done: z.array(z.string()),
  /** The run under way when this was written. It is written before that run is started. */
  running: z.object({ run: z.string(), days: z.array(z.string()).min(1) }).optional(),
});
export type BackfillRecord = z.infer<typeof recordSchema>;

/** Where one backfill's record is kept. */
export interface RecordStore {
  read(): Promise<BackfillRecord | undefined>;
  write(record: BackfillRecord): Promise<void>;
  remove(): Promise<void>;
}

/** The record of the backfill of a source's span. */
export function recordOf({ client, names }: Target, source: string, span: Span): RecordStore {
  const s3 = new S3Client(client);
  const object = {
    Bucket: names.bucket.etl,
    Key: `${ZONE_PREFIX.runs}backfills/${source}/${span.from}--${span.to}.json`,
  };
  return {
    async read() {
      try {
        const { Body: body } = await s3.send(new GetObjectCommand(object));
        return recordSchema.parse(JSON.parse((await body?.transformToString()) ?? ""));
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async write(record) {
      const Body = `${JSON.stringify(record, null, 2)}\n`;
      await s3.send(new PutObjectCommand({ ...object, Body, ContentType: "application/json" }));
    },
    async remove() {
      await s3.send(new DeleteObjectCommand(object));
    },
  };
}
