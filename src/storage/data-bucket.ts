import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { Construct } from "constructs";
import {
  denyInsecureTransport,
  denyOldTls,
  denyOtherEncryption,
  policy,
  type Statement,
} from "../iam";

/** Days after which replaced and deleted versions end. */
const NONCURRENT_DAYS = 30;
/** Days after which the parts of an upload that never ended are dropped. */
const INCOMPLETE_UPLOAD_DAYS = 7;

export interface DataBucketProps {
  /** Physical name, global to all of AWS. */
  readonly bucketName: string;
  /** Refuse to destroy the bucket; where false, destroying takes the objects along. */
  readonly retainData: boolean;
  /** ARN of the key that objects are encrypted with. @default S3's own (SSE-S3) */
  readonly keyArn?: string | undefined;
  /** Bucket that S3 writes a line to for each request. @default none */
  readonly accessLogs?: AccessLogs | undefined;
  /** Statements of the policy, by the bucket's ARN, beside those of every bucket. @default none */
  readonly statements?: (bucketArn: string) => readonly Statement[];
  /** Days that replaced and deleted versions are kept. @default 30 */
  readonly noncurrentDays?: number;
  /** Rules beside the ones that end old versions and unfinished uploads. @default none */
  readonly lifecycleRules?: readonly S3BucketLifecycleConfigurationRule[];
}

/** Where a bucket's access logs go; each bucket has its own folder there. */
export interface AccessLogs {
  readonly name: string;
}

/** A private, versioned, encrypted bucket that is reached over TLS only. Its id is its address. */
export class DataBucket extends Construct {
  readonly bucket: S3Bucket;
  readonly arn: string;
  /** The bucket's name, known once the bucket exists. */
  readonly name: string;
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    this.bucket = this.createBucket(props);
    this.arn = this.bucket.arn;
    this.name = this.bucket.bucket;
    this.policy = this.closeToThePublic(props);
    this.encrypt(props);
    this.keepVersions(props);
    this.logAccess(props);
  }

  private createBucket(props: DataBucketProps): S3Bucket {
    return new S3Bucket(this, this.node.id, {
      bucket: props.bucketName,
      forceDestroy: !props.retainData,
      ...(props.retainData && { lifecycle: { preventDestroy: true } }),
    });
  }

  private closeToThePublic({ keyArn, statements }: DataBucketProps): S3BucketPolicy {
    const { arn } = this.bucket;
    const block = new S3BucketPublicAccessBlock(this, `${this.node.id}.public-access`, {
      bucket: this.bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, `${this.node.id}.ownership`, {
      bucket: this.bucket.id,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    return new S3BucketPolicy(this, `${this.node.id}.policy`, {
      bucket: this.bucket.id,
      policy: policy(
        ...(statements?.(arn) ?? []),
        denyInsecureTransport("s3:*", [arn, `${arn}/*`]),
        denyOldTls(arn),
        ...(keyArn === undefined ? [] : denyOtherEncryption(arn, keyArn)),
      ),
      // S3 refuses two changes of a bucket's access at once.
      dependsOn: [block],
    });
  }

  private encrypt({ keyArn }: DataBucketProps): void {
    const rule =
      keyArn === undefined
        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
        : {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            // One call of KMS for many objects rather than one for each.
            bucketKeyEnabled: true,
          };
    new S3BucketServerSideEncryptionConfigurationA(this, `${this.node.id}.encryption`, {
      bucket: this.bucket.id,
      rule: [rule],
    });
  }

  private logAccess({ accessLogs }: DataBucketProps): void {
    if (accessLogs === undefined) return;
    new S3BucketLoggingA(this, `${this.node.id}.logging`, {
      bucket: this.bucket.id,
      targetBucket: accessLogs.name,
      targetPrefix: `${this.node.id}/`,
    });
  }

  private keepVersions(props: DataBucketProps): void {
    const versioning = new S3BucketVersioningA(this, `${this.node.id}.versioning`, {
      bucket: this.bucket.id,
      versioningConfiguration: { status: "Enabled" },
    });
    new S3BucketLifecycleConfiguration(this, `${this.node.id}.lifecycle`, {
      bucket: this.bucket.id,
      rule: [
        ...(props.lifecycleRules ?? []),
        {
          id: "expire-noncurrent-versions",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [
            { noncurrentDays: props.noncurrentDays ?? NONCURRENT_DAYS },
          ],
          // The mark of a deletion stays behind when the versions under it have ended.
          expiration: [{ expiredObjectDeleteMarker: true }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: INCOMPLETE_UPLOAD_DAYS }],
        },
      ],
      // Rules for noncurrent versions take effect on a versioned bucket only.
      dependsOn: [versioning],
    });
  }
}
