/** `lake run` and `lake query`: their arguments and help. */
import { type Command, Option } from "commander";
import type { QueryFormat } from "../commands/query";

export function addRun(program: Command): void {
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
      (await import("../commands/run")).run(env, files, options),
    );
}

export function addQuery(program: Command): void {
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
      (await import("../commands/query")).query(env, sql, options.format),
    );
}
