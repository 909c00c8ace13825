/** What Terraform's errors mean to the one who deploys, and what to do about them. Pure. */
import { lockHolder, lockWords } from "./lock";

/** Where it went wrong. */
export interface Place {
  readonly environment: string;
  readonly stack: string;
  /** Folder of the stack, as a person would go there. */
  readonly folder: string;
}

/** The whole message for a known trouble; undefined where Terraform's own words must do. */
export function knownTrouble(output: string, place: Place): string | undefined {
  const holder = lockHolder(output);
  if (holder) return lockWords(place.stack, holder, place.folder);
  if (output.includes("Saved plan is stale"))
    return `Someone else has changed the state of ${place.stack} since the plan was made. Nothing was changed. Run this again.`;
  // Terraform breaks lines where the terminal ends.
  const flat = output.replaceAll(/[│╷╵\s]+/g, " ");
  const bucket = /S3 bucket "([^"]+)" does not exist/.exec(flat)?.[1];
  if (bucket !== undefined)
    return `The bucket of the state, ${bucket}, is not there. It is made once:  npx cdktf deploy state-${place.environment}`;
  if (flat.includes("Backend configuration changed")) return movedState(place);
  const kept = [...flat.matchAll(/Resource (\S+) has lifecycle\.prevent_destroy set/g)].map(
    (match) => match[1] ?? "",
  );
  if (kept.length > 0) return retained(kept, place.environment);
  return undefined;
}

/** The names of the state's bucket and of its key are made of variables, too. */
function movedState({ stack, environment, folder }: Place): string {
  return [
    `The state of ${stack} would lie elsewhere than ${folder} knows it to: project, bucket_suffix, aws_region or state_in_bucket has changed. Nothing was changed.`,
    "Take that back; or, where the state is to move, make the new bucket and let Terraform carry it over:",
    `  npx cdktf deploy state-${environment} && npx lake plan ${environment} --migrate-state`,
  ].join("\n");
}

function retained(addresses: readonly string[], environment: string): string {
  const list = [...new Set(addresses)].sort().map((address) => `  ${address}`);
  return [
    `Nothing was changed. The plan would destroy, or destroy and make anew, what retain_data = true keeps:`,
    ...list,
    `Take back the change that does it (project, bucket_suffix and the environment's name are parts of names), or, if the data may go, deploy retain_data = false in env/${environment}.tfvars first.`,
  ].join("\n");
}
