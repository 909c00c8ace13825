/** Asking before something is changed, as Terraform asks. */
import { createInterface } from "node:readline/promises";
import { Failure } from "../../local/failure";
import { say } from "../terminal";

/**
 * Resolves where the person, or `--auto-approve`, agrees.
 * @throws Failure where nobody can be asked, or the answer is another
 */
export async function requireApproval(
  question: string,
  autoApprove: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (autoApprove) return;
  if (!process.stdin.isTTY)
    throw new Failure(
      "Nothing was changed: there is no terminal to ask. Read the plan above, then run this again with --auto-approve.",
    );
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    say(`\n${question}`);
    const answer = await lines.question("Only 'yes' is accepted: ", { signal });
    if (answer.trim() !== "yes") throw new Failure("Nothing was changed.");
  } finally {
    lines.close();
  }
}
