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
    handed: "of cdktf plan: --refresh-only, --no-color, --terraform-parallelism N ...",
    help: `
First the variables are judged, then the account. cdktf then synthesizes and
plans data-lake-ENV, and Terraform shows the plan on stdout. Nothing is changed.

Examples:
  npx lake plan dev --var emr_max_workers=8
  npx lake plan prod --var-file what-if.tfvars --refresh-only`,
  },
  deploy: {
    description: "create or change the lake, as planned",
    handed: "of cdktf deploy: --outputs-file FILE, --no-color, --migrate-state ...",
    help: `
Plans as \`lake plan\` does, and applies that very plan. Where it destroys or
replaces a bucket, a database, a table, a key, a queue or the EMR application,
each needs an --allow-replace.

The EMR application takes no change while it is started. Where the plan changes
it, ingestion is paused (events wait in the queue), the application is stopped,
and ingestion goes on afterwards. With runs in flight, deploy names them and
changes nothing; with --wait it waits for their end.

On Ctrl-C Terraform ends what it is at and saves the state; run deploy again.
On AWS the bucket of the state comes first, once: npx cdktf deploy state-ENV

Examples:
  npx lake deploy local --auto-approve
  npx lake deploy prod --wait --allow-replace aws_sqs_queue.ingest`,
  },
  destroy: {
    description: "remove the lake, where retain_data = false",
    handed: "of cdktf destroy: --no-color, --terraform-parallelism N ...",
    help: `
Destroying data takes two acts: retain_data = false is deployed first. The
bucket of the state stays. Runs in flight are treated as by \`lake deploy\`.

Example:
  npx lake destroy local --auto-approve`,
  },
} as const;

export function addTerraform(program: Command): void {
  for (const verb of ["plan", "deploy", "destroy"] as const) {
    const command = program
      .command(verb)
      .description(VERBS[verb].description)
      .usage("ENV [--var NAME=VALUE]... [--var-file FILE]... [OPTION...]")
      .argument("<ENV>", "environment")
      .argument("[OPTION...]", VERBS[verb].handed)
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
It stops by itself when it has been idle for emr_idle_timeout_minutes, and
starts with the next run. Nothing that runs is ended: with runs in flight, stop
names them and leaves them alone; with --wait it waits for their end.

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
