/** Where Terraform gets the AWS provider from: a copy on this machine, else a download. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { MachinePaths } from "./paths";
import type { Terraform } from "./toolchain";

/** How Terraform gets its provider. */
export interface ProviderSource {
  /** Settings for Terraform and cdktf; an undefined value unsets the variable. */
  readonly env: NodeJS.ProcessEnv;
  /** True when the provider (about 700 MB) is going to be downloaded. */
  readonly downloads: boolean;
}

const REGISTRY = { terraform: "registry.terraform.io", tofu: "registry.opentofu.org" } as const;

/** The version that the constructs were generated from. */
function providerVersion(): string {
  const require = createRequire(import.meta.url);
  const manifest = require("@cdktf/provider-aws/package.json") as {
    cdktf: { provider: { version: string } };
  };
  return manifest.cdktf.provider.version;
}

/**
 * Takes the user's Terraform CLI configuration where there is one; else looks for a copy of the
 * provider in Terraform's own folders and near the root of the disk; else lets Terraform download
 * into a cache in `.lake`.
 *
 * cdktf runs `terraform providers lock`, which heeds no CLI configuration and goes to the network:
 * an argument in the environment names the mirror.
 */
export function providerSource(
  terraform: Terraform,
  env: NodeJS.ProcessEnv,
  paths: MachinePaths,
  places: readonly string[] = conventionalPlaces(env, paths),
): ProviderSource {
  const provider = join(
    REGISTRY[terraform.name],
    "hashicorp",
    "aws",
    providerVersion(),
    platform(),
  );
  const holds = (place: string) => isUnpacked(join(place, provider));
  const configuration = configurationFile(env);
  if (configuration !== undefined) {
    const { mirrors, networkMirror } = parseConfiguration(readFileSync(configuration, "utf8"));
    const mirror = mirrors.find(holds);
    const lock = mirror ? `-fs-mirror=${mirror}` : networkMirror && `-net-mirror=${networkMirror}`;
    return { downloads: mirror === undefined, env: lockArgument(lock) };
  }
  // A name of a file that is not there makes Terraform warn at every step.
  const noConfiguration = { TF_CLI_CONFIG_FILE: undefined };
  const mirror = [paths.plugins, ...places].find(holds);
  if (mirror === undefined) {
    mkdirSync(paths.plugins, { recursive: true });
    return {
      downloads: true,
      env: {
        ...noConfiguration,
        TF_PLUGIN_CACHE_DIR: paths.plugins,
        // Without it, what has no lock file yet, each stack at first, downloads past the cache.
        TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "true",
      },
    };
  }
  mkdirSync(dirname(paths.terraformRc), { recursive: true });
  writeFileSync(paths.terraformRc, mirrorConfiguration(mirror, REGISTRY[terraform.name]));
  return {
    downloads: false,
    env: {
      TF_CLI_CONFIG_FILE: paths.terraformRc,
      // With both a mirror and a cache Terraform would copy the one into the other.
      TF_PLUGIN_CACHE_DIR: undefined,
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "true",
      ...lockArgument(`-fs-mirror=${mirror}`),
    },
  };
}

/** `filesystem_mirror` folders and the `network_mirror` of a CLI configuration. */
export function parseConfiguration(text: string): {
  readonly mirrors: string[];
  readonly networkMirror: string | undefined;
} {
  const code = text.replace(/^\s*(#|\/\/).*$/gm, "");
  const mirrors = [...code.matchAll(/filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"/g)];
  const network = /network_mirror\s*\{[^}]*?\burl\s*=\s*"([^"]+)"/.exec(code);
  return { mirrors: mirrors.map((match) => match[1] ?? ""), networkMirror: network?.[1] };
}

function lockArgument(argument: string | undefined): NodeJS.ProcessEnv {
  return argument ? { TF_CLI_ARGS_providers_lock: argument } : {};
}

function mirrorConfiguration(mirror: string, host: string): string {
  const path = JSON.stringify(mirror);
  return `# Written by lake: the AWS provider was found on this machine.
provider_installation {
  filesystem_mirror {
    path    = ${path}
    include = ["${host}/hashicorp/aws"]
  }
  direct {
    exclude = ["${host}/hashicorp/aws"]
  }
}
`;
}

/** The configuration that Terraform would read, where the file is there. */
function configurationFile(env: NodeJS.ProcessEnv): string | undefined {
  const usual =
    process.platform === "win32"
      ? join(env.APPDATA ?? "", "terraform.rc")
      : join(env.HOME ?? homedir(), ".terraformrc");
  const file = env.TF_CLI_CONFIG_FILE || env.TERRAFORM_CONFIG || usual;
  return existsSync(file) ? file : undefined;
}

/** Terraform's implied mirrors, plugin caches, and mirrors one or two folders below the root. */
function conventionalPlaces(env: NodeJS.ProcessEnv, paths: MachinePaths): string[] {
  const home = env.HOME ?? homedir();
  const data = env.XDG_DATA_HOME ?? join(home, ".local", "share");
  const shared = (env.XDG_DATA_DIRS ?? "/usr/local/share:/usr/share").split(":");
  return [
    env.TF_PLUGIN_CACHE_DIR,
    join(home, ".terraform.d", "plugins"),
    join(home, ".terraform.d", "plugin-cache"),
    ...[data, ...shared].map((folder) => join(folder, "terraform", "plugins")),
    ...children("/").flatMap((folder) => [folder, ...children(folder)]),
    paths.root,
    dirname(paths.root),
  ].filter((place) => place !== undefined && place !== "") as string[];
}

/** Folders directly in a folder; none where it cannot be read. System trees hold no mirrors. */
function children(folder: string): string[] {
  const SYSTEM = ["proc", "sys", "dev", "run", "boot", "lost+found"];
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !(folder === "/" && SYSTEM.includes(entry.name)))
      .map((entry) => join(folder, entry.name));
  } catch {
    return [];
  }
}

/** Whether the folder holds the provider's program; an interrupted download leaves it empty. */
function isUnpacked(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.startsWith("terraform-provider-aws"));
  } catch {
    return false;
  }
}

/** Terraform's name of this platform, such as `linux_amd64`. */
function platform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${process.arch === "x64" ? "amd64" : process.arch}`;
}
