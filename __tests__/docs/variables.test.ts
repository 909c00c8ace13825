/** docs/variables.md is the schema, written down: `npx vitest run --project unit __tests__/docs -u` writes it. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { VARIABLE_NAMES, variable, variablesSchema } from "../../src/config/schema";
import { ROOT } from "../support/lake";

const DEFAULTS: Record<string, unknown> = variablesSchema.parse({});
/** Defaults that depend on other variables. */
const DERIVED: Record<string, string> = {
  spark_driver_memory: "what fits one worker",
  spark_executor_memory: "what fits one worker",
  max_concurrent_runs: "what fits, at most 20",
};

it("docs/variables.md says what the schema says", async () => {
  const rows = VARIABLE_NAMES.map((name) => {
    const { type, about } = variable(name) ?? {};
    if (!type || !about) throw new Error(`nothing is said of ${name}`);
    const shown = DEFAULTS[name] === undefined ? "none" : `\`${asHcl(DEFAULTS[name])}\``;
    const cells = [
      `\`${name}\``,
      DERIVED[name] ?? shown,
      expectation(type),
      `${about.what}${about.sensitive ? ". Never shown in a message" : ""}`,
      about.source ?? "",
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const text = `# Variables of an environment

<!-- Written from src/config/schema.ts: npx vitest run --project unit __tests__/docs -u -->

An environment is one file, \`env/<name>.tfvars\` in Terraform's own syntax, or \`env/<name>.tfvars.json\`. A name that is not here is an error. The rules that compare several variables are in \`src/config/rules.ts\`.

Over the file stand, each over the one before: \`TF_VAR_<name>\` in the process environment, \`--var-file FILE\`, \`--var NAME=VALUE\`. Values are read as Terraform reads them: text as it is, numbers and flags by the variable's type, lists and maps in HCL; a list or map is replaced whole. They count for \`npx lake check\`, \`plan\`, \`deploy\` and \`destroy\`. The stock \`cdktf\` hands none of them to the program that it runs: with it, the file alone counts.

| Variable | Default | Expected | What it is | Source of the bounds |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
  await expect(text).toMatchFileSnapshot(join(ROOT, "docs", "variables.md"));
});

/** What the type itself answers to a value that no variable takes. */
function expectation(type: z.ZodType): string {
  const { error } = type.safeParse(Symbol("no value"));
  return z.prettifyError(error ?? new z.ZodError([])).replace(/^✖ /, "");
}

function asHcl(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) || typeof value !== "object" || value === null)
    return JSON.stringify(value);
  const inner = Object.entries(value).map(([key, one]) => `${key} = ${quoted(one)}`);
  return inner.length === 0 ? "{}" : `{ ${inner.join(", ")} }`;
}

function quoted(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : asHcl(value);
}
