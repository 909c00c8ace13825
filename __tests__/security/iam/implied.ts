/** What AWS asks of KMS in a caller's name, once for each call on something encrypted. */
import { globalContext, type KnownCall } from "./calls";
import { catalogKey, type Encryption, encryptionOf } from "./encryption";
import { accountOf, type Request } from "./evaluate";
import { arnFields, matchesWildcard } from "./patterns";
import type { ResolvedStack } from "./resolve";

const DOCS = "https://docs.aws.amazon.com";

/** What an action on something encrypted takes of its key. */
interface Rule {
  /** Actions, with wildcards. */
  readonly actions: readonly string[];
  readonly needs: readonly ("kms:Decrypt" | "kms:GenerateDataKey" | "kms:Encrypt")[];
  /** The service in `kms:ViaService`. */
  readonly via: string;
  /** Encryption context of the key's use, by the resource's ARN. */
  readonly encryptionContext: (arn: string, stack: ResolvedStack) => Record<string, string>;
  readonly source: string;
}

const S3 = {
  via: "s3",
  encryptionContext: (arn: string) => ({ "aws:s3:arn": arn }),
  source: `${DOCS}/AmazonS3/latest/userguide/UsingKMSEncryption.html`,
};
const SQS = {
  via: "sqs",
  encryptionContext: (arn: string) => ({ "aws:sqs:arn": arn }),
  source: `${DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html`,
};

/** First match counts. What stands in none takes nothing: listing, deleting, starting. */
const RULES: readonly Rule[] = [
  { ...S3, actions: ["s3:GetObject", "s3:GetObjectVersion"], needs: ["kms:Decrypt"] },
  // Any put may be one part of many, and those are decrypted to be put together ("Multipart upload
  // and permissions"): the calls do not tell which.
  { ...S3, actions: ["s3:PutObject"], needs: ["kms:GenerateDataKey", "kms:Decrypt"] },
  { ...SQS, actions: ["sqs:ReceiveMessage"], needs: ["kms:Decrypt"] },
  { ...SQS, actions: ["sqs:SendMessage"], needs: ["kms:GenerateDataKey", "kms:Decrypt"] },
  {
    actions: ["sns:Publish"],
    needs: ["kms:GenerateDataKey", "kms:Decrypt"],
    via: "sns",
    encryptionContext: (arn) => ({ "aws:sns:topicArn": arn }),
    source: `${DOCS}/sns/latest/dg/sns-key-management.html`,
  },
  // The table's own key is decrypted in the caller's name, and kept for five minutes.
  {
    actions: ["dynamodb:*Item", "dynamodb:Query", "dynamodb:Scan"],
    needs: ["kms:Decrypt"],
    via: "dynamodb",
    encryptionContext: (arn, { account }) => ({
      "aws:dynamodb:tableName": arn.split("/")[1] ?? "",
      "aws:dynamodb:subscriberId": account,
    }),
    source: `${DOCS}/amazondynamodb/latest/developerguide/encryption.usagenotes.html`,
  },
  // "Required permissions for API callers": StartExecution, StopExecution and the like take none.
  {
    actions: [
      "states:DescribeExecution",
      "states:GetExecutionHistory",
      "states:DescribeStateMachine*",
    ],
    needs: ["kms:Decrypt"],
    via: "states",
    encryptionContext: (arn) => ({ "aws:states:stateMachineArn": arn }),
    source: `${DOCS}/step-functions/latest/dg/encryption-at-rest.html`,
  },
  {
    actions: ["glue:*Database*", "glue:*Table*", "glue:*Partition*"],
    needs: ["kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt"],
    via: "glue",
    encryptionContext: (_, { account }) => ({ glue_catalog_id: account }),
    source: `${DOCS}/glue/latest/dg/encrypt-glue-data-catalog.html`,
  },
];

/**
 * The calls on KMS that follow from a call. Logs take none of who writes them, and a function's
 * environment is decrypted by a grant that Lambda has of whoever made the function.
 */
export class Implied {
  private readonly encryption: ReadonlyMap<string, Encryption>;
  private readonly catalog: string | undefined;

  constructor(private readonly stack: ResolvedStack) {
    this.encryption = encryptionOf(stack);
    this.catalog = catalogKey(stack);
  }

  of(request: Request): KnownCall[] {
    const rule = RULES.find(({ actions }) =>
      actions.some((action) => matchesWildcard(action, request.action, true)),
    );
    const encrypted = rule && this.encryptedOf(request);
    if (rule === undefined || encrypted === undefined) return [];
    const { stack } = this;
    return rule.needs.map((action) => ({
      principal: request.principal,
      action,
      resource: encrypted.key,
      context: {
        ...globalContext(request.principal, action, stack),
        ...ofSource(request),
        ...(accountOf(request.principal) !== undefined && {
          "aws:ViaAWSService": "true",
          "kms:ViaService": `${rule.via}.${stack.region}.amazonaws.com`,
        }),
        ...Object.fromEntries(
          Object.entries(rule.encryptionContext(encrypted.arn, stack)).map(([key, value]) => [
            `kms:EncryptionContext:${key}`,
            value,
          ]),
        ),
      },
      because: `${request.action} on ${request.resource}`,
      source: rule.source,
    }));
  }

  /** What is encrypted of a request's resource: object or bucket, execution's machine, catalog. */
  private encryptedOf({ action, resource }: Request): { arn: string; key: string } | undefined {
    if (action.startsWith("glue:"))
      return this.catalog === undefined ? undefined : { arn: resource, key: this.catalog };
    const [, , service, region, account, rest = ""] = arnFields(resource) ?? [];
    if (service === "states") {
      // execution:<machine>:<name>
      const machine = `arn:${this.stack.partition}:states:${region}:${account}:stateMachine:${rest.split(":")[1]}`;
      const found = this.encryption.get(machine);
      return found && { arn: machine, key: found.key };
    }
    const bucket = /^arn:[\w-]+:s3:::[^/]+/.exec(resource)?.[0];
    const found = this.encryption.get(bucket ?? resource);
    return found && { arn: found.bucketKey && bucket ? bucket : resource, key: found.key };
  }
}

/** A service says of a use of the key what it says of the call: on whose account's behalf it is. */
function ofSource({ context }: Request): Record<string, string | readonly string[]> {
  return Object.fromEntries(
    Object.entries(context).filter(([key]) => /^aws:Source(Arn|Account)$/.test(key)),
  );
}
