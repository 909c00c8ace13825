/** `lake plan|deploy|destroy ENV …`: the stock cdktf with the right environment. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { overlay } from "../../local/aws-environment";
import { cdktfProgram } from "../../local/cdktf";
import { Failure } from "../../local/failure";
import { machinePaths } from "../../local/paths";
import { providerSource } from "../../local/provider-mirror";
import { missingText } from "../../local/toolchain";
import { findTerraform } from "../../local/tools/terraform";
import { findTarget } from "../target";

/** Runs cdktf in this terminal; the exit code is cdktf's. */
export async function terraform(
  verb: "plan" | "deploy" | "destroy",
  name: string,
  options: readonly string[],
): Promise<void> {
  const paths = machinePaths();
  const target = await findTarget(name);
  const found = await findTerraform(process.env);
  if (!found.ok) throw new Failure(missingText([found.problem]));
  const env = overlay(target.env, {
    ...providerSource(found.tool, process.env, paths).env,
    TERRAFORM_BINARY_NAME: found.tool.path,
  });
  const child = spawn(process.execPath, [cdktfProgram(), verb, `data-lake-${name}`, ...options], {
    cwd: paths.root,
    env,
    stdio: "inherit",
  });
  // cdktf gets the terminal's Ctrl-C itself and lets Terraform end in order; we only wait for it.
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGINT", () => {});
  process.on("SIGTERM", pass).on("SIGHUP", pass);
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
  });
}
