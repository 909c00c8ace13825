/** The command line, from its groups. What a command does is loaded when it runs. */
import { Command } from "commander";
import { addCheck } from "./program/check";
import { addCost } from "./program/cost";
import { addQuery, addRun } from "./program/data";
import { addDoctor } from "./program/doctor";
import { addLocal, addStart } from "./program/local";
import { addRedrive } from "./program/redrive";
import { addStatus } from "./program/status";
import { addTerraform } from "./program/terraform";

/** Builds the whole command line. */
export function createProgram(): Command {
  const program = new Command("lake")
    .description("Deploys, feeds and queries the data lake, on AWS or on this machine alone.")
    .usage("COMMAND ...")
    .helpCommand(false)
    .helpOption("-h, --help", "show this help")
    .enablePositionalOptions()
    .showHelpAfterError("Run `npx lake --help` or `npx lake COMMAND --help` for what there is.")
    .exitOverride()
    .addHelpText(
      "after",
      `
An ENV is the name of a file in env/ without its ending: env/dev.tfvars is dev.
"local" is the lake on this machine: npx lake local up starts the AWS it runs on.

Examples:
  npx lake start                                  the whole lake on this machine, once
  npx lake local up                               the local AWS, to work with
  npx lake deploy local
  npx lake run local --source flights data.json
  npx lake query local "SELECT count(*) FROM flights"
  npx lake local down`,
    );
  addStart(program);
  addCheck(program);
  addCost(program);
  addDoctor(program);
  addRun(program);
  addQuery(program);
  addStatus(program);
  addRedrive(program);
  addTerraform(program);
  addLocal(program);
  for (const command of [program, ...program.commands]) sortOutHelp(command);
  return program;
}

function sortOutHelp(command: Command): void {
  command.helpOption("-h, --help", "show this help");
  for (const inner of command.commands) sortOutHelp(inner);
}
