/** Calls that a stack must refuse, whoever may make the like of them rightly. */
import { globalContext } from "./calls";
import type { Context } from "./conditions";
import { encryptionOf } from "./encryption";
import type { Request } from "./evaluate";
import type { Case } from "./judge";
import { arnFields } from "./patterns";
import { administrator } from "./people";
import { arnsOf, type ResolvedStack } from "./resolve";
import { logsCall } from "./services";

/** A call that must be refused. */
export interface Forbidden {
  readonly request: Request;
  /**
   * Who must refuse it: the stack's policies together; those of resources and keys, since the
   * caller is a person or a stranger whose own allow everything; or those of the role alone, even
   * if the resource or key let it; or a VPC endpoint, whoever calls.
   */
  readonly by: "stack" | "resource" | "role" | "endpoint";
  /** What it would be, in a few words. */
  readonly what: string;
}

/** An account that is not the lake's. */
const STRANGER = "999999999999";

/**
 * Calls that a stack must refuse.
 * @param cases those that it must allow: a forbidden call is most often one of them gone astray
 */
export function forbiddenCalls(stack: ResolvedStack, cases: readonly Case[]): Forbidden[] {
  return [
    ...strangers(stack),
    ...forOthers(stack, cases),
    ...overPlainHttp(stack),
    ...wronglyEncrypted(stack),
    ...keyByItself(stack, cases),
    ...handedOn(cases),
    ...lookedAround(cases),
    ...carriedOut(stack),
  ];
}

/** Nobody of another account reaches what has a policy. */
function strangers(stack: ResolvedStack): Forbidden[] {
  const principal = `arn:${stack.partition}:iam::${STRANGER}:role/stranger`;
  const call = (action: string, resource: string): Forbidden => ({
    request: { principal, action, resource, context: globalContext(principal, action, stack) },
    by: "resource" as const,
    what: "a role of another account",
  });
  const each = (type: string, ...calls: [action: string, rest?: string][]) =>
    arnsOf(stack, type).flatMap(({ arn }) =>
      calls.map(([action, rest = ""]) => call(action, `${arn}${rest}`)),
    );
  return [
    ...each("aws_s3_bucket", ["s3:ListBucket"], ["s3:GetObject", "/x"], ["s3:PutObject", "/x"]),
    ...each("aws_sqs_queue", ["sqs:SendMessage"], ["sqs:ReceiveMessage"]),
    ...each("aws_sns_topic", ["sns:Publish"], ["sns:Subscribe"]),
    ...each("aws_kms_key", ["kms:Decrypt"], ["kms:GenerateDataKey"], ["kms:PutKeyPolicy"]),
    ...each("aws_iam_role", ["sts:AssumeRole"]),
  ];
}

/**
 * A service that does for another account what it does for this one, and a service that takes a
 * role which is another's. Lambda does not say for whom it takes a role.
 */
function forOthers(stack: ResolvedStack, cases: readonly Case[]): Forbidden[] {
  const made = cases.filter(({ request }) => arnFields(request.principal) === undefined);
  const confused = made
    .filter(({ request }) => request.context["aws:SourceArn"] !== undefined)
    .map(({ request }) => ({
      request: {
        ...request,
        context: {
          ...request.context,
          "aws:SourceAccount": STRANGER,
          "aws:SourceArn": elsewhere(String(request.context["aws:SourceArn"])),
        },
      },
      by: "stack" as const,
      what: `${request.principal} for another account`,
    }));
  const mistaken = made.map(({ request }) => ({
    request: { ...request, principal: "ec2.amazonaws.com" },
    by: "stack" as const,
    what: "another service",
  }));
  const groups = arnsOf(stack, "aws_kms_key").map(({ arn: key }) => ({
    request: logsCall(
      stack,
      `arn:${stack.partition}:logs:${stack.region}:${STRANGER}:log-group:x`,
      key,
      "Decrypt",
    ),
    by: "stack" as const,
    what: "CloudWatch Logs for another account's log group",
  }));
  return [...confused, ...mistaken, ...groups];
}

/** Without TLS, or over one that is older than 1.2, not even an administrator gets anything. */
function overPlainHttp(stack: ResolvedStack): Forbidden[] {
  const principal = administrator(stack);
  const call = (action: string, resource: string, key: string, value: string): Forbidden => ({
    request: {
      principal,
      action,
      resource,
      context: { ...globalContext(principal, action, stack), [key]: value },
    },
    by: "resource" as const,
    what: key === "aws:SecureTransport" ? "without TLS" : "over an old TLS",
  });
  const plain = (action: string, resource: string) =>
    call(action, resource, "aws:SecureTransport", "false");
  return [
    ...arnsOf(stack, "aws_s3_bucket").flatMap(({ arn }) => [
      plain("s3:ListBucket", arn),
      plain("s3:GetObject", `${arn}/x`),
      plain("s3:PutObject", `${arn}/x`),
      call("s3:GetObject", `${arn}/x`, "s3:TlsVersion", "1.1"),
      call("s3:ListBucket", arn, "s3:TlsVersion", "1.1"),
    ]),
    ...arnsOf(stack, "aws_sqs_queue").flatMap(({ arn }) => [
      plain("sqs:SendMessage", arn),
      plain("sqs:ReceiveMessage", arn),
    ]),
    ...arnsOf(stack, "aws_sns_topic").map(({ arn }) => plain("sns:Publish", arn)),
  ];
}

