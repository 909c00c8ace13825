import { Construct } from "constructs";
import { allowService } from "../iam";
import type { Place } from "../place";
import { DataBucket } from "./data-bucket";

export interface AccessLogBucketProps {
  readonly bucketName: string;
  readonly place: Place;
  /** Names of the buckets that are logged here. They wait for this one, not this one for them. */
  readonly sourceBucketNames: readonly string[];
  /** Refuse to destroy the bucket. */
  readonly retainData: boolean;
  /** Days that a log is kept. */
  readonly retentionDays: number;
}

/**
 * The bucket that S3 writes access logs to. Its own requests are not logged, or each log would
 * make another; and its objects have S3's own encryption: log delivery takes no customer key
 * (S3 User Guide, Enabling server access logging).
 */
export class AccessLogBucket extends Construct {
  /** The bucket's name, known once S3 may write to it: S3 tries that out. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);
    const bucket = new DataBucket(this, id, {
      bucketName: props.bucketName,
      retainData: props.retainData,
      lifecycleRules: [
        {
          id: "expire-access-logs",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days: props.retentionDays }],
        },
      ],
      statements: (bucketArn) => [
        allowService(
          "DeliverAccessLogs",
          "logging.s3.amazonaws.com",
          "s3:PutObject",
          `${bucketArn}/*`,
          {
            StringEquals: { "aws:SourceAccount": props.place.accountId },
            ArnEquals: {
              "aws:SourceArn": props.sourceBucketNames.map((name) => props.place.bucketArn(name)),
            },
          },
        ),
      ],
    });
    this.name = bucket.policy.bucket;
  }
}
