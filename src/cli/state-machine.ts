/** Where the environment's state machine is, by its name. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Target } from "./target";

/** Its ARN; the account is asked of AWS where the environment names none. */
export async function stateMachineArn({ environment, names, client }: Target): Promise<string> {
  const { aws_region: region, account_id } = environment.variables;
  const account =
    account_id ?? (await new STSClient(client).send(new GetCallerIdentityCommand({}))).Account;
  const partition = region.startsWith("cn-")
    ? "aws-cn"
    : region.startsWith("us-gov-")
      ? "aws-us-gov"
      : "aws";
  return `arn:${partition}:states:${region}:${account}:stateMachine:${names.stateMachine.etlPipeline}`;
}
