/** Small real programs that answer as a tool of some version would. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder that ends with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lake-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes an executable shell script; returns its path. */
export function program(path: string, ...lines: string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${lines.join("\n")}\n`, { mode: 0o755 });
  return path;
}

/** A `terraform` or `tofu` of this version. */
export function fakeTerraform(folder: string, version: string, name = "terraform"): string {
  return program(join(folder, name), `echo '{"terraform_version": "${version}"}'`);
}

/** A Java home of this version, with its program; returns the home. */
export function fakeJava(home: string, version: string): string {
  program(
    join(home, "bin", "java"),
    `echo "    java.home = ${home}" >&2`,
    `echo "    java.version = ${version}" >&2`,
  );
  return home;
}

/** A Python of this version; `missing` are standard modules that it lacks. */
export function fakePython(
  folder: string,
  version: string,
  missing = "-",
  name = "python3",
): string {
  return program(join(folder, name), `echo "${version} ${missing}"`);
}
