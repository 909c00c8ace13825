import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { Construct } from "constructs";
import { allow, allowService, policy } from "../iam";
import { ZONE_PREFIX } from "../naming";
import { NodeFunction } from "../node-function";

/** Events that one invocation takes at most; with a window, Lambda allows 10,000. */
const BATCH_SIZE = 1000;
const TRIGGER_TIMEOUT_SECONDS = 60;
/** AWS asks for at least six times the function's timeout. */
const VISIBILITY_TIMEOUT_SECONDS = 6 * TRIGGER_TIMEOUT_SECONDS;
/** Deliveries after which a message counts as dead. */
const MAX_RECEIVES = 5;
/** The longest SQS keeps a message. */
const DEAD_LETTER_RETENTION_SECONDS = 14 * 24 * 60 * 60;

export interface RawIngestionProps {
  readonly landingBucketName: string;
  readonly ruleName: string;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly functionName: string;
  readonly roleName: string;
  readonly zipPath: string;
  readonly stateMachineArn: string;
  /** Seconds that events are gathered into one invocation. */
  readonly batchWindowSeconds: number;
  readonly logRetentionDays: number;
}

/** From an object in raw/ to an execution: rule, queue with dead letters, trigger function. */
export class RawIngestion extends Construct {
  constructor(scope: Construct, id: string, props: RawIngestionProps) {
    super(scope, id);
    const deadLetters = this.createDeadLetterQueue(props);
    const queue = this.createQueue(props, deadLetters);
    const rule = this.createRule(props);
    this.letRuleSend(rule, queue, deadLetters);
    this.connect(rule, queue, deadLetters);
    this.createTrigger(props, queue);
  }

  private createDeadLetterQueue(props: RawIngestionProps): SqsQueue {
    return new SqsQueue(this, "ingest_dlq", {
      name: props.deadLetterQueueName,
      messageRetentionSeconds: DEAD_LETTER_RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
    });
  }

  private createQueue(props: RawIngestionProps, deadLetters: SqsQueue): SqsQueue {
    return new SqsQueue(this, "ingest", {
      name: props.queueName,
      visibilityTimeoutSeconds: VISIBILITY_TIMEOUT_SECONDS,
      sqsManagedSseEnabled: true,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: MAX_RECEIVES,
      }),
    });
  }

  /** Objects in raw/ that hold something; what the pattern cannot tell, the trigger sorts out. */
  private createRule(props: RawIngestionProps): CloudwatchEventRule {
    return new CloudwatchEventRule(this, "raw_object_created", {
      name: props.ruleName,
      description: "An object has landed in raw/",
      eventPattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: {
          bucket: { name: [props.landingBucketName] },
          object: { key: [{ prefix: ZONE_PREFIX.raw }], size: [{ numeric: [">", 0] }] },
        },
      }),
    });
  }

  private letRuleSend(rule: CloudwatchEventRule, ...queues: SqsQueue[]): void {
    for (const queue of queues)
      new SqsQueuePolicy(this, `${queue.node.id}.policy`, {
        queueUrl: queue.url,
        policy: policy(
          allowService("RuleSends", "events.amazonaws.com", "sqs:SendMessage", queue.arn, {
            ArnEquals: { "aws:SourceArn": rule.arn },
          }),
        ),
      });
  }

  private connect(rule: CloudwatchEventRule, queue: SqsQueue, deadLetters: SqsQueue): void {
    new CloudwatchEventTarget(this, "raw_object_created.target", {
      rule: rule.name,
      targetId: "ingest",
      arn: queue.arn,
      deadLetterConfig: { arn: deadLetters.arn },
    });
  }

  private createTrigger(props: RawIngestionProps, queue: SqsQueue): void {
    const trigger = new NodeFunction(this, "trigger", {
      functionName: props.functionName,
      roleName: props.roleName,
      description: "Starts one execution for each source in a batch of landed objects",
      zipPath: props.zipPath,
      timeoutSeconds: TRIGGER_TIMEOUT_SECONDS,
      memoryMb: 256,
      environment: { STATE_MACHINE_ARN: props.stateMachineArn },
      statements: [
        allow("StartExecution", "states:StartExecution", props.stateMachineArn),
        allow(
          "ReceiveEvents",
          ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          queue.arn,
        ),
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
