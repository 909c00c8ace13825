import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Construct } from "constructs";
import { allow, type EncryptionKey, useKey, useKeyForExecutions } from "../iam";
import { ZONE_PREFIX } from "../naming";
import { NodeFunction } from "../node-function";
import { IngestQueues, type QueueNames } from "./ingest-queues";

/** Events that one invocation takes at most; with a window, Lambda allows 10,000. */
const BATCH_SIZE = 1000;
const TRIGGER_TIMEOUT_SECONDS = 60;

export interface RawIngestionProps {
  readonly landingBucketName: string;
  readonly rules: {
    readonly rawObjectCreated: string;
    readonly rawObjectDeleted: string;
    readonly runUnfinished: string;
  };
  readonly queueNames: QueueNames;
  readonly functionName: string;
  readonly roleName: string;
  readonly zipPath: string;
  readonly logGroupName: string;
  /** What the queues, the machine and all that the trigger touches are encrypted with. */
  readonly key: EncryptionKey;
  readonly stateMachineArn: string;
  /** ARN under which the state machine's executions are. */
  readonly executionsArn: string;
  /** The table of locks, with the days that wait. */
  readonly locksTable: { readonly name: string; readonly arn: string };
  readonly topicArn: string;
  /** Where the sources are declared. */
  readonly sources: { readonly bucket: { name: string; arn: string }; readonly key: string };
  /** Seconds that events are gathered into one invocation. */
  readonly batchWindowSeconds: number;
  readonly logRetentionDays: number;
}

/** From an object in raw/ to an execution: rule, queue with dead letters, trigger function. */
export class RawIngestion extends Construct {
  /** Seconds after which a message is gone, even where its first delivery failed. */
  readonly oldestMessageSeconds: number;

  constructor(scope: Construct, id: string, props: RawIngestionProps) {
    super(scope, id);
    const visibilityTimeoutSeconds = 6 * TRIGGER_TIMEOUT_SECONDS + props.batchWindowSeconds;
    const delivery = props.batchWindowSeconds + TRIGGER_TIMEOUT_SECONDS;
    this.oldestMessageSeconds = visibilityTimeoutSeconds + 2 * delivery;
    const queues = new IngestQueues(this, "queues", {
      ...props.queueNames,
      keyArn: props.key.arn,
      visibilityTimeoutSeconds,
    });
    const rules = [this.onCreated(props), this.onDeleted(props), this.onUnfinished(props)];
    queues.letSend(rules.map((rule) => rule.arn));
    for (const rule of rules) this.connect(rule, queues);
    this.createTrigger(props, queues.ingest);
  }

  /**
   * Objects in raw/, whatever their size: numbers in patterns are documented up to five billion
   * only, and an object may have more bytes. The trigger sorts out what is no data.
   */
  private onCreated(props: RawIngestionProps): CloudwatchEventRule {
    return new CloudwatchEventRule(this, "raw_object_created", {
      name: props.rules.rawObjectCreated,
      description: "An object has landed in raw/",
      eventPattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: {
          bucket: { name: [props.landingBucketName] },
          object: { key: [{ prefix: ZONE_PREFIX.raw }] },
        },
      }),
    });
  }

  /** What somebody deletes leaves the table too. What a lifecycle ends is old, not wrong. */
  private onDeleted(props: RawIngestionProps): CloudwatchEventRule {
    return new CloudwatchEventRule(this, "raw_object_deleted", {
      name: props.rules.rawObjectDeleted,
      description: "Somebody has deleted an object of raw/",
      eventPattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Deleted"],
        detail: {
          bucket: { name: [props.landingBucketName] },
          object: { key: [{ prefix: ZONE_PREFIX.raw }] },
          reason: ["DeleteObject"],
        },
      }),
    });
  }

  /** Of a run that timed out or was stopped no state can tell; the trigger does, where none has. */
  private onUnfinished(props: RawIngestionProps): CloudwatchEventRule {
    return new CloudwatchEventRule(this, "run_unfinished", {
      name: props.rules.runUnfinished,
      description: "A run of the pipeline has ended without success",
      eventPattern: JSON.stringify({
        source: ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        detail: {
          stateMachineArn: [props.stateMachineArn],
          status: ["FAILED", "TIMED_OUT", "ABORTED"],
        },
      }),
    });
  }

  private connect(rule: CloudwatchEventRule, queues: IngestQueues): void {
    new CloudwatchEventTarget(this, `${rule.node.id}.target`, {
      rule: rule.name,
      targetId: "ingest",
      arn: queues.ingest.arn,
      deadLetterConfig: { arn: queues.lostEvents.arn },
    });
  }

  private createTrigger(props: RawIngestionProps, queue: SqsQueue): void {
    const trigger = new NodeFunction(this, "trigger", {
      functionName: props.functionName,
      roleName: props.roleName,
      description: "Sees to it that one execution waits for each source in a batch of events",
      zipPath: props.zipPath,
      logGroupName: props.logGroupName,
      keyArn: props.key.arn,
      timeoutSeconds: TRIGGER_TIMEOUT_SECONDS,
      memoryMb: 256,
      environment: {
        STATE_MACHINE_ARN: props.stateMachineArn,
        LOCKS_TABLE: props.locksTable.name,
        TOPIC_ARN: props.topicArn,
        ETL_BUCKET: props.sources.bucket.name,
        SOURCES_KEY: props.sources.key,
      },
      statements: [
        allow("StartExecution", "states:StartExecution", props.stateMachineArn),
        allow("DescribeExecutions", "states:DescribeExecution", `${props.executionsArn}:*`),
        allow("AddDays", "dynamodb:UpdateItem", props.locksTable.arn),
        allow("Report", "sns:Publish", props.topicArn),
        allow("ReadSources", "s3:GetObject", `${props.sources.bucket.arn}/${props.sources.key}`),
        allow(
          "ReceiveEvents",
          ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          queue.arn,
        ),
        useKey("ReadWithKey", props.key, ["kms:Decrypt"], "dynamodb", "s3", "sqs"),
        useKey("ReportWithKey", props.key, ["kms:Decrypt", "kms:GenerateDataKey"], "sns"),
        useKeyForExecutions(props.key, props.stateMachineArn, ["kms:Decrypt"]),
      ],
      logRetentionDays: props.logRetentionDays,
    });
    new LambdaEventSourceMapping(this, "trigger.events", {
      eventSourceArn: queue.arn,
      functionName: trigger.arn,
      batchSize: batchSize(props.batchWindowSeconds),
      maximumBatchingWindowInSeconds: props.batchWindowSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      // Lambda checks that the role may read the queue.
      dependsOn: [trigger.permissions],
    });
  }
}

/** Lambda takes more than ten messages only where it may wait for them. */
function batchSize(windowSeconds: number): number {
  return windowSeconds === 0 ? 10 : BATCH_SIZE;
}
