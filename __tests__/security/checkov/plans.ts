/** Terraform's plan of every stack, made against a local AWS. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../../src/local/paths";
import { createProject, type Project } from "../../e2e/support/deployed-lake";
import type { Block } from "../../support/synth";
import { FULL } from "../rules/subjects";
import { filled, unfilled } from "./filled";

/** Terraforms at a time: each waits for its provider half of the time. */
const AT_ONCE = 2;

/** Writes `<stack>.json` for each stack of env/ and of `full` into a folder; the stacks' names. */
export async function writePlans(folder: string): Promise<string[]> {
  const files = readdirSync(join(ROOT, "env")).map((file) => [
    file,
    readFileSync(join(ROOT, "env", file), "utf8"),
  ]);
  const project = await createProject({
    ...Object.fromEntries(files),
    "full.tfvars": tfvars(FULL),
  });
  try {
    await project.cdktf("synth");
    const stacks = readdirSync(join(project.folder, "cdktf.out", "stacks")).sort();
    mkdirSync(folder, { recursive: true });
    const waiting = [...stacks];
    const work = async () => {
      for (let stack = waiting.shift(); stack !== undefined; stack = waiting.shift())
        writeFileSync(join(folder, `${stack}.json`), JSON.stringify(await plan(project, stack)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return stacks;
  } finally {
    await project.close();
  }
}

async function plan(project: Project, stack: string): Promise<unknown> {
  const file = join(project.folder, "cdktf.out", "stacks", stack, "cdk.tf.json");
  const synthesized = JSON.parse(readFileSync(file, "utf8"));
  // A first plan needs no state, and the bucket that would hold it is not there.
  delete synthesized.terraform.backend;
  writeFileSync(file, JSON.stringify(synthesized));
  const terraform = async (...args: string[]) => {
    const { exitCode, output } = await project.terraformIn(stack, ...args);
    if (exitCode !== 0) throw new Error(`terraform ${args.join(" ")} of ${stack}:\n${output}`);
    return output;
  };
  await terraform("init", "-input=false", "-no-color");
  await terraform("plan", "-input=false", "-no-color", "-lock=false", "-out=plan");
  const shown = await terraform("show", "-json", "plan");
  return whole(
    stack,
    filled(JSON.parse(shown.slice(shown.indexOf("{"))), synthesized),
    synthesized,
  );
}

/**
 * The plan, which has every document of the stack.
 * @throws Error with those that Checkov would pass over without a word
 */
export function whole(stack: string, plan: Block, synthesized: Block): Block {
  const missing = unfilled(plan, synthesized);
  if (missing.length === 0) return plan;
  throw new Error(
    `The plan of ${stack} does not know ${missing.join(", ")}: Checkov would check nothing of them. filled.ts must fill them.`,
  );
}

/** Values as an env file has them. */
export function tfvars(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${hcl(value)}\n`)
    .join("");
}

function hcl(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hcl).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, one]) => `${key} = ${hcl(one)}`);
  return `{ ${entries.join(", ")} }`;
}
