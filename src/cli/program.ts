/** The commands, their arguments and their help. What a command does is loaded when it runs. */
import { Command, InvalidArgumentError, Option } from "commander";
import type { QueryFormat } from "./commands/query";

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
  addRun(program);
  addQuery(program);
  addTerraform(program);
  addLocal(program);
  for (const command of [program, ...program.commands]) sortOutHelp(command);
  return program;
}

function sortOutHelp(command: Command): void {
  command.helpOption("-h, --help", "show this help");
  for (const inner of command.commands) sortOutHelp(inner);
}

function addStart(program: Command): void {
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
    .action(async () => (await import("./commands/start")).start());
}

function addRun(program: Command): void {
  program
    .command("run")
    .description("upload files into raw/ and follow the run that ingests them")
    .usage("ENV --source SOURCE FILE... [--date YYYY-MM-DD]")
    .argument("<ENV>", "environment")
    .argument("<FILE...>", "data files, plain or gzip")
    .requiredOption(
      "-s, --source <SOURCE>",
      "source that the files belong to, as the environment names it",
    )
    .option("-d, --date <YYYY-MM-DD>", "day of the partition (default: today, UTC)")
    .addHelpText(
      "after",
      `
The files go to raw/SOURCE/year=YYYY/month=MM/day=DD/; the day is then ingested whole. Exit code 1
when the run fails, with the state and the cause.

Example:
  npx lake run local --source flights node_modules/vega-datasets/data/flights-20k.json`,
    )
    .action(async (env: string, files: string[], options: { source: string; date?: string }) =>
      (await import("./commands/run")).run(env, files, options),
    );
}

function addQuery(program: Command): void {
  program
    .command("query")
    .description("run SQL in Athena; on local the same SQL runs in DuckDB")
    .usage('ENV "SQL" [--format table|csv|json]')
    .argument("<ENV>", "environment")
    .argument("<SQL>", "one statement, in Athena's dialect")
    .addOption(
      new Option("-f, --format <FORMAT>", "how rows are printed")
        .choices(["table", "csv", "json"])
        .default("table"),
    )
    .addHelpText(
      "after",
      `
Rows go to stdout, all else to stderr. Tables are found without a database's name.

Examples:
  npx lake query local "SELECT origin, avg(delay) FROM flights GROUP BY origin"
  npx lake query prod "SHOW TABLES" --format csv > tables.csv`,
    )
    .action(async (env: string, sql: string, options: { format: QueryFormat }) =>
      (await import("./commands/query")).query(env, sql, options.format),
    );
}

function addTerraform(program: Command): void {
  const commands = [
    ["plan", "show what deploying would change"],
    ["deploy", "create or change the lake"],
    ["destroy", "remove the lake"],
  ] as const;
  for (const [name, description] of commands)
    program
      .command(name)
      .description(description)
      .usage("ENV [OPTION-OF-CDKTF ...]")
      .argument("<ENV>", "environment")
      .argument("[OPTION...]", `handed on to cdktf ${name}`)
      .allowUnknownOption()
      .passThroughOptions()
      .addHelpText(
        "after",
        `
Runs \`cdktf ${name} data-lake-ENV\` with what stands after ENV, and ends with its exit code. For
"local" it is pointed at the local AWS of \`npx lake local up\`.${
          name === "deploy"
            ? `
On AWS the bucket of the state comes first, once: npx cdktf deploy state-ENV`
            : ""
        }

Example:
  npx lake ${name} local${name === "plan" ? "" : " --auto-approve"}`,
      )
      .action(async (env: string, options: string[]) =>
        (await import("./commands/terraform")).terraform(name, env, options),
      );
}

function addLocal(program: Command): void {
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
      (await import("./commands/local")).up(options.port),
    );
  local
    .command("down")
    .description("stop it; all that it holds is gone")
    .action(async () => (await import("./commands/local")).down());
  local
    .command("status")
    .description("say whether it runs; exit code 1 if not")
    .action(async () => (await import("./commands/local")).status());
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65_535)
    throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  return value;
}
