/** `--var` and `--var-file`, as Terraform has them. */
import type { Command } from "commander";
import type { GivenVariables } from "../../config/overrides";

/** What commander makes of the two options. */
export interface VariableOptions {
  readonly var?: string[];
  readonly varFile?: string[];
}

/** Adds both options; each may be given many times. */
export function addVariableOptions(command: Command): Command {
  const collect = (value: string, earlier: string[] = []) => [...earlier, value];
  return command
    .option("--var <NAME=VALUE>", "a variable; stands over all files", collect)
    .option("--var-file <FILE>", "a file of variables; the later stands over", collect);
}

export function givenVariables(options: VariableOptions): GivenVariables {
  return { vars: options.var ?? [], varFiles: options.varFile ?? [] };
}
