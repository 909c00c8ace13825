/** Where a landed object belongs, by its key alone. */

/** Source and day of one object in the raw zone. */
export interface Landed {
  readonly source: string;
  /** ISO date, such as `2025-10-09`. */
  readonly partition: string;
}

const RAW_KEY = /^raw\/([a-z][a-z0-9_]{0,62})\/year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/(.+)$/s;
const PARTITION = /^\d{4}-\d{2}-\d{2}$/;

/**
 * What a raw key says; undefined where it is outside `raw/<source>/year=/month=/day=/<file>`. A
 * folder without a name is outside too: Hadoop reads `a//b` as `a/b`, which is another object.
 */
export function parseRawKey(key: string): Landed | undefined {
  const match = RAW_KEY.exec(key);
  if (!match || key.includes("//")) return undefined;
  const [, source = "", year = "", month = "", day = ""] = match;
  const partition = `${year}-${month}-${day}`;
  return isDate(partition) ? { source, partition } : undefined;
}

/** The raw folder of one day of one source. */
export function rawFolder(source: string, partition: string): string {
  const [year, month, day] = partition.split("-");
  return `raw/${source}/year=${year}/month=${month}/day=${day}/`;
}

/** Whether the text is a day that the calendar has; it begins with the year 1. */
export function isDate(text: string): boolean {
  if (!PARTITION.test(text) || text.startsWith("0000")) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Whether an object is data: markers, hidden files, folders and empty objects are not. */
export function isData(key: string, sizeBytes: number): boolean {
  if (sizeBytes === 0 || key.endsWith("/")) return false;
  return !key.split("/").some((part) => part.startsWith("_") || part.startsWith("."));
}
