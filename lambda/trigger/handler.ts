import { log } from "../shared/log";
import { outcomeOf, pending, readSources, reports, startExecution, stateOf } from "./aws";
import { trigger } from "./trigger";

interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

export async function handler(event: SqsEvent, context: { awsRequestId: string }) {
  const failed = await trigger(event.Records, {
    requestId: context.awsRequestId,
    now: () => new Date(),
    log,
    outcomeOf,
    pending,
    readSources,
    reports,
    startExecution,
    stateOf,
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
