import { expect, test } from "vitest";
import { batchSchema } from "../../../lambda/shared/contract";

test("a batch has a source and at least one day", () => {
  expect(batchSchema.safeParse({ source: "a", partitions: ["2025-10-09"] }).success).toBe(true);
  expect(batchSchema.safeParse({ source: "a", partitions: [] }).success).toBe(false);
  expect(batchSchema.safeParse({ source: "", partitions: ["2025-10-09"] }).success).toBe(false);
});
