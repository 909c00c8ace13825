import { describe, expect, test } from "vitest";
import {
  alarmName,
  defaultTags,
  NAME_LIMIT,
  overlongNames,
  physicalNames,
  ZONE_PREFIX,
} from "../src/naming";

const DEV = { project: "data-lake", environment: "dev" };

describe("names", () => {
  test("are composed as the template composes them", () => {
    const names = physicalNames(DEV);
    expect(names.bucket.landing).toBe("data-lake-landing-dev");
    expect(names.application.spark).toBe("data-lake-spark-dev");
    expect(names.stateMachine.etlPipeline).toBe("data-lake-etl-dev");
    expect(names.crawler.processed).toBe("data-lake-processed-dev");
    expect(alarmName(DEV, "emr-failures")).toBe("data-lake-emr-failures-dev");
    expect(names.budget.dataLake).toBe("data-lake-budget-dev");
  });

  test("of databases hold no hyphen, which SQL reads as a minus", () => {
    expect(physicalNames({ project: "my-lake", environment: "qa-2" }).database.processed).toBe(
      "my_lake_processed_qa_2",
    );
  });

  test("of buckets, and of nothing else, end with the suffix", () => {
    const plain = physicalNames(DEV);
    const suffixed = physicalNames({ ...DEV, bucketSuffix: "acme" });
    expect(suffixed).toEqual({
      ...plain,
      bucket: Object.fromEntries(
        Object.entries(plain.bucket).map(([part, name]) => [part, `${name}-acme`]),
      ),
    });
  });

  test("are each used once among their kind", () => {
    for (const kind of Object.values(physicalNames(DEV))) {
      const names = Object.values<string>(kind);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test("of two environments never meet", () => {
    const all = (environment: string) =>
      Object.values(physicalNames({ ...DEV, environment })).flatMap((k) =>
        Object.values<string>(k),
      );
    expect(all("dev").filter((name) => all("prod").includes(name))).toEqual([]);
  });
});

describe("lengths", () => {
  test("that AWS takes are no fault", () => {
    expect(overlongNames(physicalNames(DEV))).toEqual([]);
  });

  test("are judged kind by kind, up to the limit itself", () => {
    const longest = "x".repeat(NAME_LIMIT.queue);
    const names = { ...physicalNames(DEV), queue: { ingest: longest, ingestDlq: `${longest}x` } };
    // The type holds names of one shape; lengths are what is judged here.
    expect(overlongNames(names as unknown as ReturnType<typeof physicalNames>)).toEqual([
      { kind: "queue", name: `${longest}x`, limit: 80 },
    ]);
  });
});

test("the limits are those of AWS's quota pages", () => {
  expect(NAME_LIMIT).toMatchObject({
    bucket: 63,
    role: 64,
    function: 64,
    application: 64,
    stateMachine: 80,
    queue: 80,
    rule: 64,
    workgroup: 128,
    topic: 256,
    budget: 100,
  });
});

test("zones are folders: their prefixes end with a slash and do not begin with one", () => {
  for (const prefix of Object.values(ZONE_PREFIX)) expect(prefix).toMatch(/^[a-z][a-z/]*\/$/);
});

describe("tags", () => {
  test("say project, environment and who manages", () => {
    expect(defaultTags({ ...DEV, tags: {} })).toEqual({
      Project: "data-lake",
      Environment: "dev",
      ManagedBy: "cdktf",
    });
  });

  test("of the environment's own stand beside them and do not replace them", () => {
    expect(defaultTags({ ...DEV, tags: { Team: "data", Project: "other" } })).toEqual({
      Team: "data",
      Project: "data-lake",
      Environment: "dev",
      ManagedBy: "cdktf",
    });
  });
});
