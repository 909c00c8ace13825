/** `lake cost`: its arguments and help. */
import type { Command } from "commander";
import { addVariableOptions, givenVariables, type VariableOptions } from "./variables";

interface Flags extends VariableOptions {
  readonly json?: true;
  readonly explain?: true;
}

export function addCost(program: Command): void {
  const command = program
    .command("cost")
    .description("estimate what a month costs, line by line, against the budget")
    .usage("[ENV] [--var NAME=VALUE]... [--var-file FILE]... [--explain] [--json]")
    .argument("[ENV]", "environment (default: the totals of all)");
  addVariableOptions(command)
    .option("--explain", "say of each line how its quantity came about")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
The quantities follow from the environment and its workload (GB, files, runs and
queries a day). With --var or --var-file the estimate stands beside the present
one, with what moved. An estimate above monthly_budget_usd is a warning. AWS is
not asked.

Examples:
  npx lake cost
  npx lake cost prod --explain
  npx lake cost prod --var enable_pre_warming=false`,
    )
    .action(async (env: string | undefined, flags: Flags) =>
      (await import("../commands/cost")).cost(env, givenVariables(flags), {
        json: flags.json === true,
        explain: flags.explain === true,
      }),
    );
}
