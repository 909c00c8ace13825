/** What comes to the trigger and what it starts, as schemas: what does not fit is refused early. */
import { z } from "zod";

/** "Object Created" as EventBridge sends it; the key is not URL-encoded there. */
export const objectCreatedSchema = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({ key: z.string().min(1), size: z.number().nonnegative().default(1) }),
  }),
});
export type ObjectCreated = z.infer<typeof objectCreatedSchema>;

/** The objects that one execution ingests. */
export const batchSchema = z.object({
  source: z.string().min(1),
  /** ISO dates, sorted, each once. */
  partitions: z.array(z.string()).min(1),
});
export type Batch = z.infer<typeof batchSchema>;

/** Input of one execution: the template's shape, with the batch beside it. */
export interface ExecutionInput {
  readonly detail: { readonly bucket: { name: string }; readonly object: { key: string } };
  readonly batch: Batch & {
    /** Objects that started it, as they came; a day is ingested whole, whichever are named. */
    readonly keys: readonly string[];
  };
}
