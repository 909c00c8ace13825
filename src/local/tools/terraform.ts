/** Terraform or OpenTofu. */
import { ask, atLeast, type Found, onPath } from "./search";

/** The program that applies the stacks. */
export interface Terraform {
  readonly path: string;
  readonly version: string;
  readonly name: "terraform" | "tofu";
}

/** The first version with `use_lockfile`, the S3 backend's lock. */
export const LEAST_TERRAFORM = "1.10.0";

/** The first `terraform`, else `tofu`, on the PATH that is new enough. */
export async function findTerraform(env: NodeJS.ProcessEnv): Promise<Found<Terraform>> {
  const found: string[] = [];
  for (const name of ["terraform", "tofu"] as const)
    for (const path of onPath(name, env)) {
      const version = await versionOf(path, env);
      if (version !== undefined && atLeast(version, LEAST_TERRAFORM))
        return { ok: true, tool: { path, version, name } };
      found.push(
        version === undefined ? `${path} does not say its version` : `${path} is ${version}`,
      );
    }
  return {
    ok: false,
    problem: {
      wanted: "Terraform 1.10 or later (or OpenTofu 1.10 or later)",
      reason: "it deploys the stacks; the state's lock file needs 1.10",
      found: found.length > 0 ? found : ["no terraform and no tofu on the PATH"],
      remedy: remedy(),
    },
  };
}

async function versionOf(path: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { stdout } = await ask(path, ["version", "-json"], { ...env, CHECKPOINT_DISABLE: "1" });
  try {
    return (JSON.parse(stdout) as { terraform_version?: string }).terraform_version;
  } catch {
    return undefined;
  }
}

function remedy(): string[] {
  if (process.platform === "darwin") return ["brew install hashicorp/tap/terraform"];
  if (process.platform === "win32") return ["winget install Hashicorp.Terraform"];
  return [
    "every system: https://developer.hashicorp.com/terraform/install",
    "with snap: sudo snap install terraform --classic",
    "with Homebrew: brew install hashicorp/tap/terraform",
  ];
}
