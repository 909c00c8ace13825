import { describe, expect, test } from "vitest";
import { DataBucket, type DataBucketProps } from "../../src/storage/data-bucket";
import { KEY } from "../support/aws";
import { ref, statements, synthScope } from "../support/synth";

function synth(change: Partial<DataBucketProps> = {}) {
  const props = { bucketName: "lake-landing-dev", retainData: true, ...change };
  return synthScope((scope) => new DataBucket(scope, "landing", props));
}

const rules = (change: Partial<DataBucketProps> = {}) =>
  synth(change).the("aws_s3_bucket_lifecycle_configuration").rule;

test("a bucket and all its controls share one address name", () => {
  expect(synth().addresses()).toEqual([
    "aws_s3_bucket.landing",
    "aws_s3_bucket_lifecycle_configuration.landing",
    "aws_s3_bucket_ownership_controls.landing",
    "aws_s3_bucket_policy.landing",
    "aws_s3_bucket_public_access_block.landing",
    "aws_s3_bucket_server_side_encryption_configuration.landing",
    "aws_s3_bucket_versioning.landing",
  ]);
});

test("every control is of this bucket", () => {
  const stack = synth();
  for (const address of stack.addresses().slice(1)) {
    const [type = ""] = address.split(".");
    expect(stack.the(type).bucket, type).toBe(ref("aws_s3_bucket.landing.id"));
  }
});

describe("data that is retained", () => {
  test("is in a bucket that refuses to be destroyed", () => {
    expect(synth().the("aws_s3_bucket")).toEqual({
      bucket: "lake-landing-dev",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  test("is not, where the props say so: the bucket goes with its objects", () => {
    expect(synth({ retainData: false }).the("aws_s3_bucket")).toEqual({
      bucket: "lake-landing-dev",
      force_destroy: true,
    });
  });
});

describe("access", () => {
  test("is closed to the public by all four switches", () => {
    const { bucket, ...switches } = synth().the("aws_s3_bucket_public_access_block");
    expect(switches).toEqual({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  test("is by policy alone: access lists are off", () => {
    expect(synth().the("aws_s3_bucket_ownership_controls").rule).toEqual({
      object_ownership: "BucketOwnerEnforced",
    });
  });

  test("is over TLS only, and changed after the public is shut out", () => {
    const { policy, depends_on } = synth().the("aws_s3_bucket_policy");
    expect(statements(policy)).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Principal: "*",
        Resource: [ref("aws_s3_bucket.landing.arn"), `${ref("aws_s3_bucket.landing.arn")}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
      expect.objectContaining({
        Effect: "Deny",
        Principal: "*",
        Resource: [ref("aws_s3_bucket.landing.arn"), `${ref("aws_s3_bucket.landing.arn")}/*`],
        Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
      }),
    ]);
    expect(depends_on).toEqual(["aws_s3_bucket_public_access_block.landing"]);
  });
});

test("objects are encrypted with S3's own key where no other is given", () => {
  expect(synth().the("aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
    { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
  ]);
});

describe("versions", () => {
  test("are kept", () => {
    expect(synth().the("aws_s3_bucket_versioning").versioning_configuration).toEqual({
      status: "Enabled",
    });
  });

  test("end after 30 days once replaced, with the marks of what was deleted; unfinished uploads after 7", () => {
    expect(rules()).toEqual([
      {
        id: "expire-noncurrent-versions",
        status: "Enabled",
        filter: [{ prefix: "" }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
        expiration: [{ expired_object_delete_marker: true }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ]);
  });

  test("end after as many days as the props say", () => {
    expect(rules({ noncurrentDays: 90 })[0].noncurrent_version_expiration).toEqual([
      { noncurrent_days: 90 },
    ]);
  });

  test("are on before a rule speaks of them", () => {
    expect(synth().the("aws_s3_bucket_lifecycle_configuration").depends_on).toEqual([
      "aws_s3_bucket_versioning.landing",
    ]);
  });
});

test("rules of the props stand before its own", () => {
  const rule = { id: "mine", status: "Enabled", filter: [{ prefix: "x/" }] };
  expect(rules({ lifecycleRules: [rule] }).map(({ id }: { id: string }) => id)).toEqual([
    "mine",
    "expire-noncurrent-versions",
  ]);
});

describe("with a key", () => {
  const withKey = () => synth({ keyArn: KEY.arn });

  test("objects are encrypted with it, by one call of KMS for many", () => {
    expect(withKey().the("aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: KEY.arn,
        },
        bucket_key_enabled: true,
      },
    ]);
  });

  test("an object that names another encryption or another key is refused", () => {
    const { policy } = withKey().the("aws_s3_bucket_policy");
    expect(statements(policy).map(({ Sid }) => Sid)).toEqual([
      "DenyInsecureTransport",
      "DenyOldTls",
      "DenyOtherEncryption",
      "DenyOtherKey",
    ]);
  });
});

test("requests are logged to a folder of the bucket's own, where there is a bucket for it", () => {
  expect(synth().all("aws_s3_bucket_logging")).toEqual({});
  expect(synth({ accessLogs: { name: "logs" } }).the("aws_s3_bucket_logging")).toEqual({
    bucket: ref("aws_s3_bucket.landing.id"),
    target_bucket: "logs",
    target_prefix: "landing/",
  });
});
