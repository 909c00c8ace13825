/** Terraform's words for a state that someone else holds. */

/** Who holds it. */
export interface LockHolder {
  readonly id: string;
  readonly who: string;
  readonly operation: string;
  readonly created: string;
}

/** The holder that Terraform names in its output; undefined where the lock is not the trouble. */
export function lockHolder(output: string): LockHolder | undefined {
  if (!output.includes("Error acquiring the state lock")) return undefined;
  const field = (name: string) =>
    new RegExp(`^[\\s│]*${name}:\\s+(\\S.*?)\\s*$`, "m").exec(output)?.[1] ?? "unknown";
  return {
    id: field("ID"),
    who: field("Who"),
    operation: field("Operation")
      .replace(/^OperationType/, "")
      .toLowerCase(),
    created: field("Created").replace(/\.\d+ \+0000 UTC$/, " UTC"),
  };
}

/** What to tell the one who came second; `folder` is where Terraform finds the stack. */
export function lockWords(stack: string, holder: LockHolder, folder: string): string {
  return [
    `The state of ${stack} is locked by ${holder.who} since ${holder.created} (${holder.operation}). Nothing was changed.`,
    "Wait for it to end and run this again. Only if that process is dead:",
    `  cd ${folder} && terraform force-unlock ${holder.id}`,
  ].join("\n");
}
