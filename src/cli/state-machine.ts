/** Where the environment's state machine is, by its name. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Target } from "./target";

/** The account of the environment; AWS is asked where it names none. */
export async function accountOf({ environment, client }: Target): Promise<string> {
  const { account_id } = environment.variables;
  if (account_id !== undefined) return account_id;
  const { Account = "" } = await new STSClient(client).send(new GetCallerIdentityCommand({}));
  return Account;
}

/** Its ARN in this account. */
export function stateMachineArn({ environment, names }: Target, account: string): string {
  const { aws_region: region } = environment.variables;
  const partition = region.startsWith("cn-")
    ? "aws-cn"
    : region.startsWith("us-gov-")
      ? "aws-us-gov"
      : "aws";
  return `arn:${partition}:states:${region}:${account}:stateMachine:${names.stateMachine.etlPipeline}`;
}
