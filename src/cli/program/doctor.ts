/** `lake doctor`: its arguments and help. */
import type { Command } from "commander";

export function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("say what this machine lacks, why it matters and how to get it")
    .usage("[ENV]")
    .argument("[ENV]", "environment that is to be deployed (default: what npm start needs)")
    .addHelpText(
      "after",
      `
Looks at Node.js, Terraform and its AWS provider, Java, Python and its packages,
the disk, the local AWS, the environments, releases past their support, and at
AWS: credentials, account, state buckets. Each line is ok, a warning, or missing.
Exit code 1 where something is missing that stops \`npm start\`, or, where ENV is
named, \`npx lake deploy ENV\`. It changes nothing outside .lake, and always ends.

Examples:
  npx lake doctor
  npx lake doctor prod`,
    )
    .action(async (env: string | undefined) => (await import("../commands/doctor")).doctor(env));
}
