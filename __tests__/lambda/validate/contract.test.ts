import { expect, test } from "vitest";
import { sourcesSchema, validateInputSchema } from "../../../lambda/validate/contract";
import { variablesSchema } from "../../../src/config/schema";

test("the sources of any valid environment are sources to the function", () => {
  const { sources } = variablesSchema.parse({
    sources: {
      flights: { format: "json" },
      weather: { format: "csv", schema: "id BIGINT", layout: "parquet" },
    },
  });
  expect(sourcesSchema.parse(JSON.parse(JSON.stringify(sources)))).toMatchObject({
    flights: { format: "json", layout: "iceberg" },
    weather: { format: "csv", schema: "id BIGINT", layout: "parquet" },
  });
});

test("what the state machine is given beside detail and batch is no fault", () => {
  const input = { detail: { bucket: { name: "b" }, object: { key: "k" } }, failure: { a: 1 } };
  expect(validateInputSchema.safeParse(input).success).toBe(true);
});
