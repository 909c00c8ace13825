/** `.venv`: the Python packages of the local AWS, made the first time they are needed. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { lock } from "proper-lockfile";
import { overlay } from "./aws-environment";
import { Failure, lastLines } from "./failure";
import type { MachinePaths } from "./paths";
import { startTethered, type Tethered } from "./tethered";
import type { Java, Python } from "./toolchain";
import { ask } from "./tools/search";

/** What the work needs from its caller. */
export interface PreparationContext {
  readonly paths: MachinePaths;
  readonly env: NodeJS.ProcessEnv;
  readonly python: Python;
  readonly java: Java;
  /** Told what is being done, as it is done. */
  readonly say: (text: string) => void;
  /** Told how far a download is; each text replaces the one before. */
  readonly progress?: (text: string) => void;
  /** Has what was started ended when the command is interrupted. */
  readonly defer: (closer: () => Promise<void>) => void;
}

/** What goes into a virtual environment, as its user is told when it is downloaded. */
export interface Packages {
  readonly what: string;
  readonly megabytes: number;
}

/** MB that are downloaded once: the packages from PyPI (PySpark's is 317), and the jars. */
export const DOWNLOADS_MB = { packages: 460, jars: 117 } as const;
const LOCAL_AWS: Packages = {
  what: "PySpark, moto, DuckDB and others",
  megabytes: DOWNLOADS_MB.packages,
};
/** Says in `.venv` what it was made from; absent while it is being made. */
const MARKER = ".lake.json";
/** Milliseconds after which a lock whose owner stopped refreshing it is taken over. */
const STALE_MS = 15_000;

/** What a virtual environment is made from; another one is remade. */
interface Marker {
  readonly requirements: string;
  readonly python: string;
}

/** Python of the virtual environment. */
export function venvPython(paths: MachinePaths): string {
  return join(paths.venv, "bin", "python");
}

/** What a sound `.venv` would have been made from now. */
export function wantedMarker(paths: MachinePaths, python: Python): Marker {
  const requirements = createHash("sha256").update(readFileSync(paths.requirements)).digest("hex");
  return { requirements, python: python.version };
}

/** Whether `.venv` is complete and of these requirements. */
export function isVenvCurrent(paths: MachinePaths, wanted: Marker): boolean {
  const marker = readMarker(paths);
  return (
    existsSync(venvPython(paths)) &&
    marker?.requirements === wanted.requirements &&
    marker.python === wanted.python
  );
}

/** Whether `.venv` and Spark's S3 file system are there, whole and up to date. */
export async function isPrepared(context: PreparationContext): Promise<boolean> {
  const wanted = wantedMarker(context.paths, context.python);
  return (
    isVenvCurrent(context.paths, wanted) && (await runJars(context, ["--check"])) === undefined
  );
}

/**
 * Makes `.venv` and fetches Spark's S3 file system and Iceberg, where they are missing or out of date.
 * @throws Failure with the last words of pip or of the download
 */
export async function prepare(context: PreparationContext): Promise<void> {
  const { paths } = context;
  const wanted = wantedMarker(paths, context.python);
  if (await isPrepared(context)) return;
  mkdirSync(paths.state, { recursive: true });
  const release = await takeLock(context);
  try {
    // Another process may have done it while this one waited.
    if (!isVenvCurrent(paths, wanted)) await makeVenv(context, wanted, LOCAL_AWS);
    if ((await runJars(context, ["--check"])) !== undefined) await fetchJars(context);
  } finally {
    await release();
  }
}

/**
 * Makes the virtual environment that `context.paths` names, and that alone, where it is missing or
 * out of date: a tool whose packages do not go with those of the local AWS has one of its own.
 * @throws Failure with the last words of pip
 */
export async function prepareVenv(context: PreparationContext, packages: Packages): Promise<void> {
  const { paths } = context;
  const wanted = wantedMarker(paths, context.python);
  if (isVenvCurrent(paths, wanted)) return;
  mkdirSync(paths.state, { recursive: true });
  const release = await takeLock(context);
  try {
    if (!isVenvCurrent(paths, wanted)) await makeVenv(context, wanted, packages);
  } finally {
    await release();
  }
}

