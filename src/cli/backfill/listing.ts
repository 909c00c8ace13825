/** Which days of a source there are to ingest again: by what lies in S3. */
import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { type Names, ZONE_PREFIX } from "../../naming";
import { dayFolder, dayOf, type Span } from "../days";

/** One day that has data in raw/, or rows that were made of data that has gone. */
export interface Day {
  readonly date: string;
  readonly files: number;
  readonly bytes: number;
  /** Files that S3 keeps where a job cannot read them, until they are restored. */
  readonly archived: number;
}

/** Storage classes that have to be restored before they can be read. */
const ARCHIVED = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** Every such day of the span, in order. The keys of a span lie side by side: one listing a zone. */
export async function daysToIngest(
  s3: S3Client,
  { bucket }: Pick<Names, "bucket">,
  source: string,
  span: Span,
): Promise<Day[]> {
  const days = new Map<string, Day>();
  const lists = [
    [bucket.landing, ZONE_PREFIX.raw],
    [bucket.processed, ZONE_PREFIX.processed],
    [bucket.processed, ZONE_PREFIX.quarantine],
  ] as const;
  for (const [Bucket, zone] of lists)
    for await (const { date, size, archived } of list(s3, Bucket, `${zone}${source}/`, span)) {
      const day = days.get(date) ?? { date, files: 0, bytes: 0, archived: 0 };
      const isRaw = zone === ZONE_PREFIX.raw;
      days.set(date, {
        date,
        files: day.files + (isRaw ? 1 : 0),
        bytes: day.bytes + (isRaw ? size : 0),
        archived: day.archived + (isRaw && archived ? 1 : 0),
      });
    }
  return [...days.values()].sort((a, b) => a.date.localeCompare(b.date));
}

async function* list(s3: S3Client, Bucket: string, prefix: string, { from, to }: Span) {
  const pages = paginateListObjectsV2(
    { client: s3 },
    {
      Bucket,
      Prefix: prefix,
      StartAfter: `${prefix}${dayFolder(from)}`,
      OptionalObjectAttributes: ["RestoreStatus"],
    },
  );
  for await (const page of pages)
    for (const {
      Key: key = "",
      Size: size = 0,
      StorageClass = "",
      RestoreStatus,
    } of page.Contents ?? []) {
      const date = dayOf(key, prefix);
      if (date === undefined || !isData(key, size)) continue;
      if (date > to) return;
      const isRestored = RestoreStatus?.RestoreExpiryDate !== undefined;
      yield { date, size, archived: ARCHIVED.has(StorageClass) && !isRestored };
    }
}

/** As the pipeline tells data from markers, hidden files, folders and empty objects. */
function isData(key: string, size: number): boolean {
  return size > 0 && !key.endsWith("/") && !key.split("/").some((part) => /^[._]/.test(part));
}
