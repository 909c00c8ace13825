/** Turning whatever was thrown into what the user reads. */
import { EnvironmentError } from "../config/faults";
import { Failure } from "../local/failure";
import { colors, say } from "./terminal";

/** Prints what went wrong, on stderr. A stack is printed only for what no user can cause. */
export function report(error: unknown): void {
  say(`${colors.red("error:")} ${textOf(error)}`);
}

/** The same in one text, without the stack. */
export function wordsOf(error: unknown): string {
  return known(error) ?? (error instanceof Error ? error.message : String(error));
}

function textOf(error: unknown): string {
  return known(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function known(error: unknown): string | undefined {
  if (error instanceof EnvironmentError) return error.message;
  if (error instanceof Failure) return error.text();
  return awsText(error);
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