async function takeLock({ paths, say }: PreparationContext): Promise<() => Promise<void>> {
  const file = join(paths.state, "prepare");
  const options = { realpath: false, stale: STALE_MS };
  try {
    return await lock(file, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
  }
  say("another process is installing: waiting for it");
  const retries = { forever: true, factor: 1, minTimeout: 250, maxTimeout: 250 };
  return lock(file, { ...options, retries });
}

async function makeVenv(
  context: PreparationContext,
  wanted: Marker,
  packages: Packages,
): Promise<void> {
  const { paths, python, say } = context;
  const log = join(paths.state, "pip.log");
  const marker = readMarker(paths);
  // One that was left half-made, or by another Python, is of no use; a package of a sound one is.
  if (!existsSync(venvPython(paths)) || marker?.python !== wanted.python) {
    say(`creating ${relative(paths.root, paths.venv)} with Python ${python.version}`);
    rmSync(paths.venv, { recursive: true, force: true });
    const { ok, all } = await ask(python.path, ["-m", "venv", paths.venv], context.env);
    if (!ok)
      throw new Failure(`${python.path} cannot make ${relative(paths.root, paths.venv)}.`, {
        cause: lastLines(all, 4),
      });
  }
  rmSync(join(paths.venv, MARKER), { force: true });
  say(`downloading Python packages (${packages.what}): about ${packages.megabytes} MB, once`);
  const lines: string[] = [];
  const code = await run(context, {
    args: ["-m", "pip", "install", "--require-hashes", "-r", paths.requirements],
    log,
    onLine: (line) => {
      lines.push(line);
      const text = pipProgress(line);
      if (text !== undefined) context.progress?.(text);
    },
  });
  if (code !== 0)
    throw new Failure(
      "pip could not install the Python packages. Is this machine offline, or behind a proxy or a package index of its own (PIP_INDEX_URL)?",
      { cause: lastLines(pipErrors(lines), 3), log },
    );
  writeFileSync(join(paths.venv, MARKER), `${JSON.stringify(wanted)}\n`);
}

async function fetchJars(context: PreparationContext): Promise<void> {
  const log = join(context.paths.state, "jars.log");
  context.say(
    `downloading Spark's S3 file system and Iceberg from Maven Central: ${DOWNLOADS_MB.jars} MB, once`,
  );
  const cause = await runJars(context, [], log);
  if (cause !== undefined)
    throw new Failure("Spark's S3 file system and Iceberg could not be downloaded.", {
      cause,
      log,
    });
}

/** Runs `emulator.jars`; undefined when it succeeded, else what it said last. */
async function runJars(
  context: PreparationContext,
  args: readonly string[],
  log = join(context.paths.state, "jars.log"),
): Promise<string | undefined> {
  const lines: string[] = [];
  const code = await run(context, {
    args: ["-m", "emulator.jars", "--into", context.paths.jars, ...args],
    log,
    onLine: (line) => lines.push(line),
  });
  return code === 0 ? undefined : lastLines(lines.join("\n"), 4);
}

async function run(
  context: PreparationContext,
  command: { args: readonly string[]; log: string; onLine: (line: string) => void },
): Promise<number> {
  const { paths, env, java } = context;
  mkdirSync(paths.state, { recursive: true });
  const child: Tethered = startTethered(venvPython(paths), command.args, {
    cwd: paths.root,
    env: overlay(env, {
      PYTHONPATH: paths.pythonPath,
      PYTHONDONTWRITEBYTECODE: "1",
      JAVA_HOME: java.home,
      PIP_DISABLE_PIP_VERSION_CHECK: "1",
      PIP_NO_INPUT: "1",
    }),
    log: command.log,
    onLine: command.onLine,
  });
  context.defer(() => child.stop());
  return child.exited;
}

/** What pip is at, in a few words; undefined for lines that say nothing new. */
export function pipProgress(line: string): string | undefined {
  const download = /^\s*Downloading (\S+?)-(\d\S*?)(?:-\S+)? \(([\d.]+ [kKMG]B)\)/.exec(line);
  if (download)
    return `${download[1]} ${download[2]?.replace(/\.(tar\.gz|whl|zip)$/, "")}, ${download[3]}`;
  if (line.startsWith("Installing collected packages:")) return "unpacking";
  return undefined;
}

function pipErrors(lines: readonly string[]): string {
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors : lines).join("\n");
}

function readMarker(paths: MachinePaths): Marker | undefined {
  try {
    return JSON.parse(readFileSync(join(paths.venv, MARKER), "utf8")) as Marker;
  } catch {
    return undefined;
  }
}
