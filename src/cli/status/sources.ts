/** How fresh each source's table is. */
import { GlueClient, paginateGetTables, type Table } from "@aws-sdk/client-glue";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { ZONE_PREFIX } from "../../naming";
import { batchesOf } from "../days";
import type { RunRecord } from "../runs";
import type { Target } from "../target";
import { lastWriteOf } from "./iceberg";

/** One source of the environment. */
export interface SourceState {
  readonly source: string;
  /**
   * When rows last came into its table. An Iceberg table's own history says it; of the plain layout
   * it is the newest file of the newest day, or a later run among the last ones. Undefined where
   * nothing was written yet.
   */
  readonly lastWrite?: Date | undefined;
  /** Newest day that has files, as an ISO date; a day that was emptied keeps its own for a day. */
  readonly newestDay?: string | undefined;
  /** Hours in which data is to come at least once; undefined where nobody expects any. */
  readonly expectedEveryHours?: number | undefined;
  /** `late`: nothing came within the hours. `unwatched`: there is data, and no expectation. */
  readonly state: "fresh" | "late" | "empty" | "unwatched";
}

/** Sources that are looked at side by side. */
const AT_ONCE = 8;
const HOUR_MS = 3_600_000;

/** @param runs the last ones, whose summaries may know more than the files */
export async function sourcesOf(
  target: Target,
  runs: Promise<readonly RunRecord[]>,
  now: Date,
): Promise<SourceState[]> {
  const { sources } = target.environment.variables;
  const s3 = new S3Client(target.client);
  const tables = await tablesOf(target);
  const written = writesOf(await runs);
  const states: SourceState[] = [];
  for (const batch of batchesOf(Object.entries(sources), AT_ONCE))
    states.push(
      ...(await Promise.all(
        batch.map(async ([source, { expected_every_hours: expectedEveryHours }]) => {
          const [newest, committed] = await Promise.all([
            newestOf(s3, target.names.bucket.processed, source),
            commitOf(s3, tables.get(source)),
          ]);
          const isIceberg = tables.get(source)?.Parameters?.metadata_location !== undefined;
          const run = written.get(source);
          const lastWrite = isIceberg ? (committed ?? run) : latest(run, newest?.at);
          return {
            source,
            ...(lastWrite && { lastWrite }),
            ...(newest && { newestDay: newest.day }),
            ...(expectedEveryHours !== undefined && { expectedEveryHours }),
            state: freshness(lastWrite ?? newest?.at, expectedEveryHours, now),
          };
        }),
      )),
    );
  return states;
}

/** Whether data came in time; an expectation of nothing is late too, as its alarm has it. */
export function freshness(
  lastWrite: Date | undefined,
  expectedEveryHours: number | undefined,
  now: Date,
): SourceState["state"] {
  if (expectedEveryHours === undefined) return lastWrite === undefined ? "empty" : "unwatched";
  if (lastWrite === undefined) return "late";
  return now.getTime() - lastWrite.getTime() <= expectedEveryHours * HOUR_MS ? "fresh" : "late";
}

async function tablesOf({ client, names }: Target): Promise<Map<string, Table>> {
  const tables = new Map<string, Table>();
  const pages = paginateGetTables(
    { client: new GlueClient(client) },
    { DatabaseName: names.database.processed },
  );
  for await (const { TableList = [] } of pages)
    for (const table of TableList) tables.set(table.Name ?? "", table);
  return tables;
}

async function commitOf(s3: S3Client, table: Table | undefined): Promise<Date | undefined> {
  const location = table?.Parameters?.metadata_location ?? "";
  const [, Bucket, Key] = /^s3a?:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  if (Bucket === undefined || Key === undefined) return undefined;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return lastWriteOf((await Body?.transformToString()) ?? "");
}

/** When each source was last written by one of these runs. */
function writesOf(runs: readonly RunRecord[]): Map<string, Date> {
  const writes = new Map<string, Date>();
  for (const { source, endedAt, summary } of runs)
    if (source !== undefined && endedAt && summary && summary.rows_written > 0)
      writes.set(source, latest(writes.get(source), endedAt) ?? endedAt);
  return writes;
}

function latest(...dates: readonly (Date | undefined)[]): Date | undefined {
  return dates
    .filter((date) => date !== undefined)
    .reduce<Date | undefined>((last, date) => (last && last > date ? last : date), undefined);
}

/** The newest day's folder and the moment of its newest file, by a few listings. */
async function newestOf(s3: S3Client, bucket: string, source: string) {
  let prefix = `${ZONE_PREFIX.processed}${source}/`;
  const parts: string[] = [];
  for (const part of ["year=", "month=", "day="]) {
    const folder = await lastFolder(s3, bucket, `${prefix}${part}`);
    if (folder === undefined) return undefined;
    prefix = folder;
    parts.push(folder.slice(0, -1).split("=").at(-1) ?? "");
  }
  let at = new Date(0);
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix });
  for await (const { Contents = [] } of pages)
    for (const { LastModified = at } of Contents) at = latest(at, LastModified) ?? at;
  return { day: parts.join("-"), at };
}

async function lastFolder(s3: S3Client, Bucket: string, Prefix: string) {
  let last: string | undefined;
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket, Prefix, Delimiter: "/" });
  for await (const { CommonPrefixes = [] } of pages) last = CommonPrefixes.at(-1)?.Prefix ?? last;
  return last;
}
