/** Runs Checkov, from an environment of its own, over a folder of plans. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { machinePaths } from "../../../src/local/paths";
import { prepareVenv, venvPython } from "../../../src/local/python-environment";
import { findToolchain } from "../../../src/local/toolchain";
import { runProgram } from "../../e2e/support/run-program";
import type { CheckovReport } from "./verdict";

/** What pip downloads for Checkov and what it needs. */
const PACKAGES = { what: "Checkov and what it needs", megabytes: 54 };

const result = z.object({
  check_id: z.string(),
  check_name: z.string(),
  resource: z.string(),
  file_path: z.string(),
});
const output = z.object({
  results: z.object({
    passed_checks: z.array(result),
    failed_checks: z.array(result),
    parsing_errors: z.array(z.unknown()),
  }),
});

/** Paths of Checkov's environment. */
export function checkovPaths() {
  const paths = machinePaths();
  return {
    ...paths,
    venv: join(paths.state, "checkov"),
    requirements: fileURLToPath(new URL("requirements.txt", import.meta.url)),
  };
}

/** Makes Checkov's environment where it is not there; the Python that runs it. */
export async function prepareCheckov(say: (text: string) => void): Promise<string> {
  const { python, java } = await findToolchain(process.env);
  const paths = checkovPaths();
  const closers: (() => Promise<void>)[] = [];
  const defer = (closer: () => Promise<void>) => closers.push(closer);
  try {
    await prepareVenv({ paths, env: process.env, python, java, say, defer }, PACKAGES);
  } finally {
    for (const closer of closers) await closer();
  }
  return venvPython(paths);
}

/**
 * Every check of Checkov on every stack of a folder of `<stack>.json`.
 * @throws Error with what Checkov said, where it did not look at each of them
 */
export async function scan(
  python: string,
  folder: string,
  stacks: readonly string[],
): Promise<CheckovReport> {
  const home = mkdtempSync(join(tmpdir(), "checkov-"));
  try {
    const { output: said } = await runProgram(
      python,
      // Without `--skip-download` it asks its maker's platform for guidelines.
      [
        ...["-I", "-m", "checkov.main", "--framework", "terraform_plan", "--directory", folder],
        ...["--skip-download", "--soft-fail", "--compact", "--output", "json"],
      ],
      // Nothing of the user's: no settings file in the home or working folder, no key, no proxy.
      { cwd: home, env: { PATH: process.env.PATH, HOME: home, LOG_LEVEL: "CRITICAL" } },
    );
    return read(said, stacks);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Checkov's JSON. Silence is not success: each stack must have been looked at. */
export function read(said: string, stacks: readonly string[]): CheckovReport {
  let found: z.infer<typeof output>;
  try {
    found = output.parse(JSON.parse(said.slice(said.indexOf("{"))));
  } catch {
    throw new Error(`Checkov printed something else than its JSON:\n${said.slice(-2000)}`);
  }
  const { passed_checks, failed_checks, parsing_errors } = found.results;
  if (parsing_errors.length > 0)
    throw new Error(`Checkov could not read ${JSON.stringify(parsing_errors)}.`);
  const stackOf = (file: string) => basename(file, ".json");
  const seen = new Set([...passed_checks, ...failed_checks].map((one) => stackOf(one.file_path)));
  const unseen = stacks.filter((stack) => !seen.has(stack));
  if (unseen.length > 0) throw new Error(`Checkov did not look at ${unseen.join(", ")}.`);
  return {
    passed: passed_checks.length,
    findings: failed_checks.map((one) => ({
      stack: stackOf(one.file_path),
      address: one.resource,
      check: one.check_id,
      title: one.check_name,
    })),
  };
}
