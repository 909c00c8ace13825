/** `lake status`: its arguments and help. */
import { type Command, InvalidArgumentError, Option } from "commander";

/** Runs that are shown at most: each costs two or three calls of AWS. */
const MOST_RUNS = 200;

export function addStatus(program: Command): void {
  program
    .command("status")
    .description("show how a deployed lake does: runs, queues, freshness, alarms, what to do next")
    .usage("ENV [--runs N] [--json] [--exit-code]")
    .argument("<ENV>", "environment")
    .addOption(
      new Option("--runs <N>", `last runs that are shown, 1 to ${MOST_RUNS}`)
        .default(10)
        .argParser(runs),
    )
    .option("--json", "print one JSON object")
    .option("--exit-code", "exit with 2 where something needs you")
    .addHelpText(
      "after",
      `
Asks AWS and changes nothing. Exit code 0 when everything could be asked, whatever the answers; 1
when something could not, which is named. With --exit-code 2 where an alarm rings, a queue of dead
letters is not empty, days wait for nobody, a source is late, or its last run failed.

Examples:
  npx lake status prod
  npx lake status prod --json | jq .running
  npx lake status prod --exit-code > /dev/null || echo "look at the lake"`,
    )
    .action(async (env: string, flags: { runs: number; json?: boolean; exitCode?: boolean }) =>
      (await import("../commands/status")).status(env, {
        runs: flags.runs,
        json: flags.json ?? false,
        exitCode: flags.exitCode ?? false,
      }),
    );
}

function runs(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_RUNS)
    throw new InvalidArgumentError(`Give a whole number from 1 to ${MOST_RUNS}.`);
  return value;
}
