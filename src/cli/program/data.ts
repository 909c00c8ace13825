/** `lake run` and `lake query`: their arguments and help. */
import { type Command, Option } from "commander";
import type { QueryFormat } from "../commands/query";

interface RunFlags {
  readonly source: string;
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  readonly batchDays?: string;
  readonly restart?: boolean;
}

export function addRun(program: Command): void {
  program
    .command("run")
    .description("upload files and follow the run that ingests them, or ingest days again")
    .usage(
      "ENV --source SOURCE FILE... [--date DAY]\n       lake run ENV --source SOURCE --from DAY --to DAY [--batch-days N] [--restart]",
    )
    .argument("<ENV>", "environment")
    .argument("[FILE...]", "data files, plain or gzip")
    .requiredOption(
      "-s, --source <SOURCE>",
      "source that the files belong to, as the environment names it",
    )
    .option("-d, --date <YYYY-MM-DD>", "day of the partition (default: today, UTC)")
    .option("--from <YYYY-MM-DD>", "first day to ingest again from raw/")
    .option("--to <YYYY-MM-DD>", "last day to ingest again")
    .option("--batch-days <N>", "days that one run ingests at most, 1 to 31 (default: 31)")
    .option("--restart", "begin anew where an interrupted one would be continued")
    .addHelpText(
      "after",
      `
The files go to raw/SOURCE/year=YYYY/month=MM/day=DD/; the day is then ingested whole. Exit code 1
when the run fails, with the state and the cause.

With --from and --to nothing is uploaded: days that have files in raw/, or rows of files that have
gone, are ingested again, one batch after the other. A batch that fails is named at the end, with
exit code 1, and the others go on. After Ctrl-C, or a failure, the same command takes what is left.

Examples:
  npx lake run local --source flights node_modules/vega-datasets/data/flights-20k.json
  npx lake run prod --source flights --from 2025-01-01 --to 2025-12-31`,
    )
    .action((env: string, files: string[], flags: RunFlags, command: Command) =>
      runOrBackfill(env, files, flags, command),
    );
}

async function runOrBackfill(env: string, files: string[], flags: RunFlags, command: Command) {
  const { source, date } = flags;
  if ([flags.from, flags.to, flags.batchDays, flags.restart].some((given) => given !== undefined))
    return (await import("../commands/backfill")).backfill(env, { ...flags, files });
  if (files.length === 0)
    command.error(
      "error: missing FILE to upload, or --from and --to of days to ingest again from raw/",
      { exitCode: 1 },
    );
  return (await import("../commands/run")).run(env, files, { source, ...(date && { date }) });
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
