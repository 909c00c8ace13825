/** The first question of every command that changes something: is this the right account? */
import { Failure } from "../../local/failure";
import { callerIdentity } from "../doctor/aws";
import type { Target } from "../target";
import { say } from "../terminal";

/**
 * Asks AWS whose credentials these are, before anything else is asked of it; resolves with the
 * account.
 * @throws Failure when there is no answer, or when the environment names another account
 */
export async function requireAccount({ environment, client }: Target): Promise<string> {
  const { name, variables } = environment;
  const identity = await callerIdentity(client);
  if (identity.state !== "known")
    throw new Failure(
      `AWS does not say whose credentials these are: ${identity.reason}\nSign in (aws sso login, aws configure) or set AWS_PROFILE. Nothing was read or changed.`,
    );
  const { account, arn } = identity;
  if (variables.account_id === undefined)
    say(
      `Account ${account} (${arn}). To let ${name} touch no other, set account_id = "${account}".`,
    );
  else if (variables.account_id !== account)
    throw new Failure(
      `The credentials are those of account ${account} (${arn}), and ${name} may touch ${variables.account_id} alone (account_id). Nothing was read or changed.\nTake credentials of ${variables.account_id} (AWS_PROFILE), or correct account_id.`,
    );
  return account;
}
