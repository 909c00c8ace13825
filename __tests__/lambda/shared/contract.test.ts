import { expect, test } from "vitest";
import { batchSchema } from "../../../lambda/shared/contract";

test("a batch has a source and days, or says that they wait in the source's item", () => {
  expect(batchSchema.safeParse({ source: "a", partitions: ["2025-10-09"] }).success).toBe(true);
  expect(batchSchema.parse({ source: "a", partitions: [] }).pending).toBe(false);
  expect(batchSchema.parse({ source: "a", partitions: [], pending: true }).pending).toBe(true);
  expect(batchSchema.safeParse({ source: "", partitions: ["2025-10-09"] }).success).toBe(false);
});
