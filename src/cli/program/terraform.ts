/** `lake plan|deploy|destroy|stop`: their arguments and help. */
import type { Command } from "commander";
import type { ChangeOptions } from "../commands/terraform";
import { addVariableOptions, givenVariables, type VariableOptions } from "./variables";

interface Flags extends VariableOptions {
  readonly allowReplace?: string[];
  readonly wait?: boolean;
  readonly autoApprove?: boolean;
}

const VERBS = {
  plan: {
    description: "show what deploying would change, and what it would lose",
    help: `
The variables are judged first, then the account; then \`cdktf plan data-lake-ENV\` runs with the
options that lake does not know, and Terraform shows the plan. Nothing is changed.

Examples:
  npx lake plan dev --var emr_max_workers=8
  npx lake plan prod --var-file what-if.tfvars --refresh-only`,
  },
  deploy: {
    description: "create or change the lake, as planned",
    help: `
Plans as \`lake plan\` does, and applies that very plan. A plan that replaces or destroys a bucket,
a database, a table, a key, a queue or the EMR application needs --allow-replace for each address.

The EMR application takes no change while it is started: where the plan changes it, ingestion is
paused (events wait in the queue), the application is stopped, and both are undone afterwards.
With runs in flight deploy refuses and names them; with --wait it waits for their end. On Ctrl-C
Terraform ends what it is at; run deploy again to go on.

On AWS the bucket of the state comes first, once: npx cdktf deploy state-ENV

Examples:
  npx lake deploy local --auto-approve
  npx lake deploy prod --wait --allow-replace aws_emrserverless_application.spark`,
  },
  destroy: {
    description: "remove the lake, where retain_data = false",
    help: `
Destroying data takes two acts: retain_data = false has to be deployed before. The bucket of the
state stays.

Example:
  npx lake destroy local --auto-approve`,
  },
} as const;

export function addTerraform(program: Command): void {
  for (const verb of ["plan", "deploy", "destroy"] as const) {
    const command = program
      .command(verb)
      .description(VERBS[verb].description)
      .usage("ENV [--var NAME=VALUE]... [--var-file FILE]... [OPTION-OF-CDKTF ...]")
      .argument("<ENV>", "environment")
      .argument("[OPTION...]", `handed on to cdktf ${verb === "deploy" ? "plan" : verb}`)
      .allowUnknownOption();
    addVariableOptions(command);
    if (verb !== "destroy")
      command.option(
        "--allow-replace <ADDRESS>",
        "a resource that may be replaced or destroyed; may be given many times",
        (value: string, earlier: string[] = []) => [...earlier, value],
      );
    if (verb !== "plan")
      command
        .option("--wait", "wait for runs in flight instead of refusing")
        .option("--auto-approve", "do not ask");
    command
      .addHelpText("after", VERBS[verb].help)
      .action(async (env: string, rest: string[], flags: Flags) =>
        (await import("../commands/terraform"))[verb](env, optionsOf(rest, flags)),
      );
  }
  addStop(program);
}

function addStop(program: Command): void {
  program
    .command("stop")
    .description("stop the EMR application, and wait until it has stopped")
    .usage("ENV [--wait]")
    .argument("<ENV>", "environment")
    .option("--wait", "wait for runs in flight instead of refusing")
    .addHelpText(
      "after",
      `
It stops by itself when it has been idle for emr_idle_timeout_minutes, and starts with the next
run. Nothing that runs is ended.

Example:
  npx lake stop dev`,
    )
    .action(async (env: string, flags: { wait?: boolean }) =>
      (await import("../commands/terraform")).stop(env, { wait: flags.wait ?? false }),
    );
}

function optionsOf(rest: readonly string[], flags: Flags): ChangeOptions {
  return {
    given: givenVariables(flags),
    allowReplace: flags.allowReplace ?? [],
    wait: flags.wait ?? false,
    autoApprove: flags.autoApprove ?? false,
    rest,
  };
}
