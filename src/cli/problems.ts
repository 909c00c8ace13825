/** Turning whatever was thrown into what the user reads. */
import { EnvironmentError } from "../config/faults";
import { Failure } from "../local/failure";
import { colors, say } from "./terminal";

/** Prints what went wrong, on stderr. A stack is printed only for what no user can cause. */
export function report(error: unknown): void {
  say(`${colors.red("error:")} ${textOf(error)}`);
}

/** What its reader needs to know of an error: no stack where they can act on it. */
export function textOf(error: unknown): string {
  if (error instanceof EnvironmentError) return error.message;
  if (error instanceof Failure) return error.text();
  const known = awsText(error);
  if (known !== undefined) return known;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Errors of the AWS SDK: the service's words, and what usually lies behind them. */
function awsText(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "CredentialsProviderError")
    return `no AWS credentials: ${error.message}. Sign in (aws sso login, aws configure) or set AWS_PROFILE`;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ECONNREFUSED" || code === "ENOTFOUND")
    return `no connection to AWS (${error.message || code})`;
  if ("$metadata" in error) return `AWS answered ${error.name}: ${error.message}`;
  return undefined;
}
