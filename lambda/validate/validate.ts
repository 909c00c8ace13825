/** Decides what an execution has to do, before Spark is paid for. */
import { isData, isDate, parseRawKey, rawFolder } from "../shared/batch";
import { type Sources, type ValidateOutput, validateInputSchema } from "./contract";

/** One object of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

export interface ValidateDeps {
  /** The one bucket that is read, whatever the input says. */
  readonly landingBucket: string;
  readonly readSources: () => Promise<Sources>;
  /** Every object under a prefix of the landing bucket. */
  readonly listObjects: (prefix: string) => AsyncIterable<ListedObject>;
}

/** The input cannot be ingested, whoever tries again. Step Functions matches its name. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
}

/**
 * Counts the data files of the days that the input names.
 * @throws InvalidInput when the input is malformed, the bucket is another, or the source unknown
 */
export async function validate(input: unknown, deps: ValidateDeps): Promise<ValidateOutput> {
  const { source, partitions, isPending } = readInput(input, deps.landingBucket);
  const sources = await deps.readSources();
  const settings = Object.hasOwn(sources, source) ? sources[source] : undefined;
  if (settings === undefined)
    throw new InvalidInput(
      `unknown source "${source}": this environment has ${Object.keys(sources).sort().join(", ")}. Add it to sources in its env file`,
    );
  let files = 0;
  let bytes = 0;
  for (const partition of isPending ? [] : partitions)
    for await (const object of deps.listObjects(rawFolder(source, partition)))
      if (isData(object.key, object.size)) {
        files += 1;
        bytes += object.size;
      }
  const { layout } = settings;
  return { isPending, filesFound: files > 0, source, layout, partitions, files, bytes };
}

function readInput(input: unknown, landingBucket: string) {
  const parsed = validateInputSchema.safeParse(input);
  if (!parsed.success)
    throw new InvalidInput(
      `input is not { detail: { bucket: { name }, object: { key } } }: ${parsed.error.issues
        .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
        .join("; ")}`,
    );
  const { detail, batch } = parsed.data;
  if (detail.bucket.name !== landingBucket)
    throw new InvalidInput(`bucket is ${detail.bucket.name}, expected ${landingBucket}`);
  if (batch !== undefined) {
    const wrong = batch.partitions.filter((partition) => !isDate(partition));
    if (wrong.length > 0)
      throw new InvalidInput(`batch.partitions are not dates: ${wrong.join(", ")}`);
    if (batch.partitions.length === 0 && !batch.pending)
      throw new InvalidInput("batch.partitions names no day");
    return {
      source: batch.source,
      partitions: [...new Set(batch.partitions)].sort(),
      isPending: batch.pending,
    };
  }
  const landed = parseRawKey(detail.object.key);
  if (landed === undefined)
    throw new InvalidInput(
      `key is outside raw/<source>/year=YYYY/month=MM/day=DD/<file>: ${detail.object.key}`,
    );
  return { source: landed.source, partitions: [landed.partition], isPending: false };
}
