/** A stack with one thing of it removed or weakened at a time. */
import { type Block, Synthesized } from "../../support/synth";
import { allResources, type Subject } from "./rule";

export interface Mutant {
  /** `aws_sqs_queue.ingest`, or one of its attributes: `aws_sqs_queue.ingest.name`. */
  readonly what: string;
  readonly change: "removed" | "weakened";
  /** What stood there, and what stands there now. */
  readonly from: unknown;
  readonly to: unknown;
}

/** What is weaker than these; anything else becomes something else. */
const WEAKER: Readonly<Record<string, unknown>> = {
  "aws:kms": "AES256",
  AES256: "none",
  SSE_KMS: "SSE_S3",
  "SSE-KMS": "DISABLED",
  "CSE-KMS": "DISABLED",
  CUSTOMER_MANAGED_KMS_KEY: "AWS_OWNED_KEY",
  Enabled: "Disabled",
  BucketOwnerEnforced: "ObjectWriter",
  ERROR: "OFF",
  ALL: "REJECT",
  tcp: "-1",
  "-1": "all",
};

/** Order in time is not security; and text, such as a policy, has mutants of its own. */
const ORDER = ["depends_on"];

/**
 * Calls `look` with each mutant while the stack is it, and gives the stack back as it was.
 * The stack is a copy: others may be looking at the subject's own.
 */
export function forEachMutant(
  original: Subject,
  look: (subject: Subject, mutant: Mutant) => void,
): void {
  const stack = new Synthesized(original.stack.text);
  const subject: Subject = { ...original, stack };
  for (const { type, name, address, block } of allResources(subject)) {
    const all = stack.all(type);
    delete all[name];
    look(subject, { what: address, change: "removed", from: block, to: undefined });
    all[name] = block;
    within(block, address, (what, change, from, to) => look(subject, { what, change, from, to }));
  }
  const settings: [string, Block][] = [
    ["provider.aws", stack.provider("aws")],
    ["terraform", stack.terraform],
  ];
  for (const [address, block] of settings)
    within(block, address, (what, change, from, to) => look(subject, { what, change, from, to }));
}

type Seen = (what: string, change: Mutant["change"], from: unknown, to: unknown) => void;

function within(block: Block, path: string, seen: Seen): void {
  for (const key of Object.keys(block)) {
    if (ORDER.includes(key)) continue;
    const value = block[key];
    // Of a list, what has an id goes by it: lifecycle rules. Others are not told apart.
    const what = !Array.isArray(block)
      ? `${path}.${key}`
      : value?.id === undefined
        ? path
        : `${path}[${value.id}]`;
    remove(block, key, () => seen(what, "removed", value, undefined));
    if (value !== null && typeof value === "object") within(value, what, seen);
    else {
      const to = weaker(value);
      block[key] = to;
      seen(what, "weakened", value, to);
      block[key] = value;
    }
  }
}

function remove(block: Block, key: string, seen: () => void): void {
  if (Array.isArray(block)) {
    const [gone] = block.splice(Number(key), 1);
    seen();
    block.splice(Number(key), 0, gone);
    return;
  }
  const { [key]: gone } = block;
  delete block[key];
  seen();
  block[key] = gone;
}

function weaker(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value * 1000 + 1;
  return WEAKER[String(value)] ?? "other";
}