/** Into a bucket with a key goes nothing that another key encrypts, or S3's own. */
function wronglyEncrypted(stack: ResolvedStack): Forbidden[] {
  const principal = administrator(stack);
  const context = globalContext(principal, "s3:PutObject", stack);
  const header = "s3:x-amz-server-side-encryption";
  const wrong = (key: string): Context[] => [
    { [header]: "AES256" },
    { [header]: "aws:kms:dsse", [`${header}-aws-kms-key-id`]: key },
    { [header]: "aws:kms", [`${header}-aws-kms-key-id`]: elsewhere(key) },
    { [header]: "aws:kms", [`${header}-aws-kms-key-id`]: `${key}0` },
  ];
  const buckets = new Set(arnsOf(stack, "aws_s3_bucket").map(({ arn }) => arn));
  return [...encryptionOf(stack)]
    .filter(([arn]) => buckets.has(arn))
    .flatMap(([arn, { key }]) =>
      wrong(key).map((headers) => ({
        request: {
          principal,
          action: "s3:PutObject",
          resource: `${arn}/x`,
          context: { ...context, ...headers },
        },
        by: "resource" as const,
        what: "a put with another encryption",
      })),
    );
}

/** A key is used through the services that keep data under it, and by nobody directly. */
function keyByItself(stack: ResolvedStack, cases: readonly Case[]): Forbidden[] {
  const ec2 = { "kms:ViaService": `ec2.${stack.region}.amazonaws.com` };
  return cases
    .filter(({ request }) =>
      /^kms:(Decrypt|Encrypt|GenerateDataKey|ReEncrypt|CreateGrant)/.test(request.action),
    )
    .filter(({ request }) => arnFields(request.principal) !== undefined)
    .flatMap(({ request, origin }) => {
      const bare = Object.fromEntries(
        Object.entries(request.context).filter(([key]) => !key.startsWith("kms:")),
      );
      return [
        { what: "the key by itself", context: bare },
        { what: "the key through another service", context: { ...bare, ...ec2 } },
      ].map(({ what, context }) => ({
        request: { ...request, context },
        by: origin === "person" ? ("resource" as const) : ("role" as const),
        what,
      }));
    });
}

/** A role is handed to the service it is for. */
function handedOn(cases: readonly Case[]): Forbidden[] {
  return cases
    .filter(({ request }) => request.action === "iam:PassRole")
    .flatMap(({ request }) =>
      ["lambda.amazonaws.com", "ec2.amazonaws.com"].map((service) => ({
        request: { ...request, context: { ...request.context, "iam:PassedToService": service } },
        by: "stack" as const,
        what: `a role handed to ${service}`,
      })),
    );
}

/** Who lists a folder does not list the bucket, nor the folder beside. */
function lookedAround(cases: readonly Case[]): Forbidden[] {
  return cases
    .filter(({ request, origin }) => request.action === "s3:ListBucket" && origin === "recorded")
    .flatMap(({ request }) => {
      const { "s3:prefix": _, ...context } = request.context;
      return [
        { ...request, context },
        { ...request, context: { ...context, "s3:prefix": "elsewhere/" } },
      ].map((one) => ({ request: one, by: "stack" as const, what: "a listing of another folder" }));
    });
}

/** Through an endpoint nothing leaves for another account, with whatever credentials. */
function carriedOut(stack: ResolvedStack): Forbidden[] {
  const principal = `arn:${stack.partition}:iam::${STRANGER}:role/stranger`;
  const away = (service: string, rest: string) =>
    `arn:${stack.partition}:${service}:${stack.region}:${STRANGER}:${rest}`;
  const calls: Readonly<Record<string, readonly [action: string, resource: string][]>> = {
    s3: ["GetObject", "PutObject"].map((name) => [
      `s3:${name}`,
      `arn:${stack.partition}:s3:::bucket-of-others/x`,
    ]),
    logs: [["logs:PutLogEvents", away("logs", "log-group:x:log-stream:y")]],
    glue: [["glue:UpdateTable", away("glue", "table/d/t")]],
    kms: [["kms:GenerateDataKey", away("kms", "key/1")]],
    sts: [["sts:AssumeRole", `arn:${stack.partition}:iam::${STRANGER}:role/x`]],
  };
  return stack.policies
    .filter(({ kind }) => kind === "endpoint")
    .flatMap(({ target }) => calls[target] ?? [])
    .map(([action, resource]) => ({
      request: { principal, action, resource, context: globalContext(principal, action, stack) },
      by: "endpoint" as const,
      what: "through the endpoint to another account",
    }));
}

/** The like of an ARN in another account; of a bucket, which has none, by another name. */
export function elsewhere(arn: string): string {
  const [head = "", partition = "", service = "", region = "", account = "", rest = ""] =
    arnFields(arn) ?? [];
  const other = account === "" ? `${rest}-of-others` : rest;
  return [head, partition, service, region, account === "" ? "" : STRANGER, other].join(":");
}
