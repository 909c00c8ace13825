import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { SqsQueueRedrivePolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-policy";
import { Construct } from "constructs";
import { allowService, denyInsecureTransport, policy, type Statement } from "../iam";

/** Deliveries after which a message counts as dead. */
const MAX_RECEIVES = 5;
/** The longest SQS keeps a message. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/** Names of the three queues. */
export interface QueueNames {
  readonly ingest: string;
  /** Of messages that the trigger could not take. */
  readonly ingestDlq: string;
  /** Of events that EventBridge cannot put into the queue. */
  readonly eventsDlq: string;
}

export interface IngestQueuesProps extends QueueNames {
  /** ARN of the key that messages are encrypted with. */
  readonly keyArn: string;
  /**
   * Seconds in which a batch must be done. Lambda Developer Guide: six times the function's
   * timeout, and the window before it.
   */
  readonly visibilityTimeoutSeconds: number;
}

/** The queue between EventBridge and the trigger, with a queue for each way to fail. */
export class IngestQueues extends Construct {
  readonly ingest: SqsQueue;
  readonly lostEvents: SqsQueue;

  constructor(scope: Construct, id: string, props: IngestQueuesProps) {
    super(scope, id);
    const common = {
      messageRetentionSeconds: RETENTION_SECONDS,
      kmsMasterKeyId: props.keyArn,
    };
    const deadLetters = new SqsQueue(this, "ingest_dlq", { name: props.ingestDlq, ...common });
    this.lostEvents = new SqsQueue(this, "events_dlq", { name: props.eventsDlq, ...common });
    this.ingest = new SqsQueue(this, "ingest", {
      name: props.ingest,
      visibilityTimeoutSeconds: props.visibilityTimeoutSeconds,
      ...common,
    });
    // By itself, and not in the queue: the provider waits 25 s for each queue, and one that named
    // the other would be made after it.
    new SqsQueueRedrivePolicy(this, "ingest.redrive", {
      queueUrl: this.ingest.url,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: MAX_RECEIVES,
      }),
    });
    this.createPolicy(deadLetters);
  }

  /** These rules, and nobody else of EventBridge, may send, over TLS. */
  letSend(ruleArns: readonly string[]): void {
    for (const queue of [this.ingest, this.lostEvents])
      this.createPolicy(
        queue,
        allowService("RulesSend", "events.amazonaws.com", "sqs:SendMessage", queue.arn, {
          ArnEquals: { "aws:SourceArn": ruleArns },
        }),
      );
  }

  private createPolicy(queue: SqsQueue, ...statements: Statement[]): void {
    new SqsQueuePolicy(this, `${queue.node.id}.policy`, {
      queueUrl: queue.url,
      policy: policy(denyInsecureTransport("sqs:*", queue.arn), ...statements),
    });
  }
}
