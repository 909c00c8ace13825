import { expect, test } from "vitest";
import { AccessLogBucket } from "../../src/storage/access-log-bucket";
import { PLACE } from "../support/aws";
import { ref, statement, synthScope } from "../support/synth";

const stack = synthScope(
  (scope) =>
    new AccessLogBucket(scope, "access_logs", {
      bucketName: "lake-access-logs-dev",
      place: PLACE,
      sourceBucketNames: ["lake-landing-dev", "lake-etl-dev"],
      retainData: true,
      retentionDays: 30,
    }),
);

test("S3's log delivery may write for the lake's own buckets in this account, and no other", () => {
  expect(statement(stack.the("aws_s3_bucket_policy").policy, "DeliverAccessLogs")).toEqual({
    Sid: "DeliverAccessLogs",
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${ref("aws_s3_bucket.access_logs.arn")}/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnEquals: {
        "aws:SourceArn": ["arn:aws:s3:::lake-landing-dev", "arn:aws:s3:::lake-etl-dev"],
      },
    },
  });
});

test("a log is kept as long as every other log", () => {
  expect(stack.the("aws_s3_bucket_lifecycle_configuration").rule).toContainEqual({
    id: "expire-access-logs",
    status: "Enabled",
    filter: [{ prefix: "" }],
    expiration: [{ days: 30 }],
  });
});

test("the bucket of the logs is not logged itself, and has the encryption that delivery takes", () => {
  expect(stack.all("aws_s3_bucket_logging")).toEqual({});
  expect(stack.the("aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
    { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
  ]);
});
