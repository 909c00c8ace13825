import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { machinePaths } from "../../src/local/paths";
import { parseConfiguration, providerSource } from "../../src/local/provider-mirror";
import { temporaryFolder } from "./support/fake-tools";

const OS = process.platform === "win32" ? "windows" : process.platform;
const PLATFORM = `${OS}_${process.arch === "x64" ? "amd64" : process.arch}`;
const TERRAFORM = { path: "terraform", version: "1.11.4", name: "terraform" } as const;

function mirrorIn(folder: string, host = "registry.terraform.io"): string {
  const provider = join(folder, host, "hashicorp/aws/5.100.0", PLATFORM);
  mkdirSync(provider, { recursive: true });
  writeFileSync(join(provider, "terraform-provider-aws_v5.100.0_x5"), "");
  return folder;
}

function machine() {
  const root = temporaryFolder();
  return { root, paths: machinePaths(root), env: { HOME: join(root, "home") } };
}

test("a copy of the provider is named to Terraform and to `providers lock`", () => {
  const { root, paths, env } = machine();
  const mirror = mirrorIn(join(root, "mirror"));
  const source = providerSource(TERRAFORM, env, paths, [join(root, "none"), mirror]);
  expect(source).toEqual({
    downloads: false,
    env: {
      TF_CLI_CONFIG_FILE: paths.terraformRc,
      TF_PLUGIN_CACHE_DIR: undefined,
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "true",
      TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}`,
    },
  });
  expect(parseConfiguration(readFileSync(paths.terraformRc, "utf8")).mirrors).toEqual([mirror]);
});

test("without a copy Terraform downloads into a cache of the project", () => {
  const { root, paths, env } = machine();
  const emptied = join(root, "mirror/registry.terraform.io/hashicorp/aws/5.100.0", PLATFORM);
  mkdirSync(emptied, { recursive: true });
  expect(providerSource(TERRAFORM, env, paths, [join(root, "mirror")])).toEqual({
    downloads: true,
    env: {
      TF_CLI_CONFIG_FILE: undefined,
      TF_PLUGIN_CACHE_DIR: paths.plugins,
      TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "true",
    },
  });
});

test("what was downloaded once is a copy from then on", () => {
  const { paths, env } = machine();
  mirrorIn(paths.plugins);
  expect(providerSource(TERRAFORM, env, paths, []).downloads).toBe(false);
});

test("the user's own configuration is left alone", () => {
  const { root, paths, env } = machine();
  const mirror = mirrorIn(join(root, "mirror"));
  const file = join(root, "terraform.rc");
  writeFileSync(file, `provider_installation { filesystem_mirror { path = "${mirror}" } }`);
  expect(providerSource(TERRAFORM, { ...env, TF_CLI_CONFIG_FILE: file }, paths, [])).toEqual({
    downloads: false,
    env: { TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}` },
  });
});

test("a TF_CLI_CONFIG_FILE that names no file counts as none", () => {
  const { root, paths, env } = machine();
  const mirror = mirrorIn(join(root, "mirror"));
  const missing = { ...env, TF_CLI_CONFIG_FILE: join(root, "missing.rc") };
  expect(providerSource(TERRAFORM, missing, paths, [mirror]).env.TF_CLI_CONFIG_FILE).toBe(
    paths.terraformRc,
  );
});

test("OpenTofu looks under its own registry's name", () => {
  const { root, paths, env } = machine();
  const mirror = mirrorIn(join(root, "mirror"));
  const tofu = { path: "tofu", version: "1.10.0", name: "tofu" } as const;
  expect(providerSource(tofu, env, paths, [mirror]).downloads).toBe(true);
  mirrorIn(join(root, "mirror"), "registry.opentofu.org");
  expect(providerSource(tofu, env, paths, [mirror]).downloads).toBe(false);
});

test("a network mirror is read, and what is commented out is not", () => {
  expect(
    parseConfiguration(`
      # filesystem_mirror { path = "/old" }
      provider_installation {
        network_mirror {
          url = "https://mirror.example.org/"
        }
      }`),
  ).toEqual({ mirrors: [], networkMirror: "https://mirror.example.org/" });
});
