/** `lake check`: its arguments and help. */
import type { Command } from "commander";
import { addVariableOptions, givenVariables, type VariableOptions } from "./variables";

export function addCheck(program: Command): void {
  const command = program
    .command("check")
    .description("validate environments and print what Spark asks for, may have and costs")
    .usage("[ENV] [--var NAME=VALUE]... [--var-file FILE]... [--json]")
    .argument("[ENV]", "environment (default: all)");
  addVariableOptions(command)
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
Prints for each valid environment the vCPU, memory and disk of one run at its
widest, beside what the EMR application may have, and USD an hour. Every fault of
the others is named on stderr, and the exit code is 1. AWS is not asked.

Examples:
  npx lake check
  npx lake check dev --var emr_max_workers=8`,
    )
    .action(async (env: string | undefined, options: VariableOptions & { json?: true }) =>
      (await import("../commands/check")).check(env, givenVariables(options), {
        json: options.json === true,
      }),
    );
}
