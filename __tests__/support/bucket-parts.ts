/** What every bucket has beside itself, each a resource of its own. */
export const BUCKET_CONTROLS = [
  "aws_s3_bucket_lifecycle_configuration",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
] as const;

/** The bucket with them. */
export const BUCKET_PARTS = ["aws_s3_bucket", ...BUCKET_CONTROLS] as const;
