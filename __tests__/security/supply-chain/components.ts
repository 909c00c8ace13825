/** Every third-party component that the project installs, downloads or hands to Terraform. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../../support/lake";
import { synthScope } from "../../support/synth";
import { jars } from "./jars";
import { installed, type Lock, readLock, requiredBy } from "./npm-lock";
import { parseRequirements, readRequirements } from "./requirements";

/** One component at one version. */
export interface Component {
  readonly kind: "npm" | "Python" | "jar" | "Terraform provider";
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  /** Package URL (ECMA-427); tells components apart. */
  readonly purl: string;
  /** As it says itself: SPDX, or words. */
  readonly licence: string;
  /** Runs in AWS or in the `lake` command; what does not is for tests and the local AWS. */
  readonly runtime: boolean;
  readonly hashes: readonly { readonly alg: "SHA-256" | "SHA-512"; readonly content: string }[];
  /** Package URLs of what it asks for. */
  readonly requires: readonly string[];
}

/** Files of locked Python requirements; the second is Checkov's own environment. */
export const REQUIREMENTS = [
  "src/local/requirements.txt",
  "__tests__/security/checkov/requirements.txt",
].filter((file) => existsSync(join(ROOT, file)));

/** Of jars and the provider nothing here can be asked: from their pages on Maven Central, GitHub. */
const OTHER_LICENCES: Readonly<Record<string, string>> = {
  "org.apache.hadoop": "Apache-2.0",
  "com.amazonaws": "Apache-2.0",
  "org.apache.iceberg": "Apache-2.0",
  hashicorp: "MPL-2.0",
};

/** Licences of Python packages by name, from their metadata; see python_licences.py. */
export const PYTHON_LICENCES: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(dirname(fileURLToPath(import.meta.url)), "python-licences.json"), "utf8"),
);

/** All of them, sorted by package URL. */
export function components(): Component[] {
  const all = [...npmComponents(readLock()), ...pythonComponents(), ...jarComponents(), provider()];
  return all.sort((a, b) => (a.purl < b.purl ? -1 : 1));
}

/** Package URLs of what the project itself asks for. */
export function direct(all: readonly Component[]): string[] {
  const lock = readLock();
  const npm = ["", ...Object.keys(lock).filter((folder) => !folder.includes("node_modules/"))]
    .flatMap((folder) => requiredBy(folder, lock))
    .filter((folder) => folder.includes("node_modules/"))
    .map((folder) => npmUrl(folder, lock));
  const rest = all.filter(({ kind }) => kind !== "npm").map(({ purl }) => purl);
  return [...new Set([...npm, ...rest])].sort();
}

/** The same version at two places is one component. */
export function npmComponents(lock: Lock): Component[] {
  const found = new Map<string, Component>();
  for (const { folder, name, version, entry } of installed(lock)) {
    const purl = npmUrl(folder, lock);
    const before = found.get(purl);
    const digest = Buffer.from(entry.integrity?.replace(/^sha512-/, "") ?? "", "base64");
    found.set(purl, {
      kind: "npm",
      name,
      version,
      purl,
      licence: entry.license ?? before?.licence ?? "",
      runtime: before?.runtime === true || !(entry.dev === true || entry.devOptional === true),
      hashes:
        digest.length > 0
          ? [{ alg: "SHA-512", content: digest.toString("hex") }]
          : (before?.hashes ?? []),
      requires: [
        ...new Set([
          ...(before?.requires ?? []),
          ...requiredBy(folder, lock).map((required) => npmUrl(required, lock)),
        ]),
      ].sort(),
    });
  }
  return [...found.values()];
}

function npmUrl(folder: string, lock: Lock): string {
  const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
  const { name: own = name, version } = lock[folder] ?? {};
  return `pkg:npm/${own.replace("@", "%40")}@${version}`;
}

function pythonComponents(): Component[] {
  const found = new Map<string, Component>();
  for (const file of REQUIREMENTS) {
    const all = parseRequirements(readRequirements(file));
    const url = ({ name, version }: { name: string; version: string }) =>
      `pkg:pypi/${name}@${version}`;
    for (const one of all) {
      const purl = url(one);
      found.set(purl, {
        kind: "Python",
        name: one.name,
        version: one.version,
        purl,
        licence: PYTHON_LICENCES[one.name] ?? "",
        runtime: false,
        hashes: one.sha256.map((content) => ({ alg: "SHA-256", content })),
        requires: [
          ...new Set([
            ...(found.get(purl)?.requires ?? []),
            ...all.filter(({ via }) => via.includes(one.name)).map(url),
          ]),
        ].sort(),
      });
    }
  }
  return [...found.values()];
}

function jarComponents(): Component[] {
  return jars().map(({ group, artifact, version, sha256 }) => ({
    kind: "jar",
    group,
    name: artifact,
    version,
    purl: `pkg:maven/${group}/${artifact}@${version}`,
    licence: OTHER_LICENCES[group] ?? "",
    runtime: false,
    hashes: [{ alg: "SHA-256", content: sha256 }],
    requires: [],
  }));
}

/** Terraform checks the provider's signature when it downloads it. */
function provider(): Component {
  const { version } = synthScope(() => {}).terraform.required_providers.aws;
  return {
    kind: "Terraform provider",
    group: "hashicorp",
    name: "terraform-provider-aws",
    version,
    purl: `pkg:github/hashicorp/terraform-provider-aws@v${version}`,
    licence: OTHER_LICENCES.hashicorp ?? "",
    runtime: true,
    hashes: [],
    requires: [],
  };
}
