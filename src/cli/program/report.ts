/** `lake report`: its arguments and help. */
import type { Command } from "commander";
import { addVariableOptions, givenVariables, type VariableOptions } from "./variables";

export function addReport(program: Command): void {
  const command = program
    .command("report")
    .description("write one HTML page: architecture, capacity, cost, security, last runs")
    .usage("ENV [--out FILE] [--var NAME=VALUE]... [--var-file FILE]...")
    .argument("<ENV>", "environment")
    .option("-o, --out <FILE>", "file to write (default: lake-report-ENV.html here)");
  addVariableOptions(command)
    .addHelpText(
      "after",
      `
One file that needs no network and no script, light or dark as its reader has it,
and prints well. The architecture is drawn from the synthesized stack. The last
runs are asked of the deployed environment; where it cannot be reached, the page
says so, and the rest stands. The file's name is printed on stdout.

Examples:
  npx lake report local
  npx lake report prod --out /tmp/prod.html`,
    )
    .action(async (env: string, options: VariableOptions & { out?: string }) =>
      (await import("../commands/report")).report(env, givenVariables(options), {
        out: options.out,
      }),
    );
}
