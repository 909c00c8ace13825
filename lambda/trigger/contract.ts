/** What comes to the trigger and what it starts, as schemas: what does not fit is refused early. */
import * as z from "zod";
import type { batchSchema } from "../shared/contract";

/** An object came or went, as EventBridge sends it; the key is not URL-encoded there. */
export const objectEventSchema = z.object({
  "detail-type": z.enum(["Object Created", "Object Deleted"]).default("Object Created"),
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({ key: z.string().min(1), size: z.number().nonnegative().default(1) }),
  }),
});
export type ObjectEvent = z.infer<typeof objectEventSchema>;

/** An execution has ended without success; whether one of its states has told so, `error` says. */
export const unfinishedSchema = z.object({
  "detail-type": z.literal("Step Functions Execution Status Change"),
  detail: z.object({
    executionArn: z.string().min(1),
    name: z.string().min(1),
    status: z.enum(["FAILED", "TIMED_OUT", "ABORTED"]),
    error: z.string().nullish(),
    cause: z.string().nullish(),
    input: z.string().nullish(),
  }),
});
export type Unfinished = z.infer<typeof unfinishedSchema>["detail"];
/** What an execution that has ended says of itself. */
export type Outcome = Pick<Unfinished, "error" | "cause" | "input">;

/** Input of one execution: the template's shape, with the batch beside it. */
export interface ExecutionInput {
  readonly detail: { readonly bucket: { name: string }; readonly object: { key: string } };
  readonly batch: z.infer<typeof batchSchema> & {
    /** Objects that started it, as they came; a day is ingested whole, whichever are named. */
    readonly keys: readonly string[];
  };
}
