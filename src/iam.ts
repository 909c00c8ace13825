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

/** List, read, write and delete the objects under some prefixes of one bucket. */
export function writePrefixes(
  sid: string,
  bucketArn: string,
  prefixes: readonly string[],
): Statement[] {
  const actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];
  return [
    listPrefixes(`${sid}List`, bucketArn, prefixes),
    allow(`${sid}Write`, actions, objectsUnder(bucketArn, prefixes)),
  ];
}

function objectsUnder(bucketArn: string, prefixes: readonly string[]): string[] {
  return prefixes.map((prefix) => `${bucketArn}/${prefix}*`);
}

/** Listing what is under some prefixes; the folder's own name is what Hadoop asks for first. */
export function listPrefixes(
  sid: string,
  bucketArn: string,
  prefixes: readonly string[],
): Statement {
  return allow(sid, "s3:ListBucket", bucketArn, {
    StringLike: { "s3:prefix": prefixes.flatMap((prefix) => [prefix.slice(0, -1), `${prefix}*`]) },
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
  action: string,
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

/** Nobody reaches a bucket without TLS. */
export function denyInsecureTransport(bucketArn: string): Statement {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
