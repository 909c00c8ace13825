/** What the state machine hands to ValidateInput and gets back. */
import * as z from "zod";
import { batchSchema } from "../shared/contract";

/** An execution's input: the template's shape; a batch beside it where the trigger started it. */
export const validateInputSchema = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({ key: z.string().min(1) }),
  }),
  batch: batchSchema.optional(),
});
export type ValidateInput = z.infer<typeof validateInputSchema>;

/** The sources that the environment declares, as the etl bucket holds them. */
export const sourcesSchema = z.record(
  z.string(),
  z.object({
    format: z.string(),
    schema: z.string().optional(),
    layout: z.enum(["iceberg", "parquet"]).default("iceberg"),
  }),
);
export type Sources = z.infer<typeof sourcesSchema>;

/** What StartEMRJob is given. */
export interface ValidateOutput {
  /** Whether the days to ingest wait in the source's item already; then no file is counted. */
  readonly isPending: boolean;
  /** False where no day holds a data file: there is nothing to do. */
  readonly filesFound: boolean;
  readonly source: string;
  /** How the source's table lies in S3: `parquet` is crawled, `iceberg` is not. */
  readonly layout: "iceberg" | "parquet";
  /** ISO dates, sorted: days to recompute, also those whose files are gone. */
  readonly partitions: readonly string[];
  readonly files: number;
  readonly bytes: number;
}
