/** Asking before something is changed, as Terraform asks. */
import { once } from "node:events";
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
  // Not as a terminal of its own, where Ctrl-C would be a character and no signal.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const ended = once(lines, "close").then(() => "");
  try {
    say(`\n${question}`);
    const answer = lines.question("Only 'yes' is accepted: ", { signal });
    if ((await Promise.race([answer, ended])).trim() !== "yes")
      throw new Failure("Nothing was changed.");
  } finally {
    lines.close();
  }
}
