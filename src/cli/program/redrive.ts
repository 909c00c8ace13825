/** `lake redrive`: its arguments and help. */
import type { Command } from "commander";

export function addRedrive(program: Command): void {
  program
    .command("redrive")
    .description("show what ingestion gave up, and give it another try")
    .usage("ENV [--dry-run] [--auto-approve]")
    .argument("<ENV>", "environment")
    .option("--dry-run", "show it and change nothing")
    .option("--auto-approve", "do not ask")
    .addHelpText(
      "after",
      `
Shows both dead-letter queues (events that could not be delivered to the queue, and messages that
the trigger gave up), and the days of each source that failed or that no run will take. Days are
run again, batch by batch, to their end; then messages go back to the queue. Exit code 1 when a
batch fails: its days stay marked as failed. A message that is no event stays where it is, since
the trigger would refuse it again.

Example:
  npx lake redrive prod --dry-run`,
    )
    .action(async (env: string, flags: { dryRun?: boolean; autoApprove?: boolean }) =>
      (await import("../commands/redrive")).redrive(env, {
        dryRun: flags.dryRun ?? false,
        autoApprove: flags.autoApprove ?? false,
      }),
    );
}
