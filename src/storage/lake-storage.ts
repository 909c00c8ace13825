import type { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketNotification } from "@cdktf/provider-aws/lib/s3-bucket-notification";
import { Construct } from "constructs";
import { type Names, ZONE_PREFIX, zoneUri } from "../naming";
import type { Place } from "../place";
import { AccessLogBucket } from "./access-log-bucket";
import { DataBucket, type DataBucketProps } from "./data-bucket";

/**
 * Days after which replaced files of the processed bucket end. Each run replaces whole days, and
 * Iceberg deletes a snapshot's files a day after: what is old can be had again from the raw zone.
 */
const PROCESSED_VERSION_DAYS = 3;
/** Days that job logs are kept in the etl bucket. */
const JOB_LOG_DAYS = 90;

export interface LakeStorageProps {
  readonly bucketNames: Names["bucket"];
  readonly place: Place;
  /** ARN of the key that objects are encrypted with. */
  readonly keyArn: string;
  readonly retainData: boolean;
  /** Days that access logs are kept. */
  readonly logRetentionDays: number;
  /** Days after which landed objects move to INTELLIGENT_TIERING. */
  readonly rawIntelligentTieringDays: number;
  /** Days after which landed objects move to GLACIER. */
  readonly rawGlacierDays: number;
  /** Days after which objects under temp/ end. */
  readonly tempExpirationDays: number;
  readonly athenaResultsExpirationDays: number;
}

/** The buckets that hold the zones, their access logs, and the landing bucket's events. */
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
    const { bucketNames, keyArn, retainData } = props;
    const accessLogs = this.createAccessLogs(props);
    const bucket = (
      bucketId: string,
      bucketName: string,
      more: Partial<DataBucketProps> = {},
    ): DataBucket =>
      new DataBucket(this, bucketId, { bucketName, retainData, keyArn, accessLogs, ...more });

    this.landing = bucket("landing", bucketNames.landing, { lifecycleRules: landingRules(props) });
    this.processed = bucket("processed", bucketNames.processed, {
      noncurrentDays: PROCESSED_VERSION_DAYS,
    });
    this.curated = bucket("curated", bucketNames.curated);
    this.etl = bucket("etl", bucketNames.etl, {
      lifecycleRules: [expire("expire-job-logs", ZONE_PREFIX.logs, JOB_LOG_DAYS)],
    });
    // Results can be had again by asking again: nothing to retain.
    this.athenaResults = bucket("athena_results", bucketNames.athenaResults, {
      retainData: false,
      lifecycleRules: [expire("expire-results", "", props.athenaResultsExpirationDays)],
    });
    new S3BucketNotification(this, "landing.notification", {
      bucket: this.landing.bucket.id,
      eventbridge: true,
    });
  }

  /** `s3://` URIs of the zones that a job reads and writes, as it takes them. */
  get uris() {
    return {
      rawUri: zoneUri(this.landing.name, ZONE_PREFIX.raw),
      processedUri: zoneUri(this.processed.name, ZONE_PREFIX.processed),
      quarantineUri: zoneUri(this.processed.name, ZONE_PREFIX.quarantine),
      runsUri: zoneUri(this.etl.name, ZONE_PREFIX.runs),
      logUri: `s3://${this.etl.name}/${ZONE_PREFIX.logs}`,
    };
  }

  private createAccessLogs(props: LakeStorageProps): AccessLogBucket {
    const { landing, processed, curated, etl, athenaResults, accessLogs } = props.bucketNames;
    return new AccessLogBucket(this, "access_logs", {
      bucketName: accessLogs,
      place: props.place,
      sourceBucketNames: [landing, processed, curated, etl, athenaResults],
      retainData: props.retainData,
      retentionDays: props.logRetentionDays,
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
