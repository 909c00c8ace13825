import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import { allowService, denyInsecureTransport, policy } from "../iam";

export interface AlertsTopicProps {
  readonly topicName: string;
  readonly accountId: string;
  /** ARN of the key that messages are encrypted with until they are delivered. */
  readonly keyArn: string;
  readonly alertEmails: readonly string[];
}

/** The topic that alarms, the budget and the pipeline publish to. */
export class AlertsTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlertsTopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, "alerts", {
      name: props.topicName,
      kmsMasterKeyId: props.keyArn,
    });
    this.arn = topic.arn;
    this.letServicesPublish(props);
    props.alertEmails.forEach((endpoint, index) => {
      new SnsTopicSubscription(this, `alert_email_${index}`, {
        topicArn: topic.arn,
        protocol: "email",
        endpoint,
      });
    });
  }

  private letServicesPublish(props: AlertsTopicProps): void {
    const publish = (sid: string, service: string) =>
      allowService(sid, service, "sns:Publish", this.arn, {
        StringEquals: { "aws:SourceAccount": props.accountId },
      });
    new SnsTopicPolicy(this, "alerts.policy", {
      arn: this.arn,
      policy: policy(
        publish("Alarms", "cloudwatch.amazonaws.com"),
        publish("Budget", "budgets.amazonaws.com"),
        denyInsecureTransport("sns:Publish", this.arn),
      ),
    });
  }
}
