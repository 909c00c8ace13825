/** What Terraform's output says about how far it is. */

/** Counts of resources of one apply or destroy. */
export interface TerraformProgress {
  /** Resources that the plan changes; unknown before the plan is made. */
  readonly planned: number | undefined;
  readonly done: number;
  /** Addresses that are being worked on, oldest first. */
  readonly underway: readonly string[];
  /** Lines of Terraform's error blocks. */
  readonly errors: readonly string[];
}

export const NO_PROGRESS: TerraformProgress = {
  planned: undefined,
  done: 0,
  underway: [],
  errors: [],
};

const PLAN = /Plan: (\d+) to add, (\d+) to change, (\d+) to destroy/;
const STARTED = /(\S+): (?:Creating|Modifying|Destroying)\.\.\./;
const DONE = /(\S+): (?:Creation|Modifications|Destruction) complete after/;
const ERROR_START = /╷|^\s*(?:\S+\s+)?Error: /;
const ERROR_END = /╵/;

/** The progress after one more line; cdktf's prefix (`data-lake-local  …`) may stand before it. */
export function advance(progress: TerraformProgress, line: string): TerraformProgress {
  const plan = PLAN.exec(line);
  if (plan) return { ...progress, planned: Number(plan[1]) + Number(plan[2]) + Number(plan[3]) };
  const started = STARTED.exec(line)?.[1];
  if (started !== undefined) return { ...progress, underway: [...progress.underway, started] };
  const done = DONE.exec(line)?.[1];
  if (done !== undefined)
    return {
      ...progress,
      done: progress.done + 1,
      underway: progress.underway.filter((address) => address !== done),
    };
  return progress;
}

/**
 * Resources that are set by one call at their beginning; for the rest of it the provider only looks
 * again and again whether all of AWS has them: 55 s for a lifecycle, 25 s for a queue's policies.
 */
const CONFIRMED = /^aws_(s3_bucket_lifecycle_configuration|sqs_queue_(redrive_)?policy)\./;

/** Whether the end of this resource's making is a confirmation alone. */
export function isConfirmed(address: string): boolean {
  return CONFIRMED.test(address);
}

/** Whether nothing is left to make: Terraform has ended, or waits for confirmations alone. */
export function isUsable({ planned, done, underway }: TerraformProgress): boolean {
  return planned === done + underway.length && underway.every(isConfirmed);
}

/** `42 of 139 resources (aws_kms_key.lake and 7 more)`. */
export function describe(progress: TerraformProgress): string {
  const { planned, done, underway } = progress;
  if (planned === undefined) return "planning";
  const [first, ...others] = underway;
  const rest = others.length > 0 ? ` and ${others.length} more` : "";
  return `${done} of ${planned} resources${first === undefined ? "" : ` (${first}${rest})`}`;
}

/** The error blocks in what cdktf and Terraform said, without frames and prefixes; each once. */
export function errorBlocks(lines: readonly string[], stack: string): string {
  const blocks: string[][] = [];
  let open: string[] | undefined;
  for (const raw of lines) {
    const line = raw.replace(new RegExp(`^\\s*${stack}\\s+`), "");
    if (ERROR_END.test(line)) open = undefined;
    else if (ERROR_START.test(line) && open === undefined) {
      open = [];
      blocks.push(open);
    }
    const text = line.replace(/^\s*[╷│╵]\s?/, "").trimEnd();
    if (open && text.trim() !== "") open.push(text);
  }
  const texts = blocks.map((block) => block.join("\n")).filter((text) => text.includes("Error: "));
  return [...new Set(texts)].join("\n");
}
