import { expect, test } from "vitest";
import { ref } from "../support/synth";
import { criticalPath, dependenciesOf, longest, spansOf } from "./start-profile";

const LINES = [
  { atMs: 100, text: "data-lake-local  aws_kms_key.lake: Creating..." },
  { atMs: 110, text: "                 aws_s3_bucket.landing: Creating..." },
  { atMs: 900, text: "aws_s3_bucket.landing: Creation complete after 1s [id=lake-landing-local]" },
  { atMs: 5000, text: "aws_kms_key.lake: Still creating... [10s elapsed]" },
  { atMs: 12_100, text: "aws_kms_key.lake: Creation complete after 12s [id=1]" },
  { atMs: 12_110, text: "aws_sqs_queue.ingest: Creating..." },
  { atMs: 37_000, text: "aws_sqs_queue.ingest: Creation complete after 25s [id=2]" },
  { atMs: 37_500, text: "aws_sns_topic.alerts: Creating..." },
];
const STACK = {
  resource: {
    aws_kms_key: { lake: { policy: "for aws_kms_key.lake itself, and aws_iam_role.nobody" } },
    aws_s3_bucket: { landing: {} },
    aws_sqs_queue: {
      ingest: {
        kms_master_key_id: ref("aws_kms_key.lake.arn"),
        depends_on: ["aws_s3_bucket.landing"],
      },
    },
  },
};

test("a resource's time is from its first word to its last; one that has not ended has none", () => {
  expect(spansOf(LINES)).toEqual([
    { address: "aws_s3_bucket.landing", beganMs: 110, endedMs: 900 },
    { address: "aws_kms_key.lake", beganMs: 100, endedMs: 12_100 },
    { address: "aws_sqs_queue.ingest", beganMs: 12_110, endedMs: 37_000 },
  ]);
});

test("the longest come first", () => {
  const [first, second, ...others] = longest(spansOf(LINES), 2);
  expect([first?.address, second?.address]).toEqual(["aws_sqs_queue.ingest", "aws_kms_key.lake"]);
  expect(others).toEqual([]);
});

test("a dependency is a reference or an order of work, to another resource of the stack", () => {
  const found = dependenciesOf(STACK);
  expect(found.get("aws_kms_key.lake")).toEqual(new Set());
  expect(found.get("aws_sqs_queue.ingest")).toEqual(
    new Set(["aws_kms_key.lake", "aws_s3_bucket.landing"]),
  );
});

test("the critical path leads through the dependency that ended last", () => {
  const path = criticalPath(spansOf(LINES), dependenciesOf(STACK));
  expect(path.map(({ address }) => address)).toEqual(["aws_kms_key.lake", "aws_sqs_queue.ingest"]);
});
