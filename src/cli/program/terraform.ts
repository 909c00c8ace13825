/** `lake plan|deploy|destroy`: their arguments and help. */
import type { Command } from "commander";

export function addTerraform(program: Command): void {
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
        (await import("../commands/terraform")).terraform(name, env, options),
      );
}
