import { expect, test } from "vitest";
import { denyInsecureTransport } from "../../src/iam";
import { AlertsTopic } from "../../src/observability/alerts-topic";
import { KEY } from "../support/aws";
import { ref, statements, synthScope } from "../support/synth";

const synth = (alertEmails: string[] = []) =>
  synthScope(
    (scope) =>
      new AlertsTopic(scope, "topic", {
        topicName: "lake-alerts-dev",
        accountId: "123456789012",
        keyArn: KEY.arn,
        alertEmails,
      }),
  );

test("the topic has its name, and nobody subscribed by default", () => {
  expect(synth().the("aws_sns_topic").name).toBe("lake-alerts-dev");
  expect(synth().all("aws_sns_topic_subscription")).toEqual({});
});

test("every address is subscribed", () => {
  const subscriptions = synth(["a@example.org", "b@example.org"]).all("aws_sns_topic_subscription");
  expect(subscriptions).toEqual({
    alert_email_0: {
      topic_arn: ref("aws_sns_topic.alerts.arn"),
      protocol: "email",
      endpoint: "a@example.org",
    },
    alert_email_1: {
      topic_arn: ref("aws_sns_topic.alerts.arn"),
      protocol: "email",
      endpoint: "b@example.org",
    },
  });
});

test("alarms and budgets of the account may publish, and no other service", () => {
  const { arn, policy } = synth().the("aws_sns_topic_policy");
  expect(arn).toBe(ref("aws_sns_topic.alerts.arn"));
  const allowed = statements(policy).filter(({ Effect }) => Effect === "Allow");
  expect(allowed.map(({ Principal }) => Principal.Service)).toEqual([
    "cloudwatch.amazonaws.com",
    "budgets.amazonaws.com",
  ]);
  for (const statement of allowed)
    expect(statement).toMatchObject({
      Effect: "Allow",
      Action: "sns:Publish",
      Resource: arn,
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    });
});

test("messages are encrypted, and nobody publishes without TLS", () => {
  const stack = synth();
  expect(stack.the("aws_sns_topic").kms_master_key_id).toBe(KEY.arn);
  expect(statements(stack.the("aws_sns_topic_policy").policy)).toContainEqual(
    denyInsecureTransport("sns:Publish", ref("aws_sns_topic.alerts.arn")),
  );
});
