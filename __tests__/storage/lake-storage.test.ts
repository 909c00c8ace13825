import { describe, expect, test } from "vitest";
import { physicalNames } from "../../src/naming";
import { LakeStorage, type LakeStorageProps } from "../../src/storage/lake-storage";
import { KEY, PLACE } from "../support/aws";
import { ref, synthScope } from "../support/synth";

function synth(change: Partial<LakeStorageProps> = {}) {
  const props: LakeStorageProps = {
    bucketNames: physicalNames({ project: "lake", environment: "dev" }).bucket,
    place: PLACE,
    keyArn: KEY.arn,
    logRetentionDays: 30,
    retainData: true,
    rawIntelligentTieringDays: 90,
    rawGlacierDays: 365,
    tempExpirationDays: 7,
    athenaResultsExpirationDays: 30,
    ...change,
  };
  return synthScope((scope) => new LakeStorage(scope, "storage", props));
}

interface Rule {
  readonly noncurrent_version_expiration?: { noncurrent_days: number }[];
}

/** A bucket's own rules, but for the one that every bucket has. */
const rules = (name: string, change: Partial<LakeStorageProps> = {}) =>
  synth(change)
    .resource("aws_s3_bucket_lifecycle_configuration", name)
    .rule.filter(({ id }: { id: string }) => id !== "expire-noncurrent-versions");

test("there is a bucket for each group of zones, under its name", () => {
  const buckets = Object.entries(synth().all("aws_s3_bucket"));
  expect(buckets.map(([name, { bucket }]) => [name, bucket])).toEqual([
    ["access_logs", "lake-access-logs-dev"],
    ["athena_results", "lake-athena-results-dev"],
    ["curated", "lake-curated-dev"],
    ["etl", "lake-etl-dev"],
    ["landing", "lake-landing-dev"],
    ["processed", "lake-processed-dev"],
  ]);
});

describe("the landing bucket", () => {
  test("tells EventBridge of its objects", () => {
    expect(synth().resource("aws_s3_bucket_notification", "landing")).toEqual({
      bucket: ref("aws_s3_bucket.landing.id"),
      eventbridge: true,
    });
  });

  test("moves objects to cheaper classes and ends temporary ones, after the props' days", () => {
    const change = { rawIntelligentTieringDays: 1, rawGlacierDays: 2, tempExpirationDays: 3 };
    expect(rules("landing", change)).toEqual([
      {
        id: "archive-old-data",
        status: "Enabled",
        filter: [{ prefix: "" }],
        transition: [
          { days: 1, storage_class: "INTELLIGENT_TIERING" },
          { days: 2, storage_class: "GLACIER" },
        ],
      },
      {
        id: "cleanup-temp",
        status: "Enabled",
        filter: [{ prefix: "temp/" }],
        expiration: [{ days: 3 }],
      },
    ]);
  });
});

test("job logs end after 90 days, and nothing else in the etl bucket does", () => {
  expect(rules("etl")).toEqual([
    {
      id: "expire-job-logs",
      status: "Enabled",
      filter: [{ prefix: "logs/" }],
      expiration: [{ days: 90 }],
    },
  ]);
});

test("query results end after the props' days", () => {
  expect(rules("athena_results", { athenaResultsExpirationDays: 4 })).toEqual([
    {
      id: "expire-results",
      status: "Enabled",
      filter: [{ prefix: "" }],
      expiration: [{ days: 4 }],
    },
  ]);
});

test("what is processed and curated never ends by itself", () => {
  expect(rules("processed")).toEqual([]);
  expect(rules("curated")).toEqual([]);
});

test("what runs have replaced in the processed bucket ends after 3 days, elsewhere after 30", () => {
  const days = (name: string) =>
    synth()
      .resource("aws_s3_bucket_lifecycle_configuration", name)
      .rule.flatMap((rule: Rule) => rule.noncurrent_version_expiration ?? [])
      .map((one: { noncurrent_days: number }) => one.noncurrent_days);
  expect(days("processed")).toEqual([3]);
  for (const name of ["landing", "curated", "etl", "athena_results"])
    expect(days(name)).toEqual([30]);
});

test.each([true, false])(
  "with retainData %s the data buckets keep or lose their data, results never keep it",
  (retainData) => {
    const kept = Object.entries(synth({ retainData }).all("aws_s3_bucket"))
      .filter(([, { force_destroy }]) => !force_destroy)
      .map(([name]) => name);
    expect(kept).toEqual(
      retainData ? ["access_logs", "curated", "etl", "landing", "processed"] : [],
    );
  },
);
