/** Questions to AWS that always end: who is asking, and whether a bucket is there. */
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { ClientSettings } from "../target";

/** Whose credentials these are. */
export type Identity =
  | { readonly state: "known"; readonly account: string; readonly arn: string }
  /** `none`: there are no credentials; `refused`: AWS takes them not; `silent`: no answer. */
  | { readonly state: "none" | "refused" | "silent"; readonly reason: string };

/** What is known of a bucket. */
export type BucketState =
  | { readonly state: "there" | "absent" | "forbidden" | "elsewhere" }
  | { readonly state: "unknown"; readonly reason: string };

/** Milliseconds for one answer, credentials included: these may come from a program of the user. */
export const ANSWER_MS = 10_000;

/** Asks AWS whose credentials these are. */
export async function callerIdentity(
  client: ClientSettings,
  answerMs: number = ANSWER_MS,
): Promise<Identity> {
  const sts = new STSClient({ ...client, maxAttempts: 1 });
  try {
    const { Account: account = "", Arn: arn = "" } = await within(answerMs, (abortSignal) =>
      sts.send(new GetCallerIdentityCommand({}), { abortSignal }),
    );
    return { state: "known", account, arn };
  } catch (error) {
    return { state: identityState(error), reason: reasonOf(error) };
  } finally {
    sts.destroy();
  }
}

/** Asks S3 for a bucket. */
export async function bucketState(
  client: ClientSettings,
  bucket: string,
  answerMs: number = ANSWER_MS,
): Promise<BucketState> {
  const s3 = new S3Client({ ...client, maxAttempts: 1 });
  try {
    await within(answerMs, (abortSignal) =>
      s3.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal }),
    );
    return { state: "there" };
  } catch (error) {
    switch (statusOf(error)) {
      case 404:
        return { state: "absent" };
      case 403:
        return { state: "forbidden" };
      case 301:
        return { state: "elsewhere" };
      default:
        return { state: "unknown", reason: reasonOf(error) };
    }
  } finally {
    s3.destroy();
  }
}

/** Rejects when the time is over, whatever the work is waiting for. */
async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms / 1000} s`));
      abort.abort();
    }, ms);
  });
  try {
    return await Promise.race([work(abort.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function identityState(error: unknown): "none" | "refused" | "silent" {
  if (statusOf(error) !== undefined) return "refused";
  const name = error instanceof Error ? error.name : "";
  // Of the chain that looks for credentials, and of single sign-on.
  return /ProviderError$/.test(name) ? "none" : "silent";
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message || (error as NodeJS.ErrnoException).code || error.name;
  return text.replace(/\s+/g, " ");
}
