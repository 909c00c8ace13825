import { describe, expect, test } from "vitest";
import {
  advance,
  describe as describeProgress,
  errorBlocks,
  isUsable,
  NO_PROGRESS,
} from "../../src/local/terraform-progress";

const LINES = [
  "data-lake-local  Plan: 3 to add, 1 to change, 0 to destroy.",
  "data-lake-local  aws_s3_bucket.landing: Creating...",
  "                 aws_kms_key.lake: Creating...",
  "data-lake-local  aws_kms_key.lake: Still creating... [10s elapsed]",
  "data-lake-local  aws_s3_bucket.landing: Creation complete after 0s [id=lake-landing-local]",
];

test("progress is counted from Terraform's lines", () => {
  const progress = LINES.reduce(advance, NO_PROGRESS);
  expect(progress).toMatchObject({ planned: 4, done: 1, underway: ["aws_kms_key.lake"] });
  expect(describeProgress(progress)).toBe("1 of 4 resources (aws_kms_key.lake)");
});

test("before the plan there is nothing to count", () => {
  expect(describeProgress(NO_PROGRESS)).toBe("planning");
});

describe("a stack can be used", () => {
  const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.landing";
  const said = (...more: readonly string[]) => [...LINES, ...more].reduce(advance, NO_PROGRESS);
  const rest = [
    "aws_kms_key.lake: Creation complete after 12s [id=1]",
    "aws_sqs_queue.ingest: Creating...",
    "aws_sqs_queue.ingest: Creation complete after 25s [id=2]",
  ];

  test("when what is under way waits for AWS to confirm, and for nothing else", () => {
    expect(isUsable(said(...rest))).toBe(false);
    expect(isUsable(said(...rest, `${LIFECYCLE}: Creating...`))).toBe(true);
    const done = `${LIFECYCLE}: Creation complete after 55s [id=lake-landing-local]`;
    expect(isUsable(said(...rest, `${LIFECYCLE}: Creating...`, done))).toBe(true);
  });

  test("not while another is being made, or one has yet to begin, or no plan is known", () => {
    expect(isUsable(said())).toBe(false);
    expect(isUsable(said(`${LIFECYCLE}: Creating...`, "aws_sqs_queue.ingest: Creating..."))).toBe(
      false,
    );
    expect(isUsable(said(rest[0] ?? "", `${LIFECYCLE}: Creating...`))).toBe(false);
    expect(isUsable(NO_PROGRESS)).toBe(false);
  });
});

test("error blocks are quoted once, without frames and without cdktf's prefix", () => {
  const block = [
    "data-lake-local  ╷",
    "                 │ Error: creating S3 Bucket (lake): BucketAlreadyExists",
    "                 │ ",
    "                 │   with aws_s3_bucket.landing,",
    "                 ╵",
  ];
  const said = ["data-lake-local  aws_s3_bucket.landing: Creating...", ...block, ...block];
  expect(
    errorBlocks(said, "data-lake-local")
      .split("\n")
      .map((line) => line.trim()),
  ).toEqual([
    "Error: creating S3 Bucket (lake): BucketAlreadyExists",
    "with aws_s3_bucket.landing,",
  ]);
});

test("output without an error block gives none", () => {
  expect(errorBlocks(LINES, "data-lake-local")).toBe("");
});
