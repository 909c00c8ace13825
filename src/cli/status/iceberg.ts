/** What an Iceberg table's metadata file says of its last write. Pure. */
import { z } from "zod";
import { Failure } from "../../local/failure";

/** As far as it is read; https://iceberg.apache.org/spec/#table-metadata-and-snapshots */
const metadataSchema = z.object({
  snapshots: z
    .array(
      z.object({
        "snapshot-id": z.union([z.number(), z.string()]),
        "timestamp-ms": z.number(),
        summary: z.record(z.string(), z.string()).default({}),
      }),
    )
    .default([]),
  "snapshot-log": z
    .array(
      z.object({
        "snapshot-id": z.union([z.number(), z.string()]),
        "timestamp-ms": z.number(),
      }),
    )
    .default([]),
});

/**
 * When the newest snapshot that brought rows became the one that readers see; undefined where none
 * of those that are kept did. Snapshots on branches of runs that have not ended are not looked at.
 * @param json the file at the table's `metadata_location`
 */
export function lastWriteOf(json: string): Date | undefined {
  // Ids are longer than a double is exact.
  const quoted = json.replaceAll(/("(?:snapshot-id|parent-snapshot-id)"\s*:\s*)(-?\d+)/g, '$1"$2"');
  const { snapshots, "snapshot-log": log } = parsed(quoted);
  const wrote = new Set(
    snapshots
      .filter(({ summary }) => Number(summary["added-records"] ?? 0) > 0)
      .map((snapshot) => String(snapshot["snapshot-id"])),
  );
  const last = log.findLast((entry) => wrote.has(String(entry["snapshot-id"])));
  return last && new Date(last["timestamp-ms"]);
}

function parsed(json: string) {
  try {
    return metadataSchema.parse(JSON.parse(json));
  } catch (error) {
    const cause = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Failure(`the file is no metadata of an Iceberg table: ${cause}`);
  }
}
