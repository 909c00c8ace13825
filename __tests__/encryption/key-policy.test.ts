import { expect, test } from "vitest";
import { keyPolicy } from "../../src/encryption/key-policy";
import { PLACE } from "../support/aws";
import { statement, statements } from "../support/synth";

const MACHINE = PLACE.arn("states", "stateMachine:lake-etl-dev");
const GROUP = PLACE.arn("logs", "log-group:/aws/lambda/lake-trigger-dev");

const document = keyPolicy({ place: PLACE, stateMachineArn: MACHINE, logGroupArns: [GROUP] });

test("the account looks after the key, and by that alone reads nothing", () => {
  const { Principal, Action } = statement(document, "Administer");
  expect(Principal).toEqual({ AWS: "arn:aws:iam::123456789012:root" });
  for (const action of ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant"])
    expect(Action).not.toContain(action);
});

test("nobody but a service of this account has more than looking after", () => {
  for (const { Sid, Principal, Condition } of statements(document))
    if (Sid !== "Administer")
      expect([Principal, Condition], Sid).toEqual([
        expect.not.objectContaining({ AWS: "*" }),
        expect.anything(),
      ]);
});

test("people and roles of the account use the key through the services that store the lake", () => {
  expect(statement(document, "UseThroughServices").Condition).toEqual({
    StringEquals: {
      "kms:ViaService": ["dynamodb", "emr-serverless", "lambda", "s3", "sns", "sqs"].map(
        (service) => `${service}.us-east-1.amazonaws.com`,
      ),
    },
  });
});

test("executions of the lake's own machine are encrypted with it, and no other's", () => {
  expect(statement(document, "UseForExecutions").Condition).toEqual({
    StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": MACHINE },
  });
});

test("CloudWatch Logs uses it for the lake's log groups, and no other's", () => {
  expect(statement(document, "LogGroups")).toMatchObject({
    Principal: { Service: "logs.us-east-1.amazonaws.com" },
    Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": [GROUP] } },
  });
});

test.each([
  ["EventsToQueues", "events"],
  ["AlarmsToTopic", "cloudwatch"],
  ["BudgetToTopic", "budgets"],
])("%s: what %s sends for this account can be encrypted", (sid, service) => {
  expect(statement(document, sid)).toMatchObject({
    Principal: { Service: `${service}.amazonaws.com` },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
  });
});

test("EMR Serverless uses it for the logs of this account's applications", () => {
  expect(statement(document, "JobLogs")).toMatchObject({
    Principal: { Service: "emr-serverless.amazonaws.com" },
    Condition: {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": PLACE.arn("emr-serverless", "/applications/*") },
    },
  });
});

test("what log delivery decrypts is what was encrypted for it", () => {
  expect(statement(document, "DeliveredLogs").Condition).toEqual(
    statement(document, "DeliverLogs").Condition,
  );
});
