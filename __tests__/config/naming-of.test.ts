import { expect, test } from "vitest";
import { namingOf } from "../../src/config/naming-of";
import { variablesSchema } from "../../src/config/schema";

test("names and tags are derived from project, environment, suffix and tags alone", () => {
  const variables = variablesSchema.parse({
    project: "lake",
    bucket_suffix: "acme",
    tags: { Team: "data" },
  });
  expect(namingOf({ name: "qa", variables })).toEqual({
    project: "lake",
    environment: "qa",
    bucketSuffix: "acme",
    tags: { Team: "data" },
  });
});
