/** `lake start` and `lake local`: their arguments and help. */
import { type Command, InvalidArgumentError, Option } from "commander";

export function addStart(program: Command): void {
  program
    .command("start")
    .description(
      "run the whole lake on this machine, with no AWS account, and leave nothing running",
    )
    .addHelpText(
      "after",
      `
Starts a local AWS, deploys the environment "local" to it with Terraform, puts a real data file
into raw/, follows the pipeline and queries the table. It takes about two minutes; the first
time it downloads what .venv and Terraform need. \`npm start\` is the same.`,
    )
    .action(async () => (await import("../commands/start")).start());
}

export function addLocal(program: Command): void {
  const local = program
    .command("local")
    .description("the local AWS by itself, for other tools and for repeated work")
    .usage("up|down|status")
    .helpCommand(false);
  local
    .command("up")
    .description("start it, make the bucket of the Terraform state, print variables for a shell")
    .addOption(
      new Option("-p, --port <PORT>", "TCP port (default: 4566 if it is free, else any)").argParser(
        port,
      ),
    )
    .addHelpText(
      "after",
      `
It runs until \`npx lake local down\`. What it holds is in memory and ends with it.

Example, after which aws, cdktf and terraform talk to it:
  eval "$(npx lake local up)"
  npx cdktf plan data-lake-local`,
    )
    .action(async (options: { port?: number }) =>
      (await import("../commands/local")).up(options.port),
    );
  local
    .command("down")
    .description("stop it; all that it holds is gone")
    .action(async () => (await import("../commands/local")).down());
  local
    .command("status")
    .description("say whether it runs; exit code 1 if not")
    .action(async () => (await import("../commands/local")).status());
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  return value;
}
