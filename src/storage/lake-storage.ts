import type { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { Construct } from "constructs";
import { type Names, ZONE_PREFIX } from "../naming";
import { DataBucket } from "./data-bucket";

/**
 * Days after which replaced files of the processed bucket end. Each run replaces whole days, and
 * Iceberg deletes a snapshot's files a day after: what is old can be had again from the raw zone.
 */
const PROCESSED_VERSION_DAYS = 3;
/** Days that job logs are kept in the etl bucket. */
const JOB_LOG_DAYS = 90;

export interface LakeStorageProps {
  readonly bucketNames: Names["bucket"];
  readonly retainData: boolean;
  /** Days after which landed objects move to INTELLIGENT_TIERING. */
  readonly rawIntelligentTieringDays: number;
  /** Days after which landed objects move to GLACIER. */
  readonly rawGlacierDays: number;
  /** Days after which objects under temp/ end. */
  readonly tempExpirationDays: number;
  readonly athenaResultsExpirationDays: number;
}

/** The buckets that hold the zones, and the landing bucket's events. */
export class LakeStorage extends Construct {
  /** Zones raw, archive and temp. */
  readonly landing: DataBucket;
  /** Zones processed and quarantine. */
  readonly processed: DataBucket;
  /** Zone curated. */
  readonly curated: DataBucket;
  /** Zone etl: job code, configuration, run summaries, logs. */
  readonly etl: DataBucket;
  readonly athenaResults: DataBucket;

  constructor(scope: Construct, id: string, props: LakeStorageProps) {
    super(scope, id);
    const { bucketNames, retainData } = props;
    const bucket = (
      bucketId: string,
      bucketName: string,
      lifecycleRules: S3BucketLifecycleConfigurationRule[] = [],
    ) => new DataBucket(this, bucketId, { bucketName, retainData, lifecycleRules });

    this.landing = bucket("landing", bucketNames.landing, landingRules(props));
    this.processed = new DataBucket(this, "processed", {
      bucketName: bucketNames.processed,
      retainData,
      noncurrentDays: PROCESSED_VERSION_DAYS,
    });
    this.curated = bucket("curated", bucketNames.curated);
    this.etl = bucket("etl", bucketNames.etl, [
      expire("expire-job-logs", ZONE_PREFIX.logs, JOB_LOG_DAYS),
    ]);
    // Results can be had again by asking again: nothing to retain.
    this.athenaResults = new DataBucket(this, "athena_results", {
      bucketName: bucketNames.athenaResults,
      retainData: false,
      lifecycleRules: [expire("expire-results", "", props.athenaResultsExpirationDays)],
    });
    new S3BucketNotification(this, "landing.notification", {
      bucket: this.landing.bucket.id,
      eventbridge: true,
    });
  }
}

/** The template's two rules. */
function landingRules(props: LakeStorageProps): S3BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "archive-old-data",
      status: "Enabled",
      filter: [{ prefix: "" }],
      transition: [
        { days: props.rawIntelligentTieringDays, storageClass: "INTELLIGENT_TIERING" },
        { days: props.rawGlacierDays, storageClass: "GLACIER" },
      ],
    },
    expire("cleanup-temp", ZONE_PREFIX.temp, props.tempExpirationDays),
  ];
}

function expire(id: string, prefix: string, days: number): S3BucketLifecycleConfigurationRule {
  return { id, status: "Enabled", filter: [{ prefix }], expiration: [{ days }] };
}
