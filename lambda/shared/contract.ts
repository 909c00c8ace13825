/** What the trigger hands to validate, by way of the execution's input. */
import * as z from "zod";

/** The objects that one execution ingests. */
export const batchSchema = z.object({
  source: z.string().min(1),
  /** ISO dates, sorted, each once. */
  partitions: z.array(z.string()),
  /** The source's item holds the days: take them from there. Otherwise they are `partitions`. */
  pending: z.boolean().default(false),
});
export type Batch = z.infer<typeof batchSchema>;
