/** Who may do what with the lake's key: the account's people, and the services that write for it. */
import { allowService, policy, type Statement } from "../iam";
import type { Place } from "../place";

export interface KeyPolicyProps {
  readonly place: Place;
  /** ARN of the state machine whose definition and history the key encrypts. */
  readonly stateMachineArn: string;
  /** ARNs of the log groups that the key encrypts. */
  readonly logGroupArns: readonly string[];
}

/**
 * What looking after a key takes, without `kms:*`: an administrator may do all of it and read
 * nothing. (KMS Developer Guide, "Allows key administrators to administer the KMS key".)
 */
const ADMINISTER = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
] as const;

/** What the services that keep data under the key ask for in their caller's name. */
const USE = [
  "kms:Decrypt",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
] as const;

/** Services that call KMS as whoever calls them. */
const VIA = ["dynamodb", "emr-serverless", "lambda", "s3", "sns", "sqs"] as const;
/** Those of them that keep a grant, made by whoever creates the table or function. */
const KEEP_GRANTS = ["dynamodb", "lambda"] as const;

/**
 * The policy of the lake's key. The account's own statements let its IAM policies decide: each
 * actor's role says which part of this it has, and a person needs the same in theirs.
 */
export function keyPolicy(props: KeyPolicyProps): string {
  const { place } = props;
  const { region, accountId } = place;
  const account = (
    sid: string,
    actions: readonly string[],
    condition?: Statement["Condition"],
  ): Statement => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { AWS: `arn:${place.partition}:iam::${accountId}:root` },
    Action: actions,
    Resource: "*",
    ...(condition && { Condition: condition }),
  });
  const via = (services: readonly string[]) => ({
    "kms:ViaService": services.map((service) => `${service}.${region}.amazonaws.com`),
  });
  const service = (sid: string, name: string, condition: NonNullable<Statement["Condition"]>) =>
    allowService(sid, name, ["kms:Decrypt", "kms:GenerateDataKey"], "*", condition);
  const ofDelivery = {
    StringLike: { "kms:EncryptionContext:SourceArn": place.arn("logs", "*") },
  };
  const forAccount = { StringEquals: { "aws:SourceAccount": accountId } };
  return policy(
    account("Administer", ADMINISTER),
    account("UseThroughServices", USE, { StringEquals: via(VIA) }),
    account("GrantThroughServices", ["kms:CreateGrant"], {
      StringEquals: via(KEEP_GRANTS),
      Bool: { "kms:GrantIsForAWSResource": "true" },
    }),
    // Step Functions calls as the machine's role, and as whoever starts or reads an execution.
    account("UseForExecutions", ["kms:Decrypt", "kms:GenerateDataKey"], {
      StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": props.stateMachineArn },
    }),
    // The machine's log delivery encrypts as its role.
    account("DeliverLogs", ["kms:GenerateDataKey"], ofDelivery),
    // What the role encrypted for delivery, and nothing else.
    allowService("DeliveredLogs", "delivery.logs.amazonaws.com", "kms:Decrypt", "*", ofDelivery),
    {
      Sid: "LogGroups",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: [
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
      Resource: "*",
      Condition: {
        ArnEquals: { "kms:EncryptionContext:aws:logs:arn": [...props.logGroupArns] },
      },
    },
    // EMR Serverless User Guide, Encrypting logs.
    service("JobLogs", "emr-serverless.amazonaws.com", {
      ...forAccount,
      ArnLike: { "aws:SourceArn": place.arn("emr-serverless", "/applications/*") },
    }),
    service("EventsToQueues", "events.amazonaws.com", forAccount),
    service("AlarmsToTopic", "cloudwatch.amazonaws.com", forAccount),
    service("BudgetToTopic", "budgets.amazonaws.com", forAccount),
  );
}
