/** The machine as a benchmark with Python programs needs it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machinePaths } from "../../src/local/paths";
import { prepare, venvPython } from "../../src/local/python-environment";
import type { Scope } from "../../src/local/scope";
import { findToolchain } from "../../src/local/toolchain";

/** A machine on which Python programs can be run, and a folder for them, gone with the scope. */
export interface Ground {
  readonly folder: string;
  /** The Python that has Spark and DuckDB. */
  readonly python: string;
  readonly javaHome: string;
  /** Has what was started ended, also when the benchmark is interrupted. */
  readonly defer: (closer: () => Promise<void>) => void;
  /** Ends a program that runs. */
  readonly cancelSignal: AbortSignal;
}

/** @throws Failure where Python or Java is missing, or packages cannot be had */
export async function groundIn(scope: Scope): Promise<Ground> {
  const paths = machinePaths();
  const folder = mkdtempSync(join(tmpdir(), "lake-bench-"));
  const defer = (closer: () => Promise<void>) => scope.defer(closer);
  defer(async () => rmSync(folder, { recursive: true, force: true }));
  const { python, java } = await findToolchain(process.env);
  await prepare({ paths, env: process.env, python, java, say: console.error, defer });
  return {
    folder,
    python: venvPython(paths),
    javaHome: java.home,
    defer,
    cancelSignal: scope.signal,
  };
}
