import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { log } from "../shared/log";
import { trigger } from "./trigger";

interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

const stepFunctions = new SFNClient({});
const stateMachineArn = process.env.STATE_MACHINE_ARN;

export async function handler(event: SqsEvent, context: { awsRequestId: string }) {
  const failed = await trigger(event.Records, {
    requestId: context.awsRequestId,
    now: () => new Date(),
    log,
    startExecution: async (name, input) => {
      await stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
      );
    },
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
