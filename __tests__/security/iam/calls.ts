/** Calls as they are judged: recorded ones, and those that are known of. */
import { accountOf, type Request } from "./evaluate";
import type { Facts } from "./references";

/** A call that the local AWS recorded. */
export interface Call {
  /** ARN of the role that called. */
  readonly role: string;
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** ARN, or `*` where the action knows no resource. */
  readonly resource: string;
  /** Condition keys with their values. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly count: number;
}

/** A call that is not recorded but known of, with where it is documented. */
export interface KnownCall extends Request {
  /** Why it is made, in a few words. */
  readonly because: string;
  /** Page that says so. */
  readonly source: string;
}

/**
 * A recorded call with the keys that AWS sets on every request (IAM User Guide, "AWS global
 * condition context keys"). The local AWS is reached without TLS; the SDKs reach AWS over 1.2 at
 * least ("Amazon S3 condition keys": `s3:TlsVersion`).
 */
export function requestOf({ role, action, resource, context }: Call, facts: Facts): Request {
  return {
    principal: role,
    action,
    resource,
    context: { ...globalContext(role, action, facts), ...context },
  };
}

/** The keys that AWS sets by itself, for a role or for a service. */
export function globalContext(principal: string, action: string, facts: Facts) {
  const account = accountOf(principal);
  return {
    "aws:SecureTransport": "true",
    "aws:RequestedRegion": facts.region,
    "aws:ResourceAccount": facts.account,
    ...(account === undefined
      ? { "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal }
      : {
          "aws:PrincipalIsAWSService": "false",
          "aws:PrincipalArn": principal,
          "aws:PrincipalAccount": account,
          ...(action.startsWith("s3:") && { "s3:TlsVersion": "1.2" }),
          ...(action.startsWith("kms:") && { "kms:CallerAccount": account }),
        }),
  };
}
