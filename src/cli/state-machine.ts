/** Where the environment's state machine is, by its name, and the ARNs of its other parts. */
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
export function stateMachineArn(target: Target, account: string): string {
  return arnOf(target, account, "states", `stateMachine:${target.names.stateMachine.etlPipeline}`);
}

/** The ARN of a resource of the environment's region. */
export function arnOf(
  { environment }: Target,
  account: string,
  service: string,
  resource: string,
): string {
  const { aws_region: region } = environment.variables;
  const partition = region.startsWith("cn-")
    ? "aws-cn"
    : region.startsWith("us-gov-")
      ? "aws-us-gov"
      : "aws";
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}
