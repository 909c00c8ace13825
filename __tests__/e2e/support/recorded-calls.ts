/** The API calls that the actors of a deployed lake have made, as the local AWS has noted them. */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What AWS would ask the policies of a role, and how often. */
export interface RecordedCall {
  /** ARN of the role, as deployed. */
  readonly role: string;
  /** IAM action, such as `s3:GetObject`. */
  readonly action: string;
  /** ARN; `*` where the action knows no resource. */
  readonly resource: string;
  /** Values by condition key, such as `s3:prefix`. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  readonly count: number;
}

/** Executions of machines that a test has made beside the lake's own, to hold its locks. */
const OF_TESTS = /:execution:test-/;

/** Calls, with the synthesized stacks whose roles made them. */
export interface CallRecord {
  /** Terraform JSON by the name of the stack. */
  readonly stacks: Readonly<Record<string, unknown>>;
  readonly calls: readonly RecordedCall[];
}

/** The distinct calls so far. */
export async function fetchCalls(endpoint: string): Promise<readonly RecordedCall[]> {
  const answer = await fetch(`${endpoint}/emulator/calls`);
  if (!answer.ok) throw new Error(`GET ${answer.url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as RecordedCall[];
}

/**
 * Keeps the calls of a lake in the folder that `LAKE_CALLS` names, one file each; does nothing
 * where it names none.
 * @param synthesized cdktf's folder of stacks, `cdktf.out/stacks`
 */
export function keepCalls(calls: readonly RecordedCall[], synthesized: string): void {
  const folder = process.env.LAKE_CALLS;
  const ofLake = calls.filter(({ resource }) => !OF_TESTS.test(resource));
  if (!folder || ofLake.length === 0) return;
  const names = existsSync(synthesized) ? readdirSync(synthesized) : [];
  const stacks = names.map((name) => [
    name,
    JSON.parse(readFileSync(join(synthesized, name, "cdk.tf.json"), "utf8")) as unknown,
  ]);
  const record: CallRecord = { stacks: Object.fromEntries(stacks), calls: ofLake };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(record, null, 1));
}
