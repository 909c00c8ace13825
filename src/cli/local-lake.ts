/** What `start` and `local up` share: the machine made ready, and cdktf turned to the local AWS. */
import { mkdirSync } from "node:fs";
import { localEnvironment } from "../local/aws-environment";
import type { CdktfContext } from "../local/cdktf";
import type { MachinePaths } from "../local/paths";
import { type ProviderSource, providerSource } from "../local/provider-mirror";
import { prepare } from "../local/python-environment";
import type { Scope } from "../local/scope";
import { findToolchain, type Toolchain } from "../local/toolchain";
import { runSteps } from "./steps";

/** A machine that has all that the local lake needs. */
export interface Machine {
  readonly paths: MachinePaths;
  readonly toolchain: Toolchain;
  readonly provider: ProviderSource;
}

/** Finds the tools and makes `.venv` and the jars where they are missing, with progress. */
export async function prepareMachine(scope: Scope, paths: MachinePaths): Promise<Machine> {
  let toolchain: Toolchain | undefined;
  let provider: ProviderSource | undefined;
  await runSteps(
    [
      {
        title: "Check tools",
        run: async (step) => {
          toolchain = await findToolchain(process.env);
          const { terraform, java, python } = toolchain;
          provider = providerSource(terraform, process.env, paths);
          if (provider.downloads)
            step.note("Terraform will download the AWS provider (about 700 MB), once");
          await prepare({
            paths,
            env: process.env,
            python,
            java,
            say: step.note,
            progress: step.now,
            defer: (closer) => scope.defer(closer),
          });
          step.result(
            `${terraform.name} ${terraform.version}, Java ${java.version}, Python ${python.version}`,
          );
        },
      },
    ],
    scope,
  );
  if (!toolchain || !provider) throw new Error("the tools were not looked for");
  return { paths, toolchain, provider };
}

/** cdktf for the local AWS at this endpoint. */
export function cdktfContext(
  scope: Scope,
  machine: Machine,
  endpoint: string,
  region: string,
  folders: { readonly output: string; readonly logs: string; readonly temporary?: string },
): CdktfContext {
  mkdirSync(folders.logs, { recursive: true });
  const env = localEnvironment(
    process.env,
    { endpoint, region },
    {
      ...machine.provider.env,
      TERRAFORM_BINARY_NAME: machine.toolchain.terraform.path,
      ...(folders.temporary && { TMPDIR: folders.temporary }),
    },
  );
  return {
    root: machine.paths.root,
    env,
    output: folders.output,
    logs: folders.logs,
    defer: (closer) => scope.defer(closer),
  };
}
