/** What is installed is what was looked at: every lock pins a version and the hash of its files. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../support/lake";
import { REQUIREMENTS } from "./components";
import { jars } from "./jars";
import { installed, type Lock, readLock } from "./npm-lock";
import { parseRequirements, readRequirements } from "./requirements";

const lock = readLock();
const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const PUBLIC = /^https:\/\/registry\.npmjs\.org\//;

/** What is wrong with a lock of npm, by folder. */
function faultsOf(all: Lock): string[] {
  return installed(all).flatMap(({ folder, name, entry }) => {
    const owner = folder.slice(0, folder.lastIndexOf("/node_modules/"));
    return [
      // What comes in another package's file is under that file's hash.
      ...(/^sha512-[\w+/]{86}==$/.test(entry.integrity ?? "") ||
      (entry.inBundle === true && isHashed(owner, all))
        ? []
        : [`${folder}: no SHA-512`]),
      ...(entry.resolved === undefined || PUBLIC.test(entry.resolved)
        ? []
        : [`${folder}: from ${entry.resolved}`]),
      ...(/^\d+\.\d+\.\d+/.test(entry.version ?? "") ? [] : [`${folder}: no version`]),
      ...(entry.name !== undefined && entry.name !== name ? [`${folder}: is ${entry.name}`] : []),
    ];
  });
}

function isHashed(folder: string, all: Lock): boolean {
  if (all[folder]?.integrity !== undefined) return true;
  return folder.includes("/node_modules/")
    ? isHashed(folder.slice(0, folder.lastIndexOf("/node_modules/")), all)
    : false;
}

describe("package-lock.json", () => {
  test("has the hash of every package, and none from anywhere but the registry", () => {
    expect(installed(lock).length).toBeGreaterThan(500);
    expect(faultsOf(lock)).toEqual([]);
  });

  test.each([
    ["no SHA-512", { version: "1.0.0" }],
    ["no SHA-512", { version: "1.0.0", integrity: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" }],
    ["from git", { version: "1.0.0", resolved: "git+ssh://git@github.com/x/x.git#0" }],
    ["from http:", { version: "1.0.0", resolved: "http://registry.npmjs.org/x/-/x-1.0.0.tgz" }],
    ["from https:", { version: "1.0.0", resolved: "https://registry.npmjs.org.evil.io/x.tgz" }],
    ["from file:", { version: "1.0.0", resolved: "file:../x" }],
    ["no SHA-512", { version: "1.0.0", inBundle: true }],
  ])("would be refused with a package of %s", (fault, entry) => {
    expect(faultsOf({ "node_modules/x": entry }).join()).toContain(fault);
  });

  test("is that of package.json, whose own versions are exact", () => {
    const { dependencies, devDependencies } = manifest;
    expect(lock[""]?.dependencies).toEqual(dependencies);
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });
});

describe("install scripts", () => {
  const withScripts = installed(lock)
    .filter(({ entry }) => entry.hasInstallScript)
    .map(({ name }) => name);

  test("are allowed by name, and those alone that there are", () => {
    expect(Object.values(manifest.allowScripts)).not.toContain(false);
    expect([...new Set(withScripts)].sort()).toEqual(Object.keys(manifest.allowScripts).sort());
  });

  test("fail an installation where they are not named", () => {
    // The only setting: no registry, no token, nothing that loosens what the lock says.
    expect(readFileSync(join(ROOT, ".npmrc"), "utf8")).toBe("strict-allow-scripts=true\n");
  });

  test("are in no package that came without saying so", () => {
    // npm looks for these of its own accord (npm docs, scripts, npm install), and for binding.gyp.
    const HOOKS = ["preinstall", "install", "postinstall"];
    const found = installed(lock).filter(({ folder }) => {
      const at = join(ROOT, folder);
      if (!existsSync(join(at, "package.json"))) return false;
      const { scripts = {}, gypfile } = JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
      const builds = existsSync(join(at, "binding.gyp")) && gypfile !== false;
      return builds || HOOKS.some((hook) => hook in scripts);
    });
    expect(
      [...new Set(found.map(({ name }) => name))].filter((name) => !withScripts.includes(name)),
    ).toEqual([]);
  });
});

describe.each(REQUIREMENTS)("%s", (file) => {
  const text = readRequirements(file);

  test("has one version of each package, with the hash of each of its files", () => {
    expect(parseRequirements(text).length).toBeGreaterThan(10);
  });

  test("names no index, no URL and no file", () => {
    expect(text).not.toMatch(/^\s*-(?!-hash=)/m);
    expect(text.replaceAll(/^\s*#.*$/gm, "")).not.toMatch(/:\/\/|@ |\.whl|\.tar\.gz/);
  });

  test("has what its .in file asks for", () => {
    const asked = readFileSync(join(ROOT, file.replace(/\.txt$/, ".in")), "utf8")
      .split("\n")
      .flatMap(
        (line) => /^([\w.-]+)/.exec(line)?.[1]?.toLowerCase().replaceAll(/[_.]/g, "-") ?? [],
      );
    const locked = parseRequirements(text).map(({ name }) => name);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((name) => !locked.includes(name))).toEqual([]);
  });
});

test.each([
  `x>=1.0 \\\n    --hash=sha256:${"0".repeat(64)}`,
  "x @ git+https://github.com/x/x",
  "-e ./x",
  "x==1.0",
  `x==1.0 \\\n    --hash=md5:${"0".repeat(32)}`,
  `x==1.0 \\\n    --hash=sha256:${"0".repeat(64)} --global-option=x`,
])("a requirement is refused without an exact version and hashes: %j", (text) => {
  expect(() => parseRequirements(text)).toThrow(/expected/);
});

test("every environment of Python is made from a lock that is checked here", () => {
  const files = ["src", "jobs", "lambda", "__tests__"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /(^|\/)[^/]*requirements[^/]*\.txt$/.test(file))
      .map((file) => `${folder}/${file}`),
  );
  expect(files.sort()).toEqual([...REQUIREMENTS].sort());
});

test("every jar has an exact version and its SHA-256", () => {
  const text = readFileSync(join(ROOT, "src", "local", "emulator", "jars.py"), "utf8");
  // Each entry of the tables is read: none is left out for being written in another way.
  expect(jars()).toHaveLength(text.match(/^ {4}f?"[\w.-]+:[\w.-]+:/gm)?.length ?? -1);
  for (const { artifact, version, sha256 } of jars()) {
    expect(version, artifact).toMatch(/^\d+\.\d+\.\d+$/);
    expect(sha256, artifact).toMatch(/^[0-9a-f]{64}$/);
  }
});

test("CI installs what is locked, and nothing is fetched beside", () => {
  const run = readFileSync(join(ROOT, ".ci", "run"), "utf8");
  expect(run).toMatch(/^npm ci$/m);
  expect(run).not.toMatch(/npm (install|i) |curl|wget|pip install|npx -y/);
});
