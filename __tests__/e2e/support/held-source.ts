/** A source that is busy for as long as a test likes: its lock is held by an execution that waits. */
import {
  CreateStateMachineCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { DeployedLake } from "./deployed-lake";
import { locksOf } from "./locks";
import { pipelineOf } from "./pipeline";

const WAITING = { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 3600, End: true } } };

/** Takes a free lock; resolves with what gives it back. */
export async function holdSource(lake: DeployedLake, source: string): Promise<() => Promise<void>> {
  const { sfn } = pipelineOf(lake);
  const locks = locksOf(lake, lake.names.table.locks);
  // Creating it again with the same definition gives the one there is.
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: "test-holder",
      definition: JSON.stringify(WAITING),
      roleArn: "arn:aws:iam::123456789012:role/test",
    }),
  );
  const { executionArn = "" } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
  await locks.give(`source#${source}`, executionArn);
  return async () => {
    await locks.withdraw(`source#${source}`, executionArn);
    await sfn.send(new StopExecutionCommand({ executionArn }));
  };
}
