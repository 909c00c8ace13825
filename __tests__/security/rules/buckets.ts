/** Each bucket has each of its controls, and each control is as strict as it can be. */
import { isDeepStrictEqual } from "node:util";
import { BUCKET_CONTROLS } from "../../support/bucket-parts";
import { attributes, demand, is } from "./attribute";
import {
  type Resource,
  type Rule,
  resources,
  type Subject,
  target,
  valuesAt,
  verdict,
} from "./rule";

/** Ways by which a bucket could be opened or weakened beside its controls. */
const UNWANTED = [
  "aws_s3_bucket_acl",
  "aws_s3_bucket_cors_configuration",
  "aws_s3_bucket_object",
  "aws_s3_bucket_website_configuration",
  "aws_s3_access_point",
];

/** Buckets that S3 writes access logs to: their own requests are not logged, or logs would make logs. */
export function logBuckets(subject: Subject): Set<string> {
  return new Set(
    resources(subject, "aws_s3_bucket_logging").flatMap(({ block }) => {
      const address = bucketOf(subject, block.target_bucket);
      return address === undefined ? [] : [address];
    }),
  );
}

/** The bucket that a reference leads to, also by way of a control that names it. */
function bucketOf(subject: Subject, reference: unknown): string | undefined {
  const [type = "", name = ""] = target(reference)?.split(".") ?? [];
  if (type === "aws_s3_bucket") return target(reference);
  return target(subject.stack.all(type)[name]?.bucket);
}

/** The controls of a type that are on this bucket. */
export function controlsOf(subject: Subject, type: string, bucket: Resource): Resource[] {
  return resources(subject, type).filter(({ block }) => target(block.bucket) === bucket.address);
}

/** A bucket is recognized by its controls' references, not by their names. */
export const controls: Rule = {
  name: "each bucket has each control",
  check(subject) {
    const logs = logBuckets(subject);
    return resources(subject, "aws_s3_bucket").flatMap((bucket) => {
      const wanted = logs.has(bucket.address)
        ? BUCKET_CONTROLS
        : [...BUCKET_CONTROLS, "aws_s3_bucket_logging"];
      return wanted.map((type) => {
        const found = controlsOf(subject, type, bucket);
        const addresses = found.map(({ address }) => address).join(", ");
        return verdict(bucket.address, `one ${type}`, addresses || undefined, found.length === 1);
      });
    });
  },
};

export const strict = attributes("bucket controls are as strict as they can be", [
  demand("aws_s3_bucket_public_access_block", "block_public_acls", is(true)),
  demand("aws_s3_bucket_public_access_block", "block_public_policy", is(true)),
  demand("aws_s3_bucket_public_access_block", "ignore_public_acls", is(true)),
  demand("aws_s3_bucket_public_access_block", "restrict_public_buckets", is(true)),
  demand("aws_s3_bucket_ownership_controls", "rule.object_ownership", is("BucketOwnerEnforced")),
  demand("aws_s3_bucket_versioning", "versioning_configuration.status", is("Enabled")),
]);

export const unwanted: Rule = {
  name: "nothing opens a bucket beside its controls",
  check: (subject) =>
    UNWANTED.map((type) => {
      const found = resources(subject, type).map(({ address }) => address);
      return verdict(type, "none", found.join(", ") || undefined, found.length === 0);
    }),
};

/**
 * A lake's buckets have the lake's key and ask KMS once for many objects. What S3 logs into has
 * S3's own encryption, since log delivery takes no customer key (S3 User Guide, Enabling server
 * access logging), and so has the state, whose key would be in the state that it protects.
 */
export const encryption: Rule = {
  name: "each bucket is encrypted",
  check(subject) {
    const logs = logBuckets(subject);
    return resources(subject, "aws_s3_bucket").flatMap((bucket) => {
      const byS3 = subject.kind === "state" || logs.has(bucket.address);
      const expected = byS3
        ? { sse_algorithm: "AES256" }
        : { sse_algorithm: "aws:kms", kms_master_key_id: "a reference to an aws_kms_key" };
      return controlsOf(
        subject,
        "aws_s3_bucket_server_side_encryption_configuration",
        bucket,
      ).flatMap(({ address, block }) => {
        const [settings] = valuesAt(block, "rule.apply_server_side_encryption_by_default") as [
          Record<string, unknown>?,
        ];
        const owned = target(settings?.kms_master_key_id)?.startsWith("aws_kms_key.") === true;
        const right =
          settings?.sse_algorithm === expected.sse_algorithm &&
          (byS3 ? settings.kms_master_key_id === undefined : owned);
        const [bucketKey] = valuesAt(block, "rule.bucket_key_enabled");
        return [
          verdict(address, JSON.stringify(expected), settings, right),
          ...(byS3
            ? []
            : [verdict(address, "bucket_key_enabled to be true", bucketKey, bucketKey === true)]),
        ];
      });
    });
  },
};

/** Each bucket has a folder of its own in a bucket of the same stack. */
export const logging: Rule = {
  name: "each bucket's requests are logged elsewhere",
  check(subject) {
    const all = resources(subject, "aws_s3_bucket_logging");
    return all.flatMap(({ address, block }) => {
      const into = bucketOf(subject, block.target_bucket);
      const elsewhere =
        into?.startsWith("aws_s3_bucket.") === true && into !== target(block.bucket);
      const prefix = block.target_prefix;
      const own = all.filter((other) => other.block.target_prefix === prefix).length === 1;
      return [
        verdict(address, "another bucket of this stack", block.target_bucket, elsewhere),
        verdict(
          address,
          "a target_prefix of its own that ends in /",
          prefix,
          own && typeof prefix === "string" && /^[^/]+\/$/.test(prefix),
        ),
      ];
    });
  },
};

/** Days for which the longest-kept replaced versions may stay. */
const NONCURRENT_DAYS = 90;
const INCOMPLETE_UPLOAD_DAYS = 7;

/** Of the whole bucket: what was replaced, deleted or never finished ends by itself. */
export const leftovers: Rule = {
  name: "old versions and unfinished uploads end",
  check: (subject) =>
    resources(subject, "aws_s3_bucket_lifecycle_configuration").flatMap(({ address, block }) => {
      const rules = [block.rule].flat().filter((rule) => rule?.status === "Enabled");
      const whole = rules.filter((rule) =>
        isDeepStrictEqual(valuesAt(rule, "filter.prefix"), [""]),
      );
      const number = (path: string) =>
        whole.flatMap((rule) => valuesAt(rule, path)).filter((days) => typeof days === "number");
      const within = (path: string, most: number) => {
        const days = number(path);
        const holds = days.length === 1 && (days[0] as number) >= 1 && (days[0] as number) <= most;
        return verdict(address, `${path} from 1 to ${most} for every object`, days[0], holds);
      };
      const marker = whole.flatMap((rule) =>
        valuesAt(rule, "expiration.expired_object_delete_marker"),
      );
      const off = [block.rule].flat().filter((rule) => rule?.status !== "Enabled");
      return [
        within("noncurrent_version_expiration.noncurrent_days", NONCURRENT_DAYS),
        within("abort_incomplete_multipart_upload.days_after_initiation", INCOMPLETE_UPLOAD_DAYS),
        verdict(address, "expired delete markers to end", marker[0], marker[0] === true),
        verdict(address, "no rule that is off", off[0]?.id, off.length === 0),
      ];
    }),
};
