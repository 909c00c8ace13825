/** What comes to the trigger and what it starts, as schemas: what does not fit is refused early. */
import { z } from "zod";
import type { Batch } from "../shared/contract";

/** "Object Created" as EventBridge sends it; the key is not URL-encoded there. */
export const objectCreatedSchema = z.object({
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({ key: z.string().min(1), size: z.number().nonnegative().default(1) }),
  }),
});
export type ObjectCreated = z.infer<typeof objectCreatedSchema>;

/** Input of one execution: the template's shape, with the batch beside it. */
export interface ExecutionInput {
  readonly detail: { readonly bucket: { name: string }; readonly object: { key: string } };
  readonly batch: Batch & {
    /** Objects that started it, as they came; a day is ingested whole, whichever are named. */
    readonly keys: readonly string[];
  };
}
