/** Policy documents by intent: exact actions on exact resources, as plain data. */

/** Values of one condition key. */
type Values = string | readonly string[];

/** One statement of a policy document. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, Values>>;
  readonly Action: Values;
  readonly Resource?: Values;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

/** A policy document, as JSON text. */
export function policy(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * Lets one AWS service take a role.
 * @param accountId the account that the service must be acting for. Left out for Lambda, which is
 * not documented to send `aws:SourceAccount` with its execution role; who may hand a role to
 * Lambda is `iam:PassRole`'s to say.
 */
export function trust(service: string, accountId?: string): string {
  return policy({
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sts:AssumeRole",
    ...(accountId && { Condition: { StringEquals: { "aws:SourceAccount": accountId } } }),
  });
}

/** An identity may do these actions on these resources. */
export function allow(
  sid: string,
  actions: Values,
  resources: Values,
  condition?: Statement["Condition"],
): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(condition && { Condition: condition }),
  };
}

/** List and read the objects under some prefixes (each ending in `/`) of one bucket. */
export function readPrefixes(
  sid: string,
  bucketArn: string,
  prefixes: readonly string[],
): Statement[] {
  return [
    listPrefixes(`${sid}List`, bucketArn, prefixes),
    allow(`${sid}Read`, "s3:GetObject", objectsUnder(bucketArn, prefixes)),
  ];
}

/**
 * List, read, write and delete the objects under some prefixes of one bucket. Before Hadoop makes a
 * folder it asks for each above it by its own name, without a slash, and a refusal ends the job.
 */
export function writePrefixes(
  sid: string,
  bucketArn: string,
  prefixes: readonly string[],
): Statement[] {
  const actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];
  return [
    allow(`${sid}List`, "s3:ListBucket", bucketArn, {
      StringLike: { "s3:prefix": prefixes.flatMap((prefix) => [folder(prefix), `${prefix}*`]) },
    }),
    allow(`${sid}Write`, actions, objectsUnder(bucketArn, prefixes)),
    allow(
      `${sid}Folders`,
      "s3:GetObject",
      prefixes.map((prefix) => `${bucketArn}/${folder(prefix)}`),
    ),
  ];
}

/** The objects under some prefixes of one bucket. */
export function objectsUnder(bucketArn: string, prefixes: readonly string[]): string[] {
  return prefixes.map((prefix) => `${bucketArn}/${prefix}*`);
}

function folder(prefix: string): string {
  return prefix.slice(0, -1);
}

/** Listing what is under some prefixes. */
export function listPrefixes(
  sid: string,
  bucketArn: string,
  prefixes: readonly string[],
): Statement {
  return allow(sid, "s3:ListBucket", bucketArn, {
    StringLike: { "s3:prefix": prefixes.map((prefix) => `${prefix}*`) },
  });
}

/** Write to one log group that exists already. */
export function writeLogs(logGroupArn: string): Statement {
  return allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], `${logGroupArn}:*`);
}

/** Hand one role to one service. */
export function passRole(roleArn: string, service: string): Statement {
  return allow("PassRole", "iam:PassRole", roleArn, {
    StringEquals: { "iam:PassedToService": service },
  });
}

/** A service may act on a resource, for this account alone. */
export function allowService(
  sid: string,
  service: string,
  action: Values,
  resource: string,
  condition: NonNullable<Statement["Condition"]>,
): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: service },
    Action: action,
    Resource: resource,
    Condition: condition,
  };
}

/** Nobody does this without TLS. */
export function denyInsecureTransport(action: string, resources: Values): Statement {
  return deny("DenyInsecureTransport", action, resources, {
    Bool: { "aws:SecureTransport": "false" },
  });
}

/** Nobody reaches a bucket by a TLS that is older than 1.2. */
export function denyOldTls(bucketArn: string): Statement {
  return deny("DenyOldTls", "s3:*", [bucketArn, `${bucketArn}/*`], {
    NumericLessThan: { "s3:TlsVersion": "1.2" },
  });
}

/**
 * Nobody stores an object under another key than the bucket's. A request that names no encryption
 * gets the bucket's own: only one that names another is refused, which is why each statement also
 * asks whether the header is there (a negated comparison holds for a header that is not).
 */
export function denyOtherEncryption(bucketArn: string, keyArn: string): Statement[] {
  const unlike = (sid: string, header: string, value: string) =>
    deny(sid, "s3:PutObject", `${bucketArn}/*`, {
      Null: { [header]: "false" },
      StringNotEquals: { [header]: value },
    });
  return [
    unlike("DenyOtherEncryption", "s3:x-amz-server-side-encryption", "aws:kms"),
    unlike("DenyOtherKey", "s3:x-amz-server-side-encryption-aws-kms-key-id", keyArn),
  ];
}

function deny(
  sid: string,
  action: string,
  resources: Values,
  condition: NonNullable<Statement["Condition"]>,
): Statement {
  return {
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resources,
    Condition: condition,
  };
}

/** A service's calls on the key, made in the actor's name while it works for the actor. */
type KeyUse = "kms:Decrypt" | "kms:GenerateDataKey";

/** The key that the lake is encrypted with. */
export interface EncryptionKey {
  readonly arn: string;
  readonly region: string;
}

/** Use a key through some services alone, each as `s3`, `sqs`, …; never by calling KMS itself. */
export function useKey(
  sid: string,
  key: EncryptionKey,
  actions: readonly KeyUse[],
  ...services: readonly string[]
): Statement {
  return allow(sid, actions, key.arn, {
    StringEquals: {
      "kms:ViaService": services.map((service) => `${service}.${key.region}.amazonaws.com`),
    },
  });
}

/**
 * Use a key for the executions of one state machine: to read them takes `kms:Decrypt`, to start one
 * nothing (Step Functions Developer Guide, Data at rest encryption).
 */
export function useKeyForExecutions(
  key: EncryptionKey,
  stateMachineArn: string,
  actions: readonly KeyUse[],
): Statement {
  return allow("UseKeyForExecutions", actions, key.arn, {
    StringEquals: { "kms:EncryptionContext:aws:states:stateMachineArn": stateMachineArn },
  });
}
