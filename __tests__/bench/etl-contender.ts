/** One run of one contender, in a process of its own, with everything that is measured of it. */
import {
  createReadStream,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { dayFolder } from "../../src/cli/days";
import { ROOT } from "../../src/local/paths";
import { killTree } from "../../src/local/processes";
import { watchMemory } from "./etl-memory";
import { heapHeld, type Profile, profileOf } from "./etl-profile";
import type { Ground } from "./python-ground";

/** Files of one format and size. */
export interface Input {
  readonly format: string;
  readonly files: readonly string[];
  /** Bytes of the text, unpacked. */
  readonly text_bytes: number;
  readonly rows: number;
  /** Of the rows' hashes: see etl/outputs.py. */
  readonly sum: string;
}

/** What was written: see etl/outputs.py. */
export interface Output {
  readonly rows: number;
  readonly sum: string;
  readonly types: Readonly<Record<string, string>>;
  readonly sizes: readonly number[];
}

/** A run that came to its end. */
export interface Measured {
  /** Seconds from when Spark (or DuckDB) was up, and of the whole process. */
  readonly seconds: number;
  readonly wholeSeconds: number;
  /** Resident sets of the process and all that it started, at their highest; without /proc, none. */
  readonly peakBytes: number | undefined;
  /** In the heap after a collection, at most. */
  readonly heldBytes: number;
  /** Bytes read from files, over the bytes of the files. */
  readonly passes: number | undefined;
  readonly profile: Profile | undefined;
  readonly output: Output;
}

/** Where contenders run, and with what. */
export interface SparkGround extends Ground {
  /** Spark's settings, but for those that name a folder. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface Task {
  readonly contender: "ours" | "pyspark" | "duckdb";
  readonly input: Input;
  /** The day that the files come in, ISO. */
  readonly day: string;
  /** Folder of the result: for ours the catalog's warehouse, which may have the table already. */
  readonly out: string;
  readonly limitSeconds: number;
}

/** Files of ours and of the peers. */
const PYTHON = join(ROOT, "__tests__", "bench", "etl");
const JOBS = join(ROOT, "jobs");
/** Characters of what a contender said last. */
const SAID = 400;

/**
 * Runs it and describes what it wrote.
 * @returns the message, in one line, where it failed, was killed or took longer than it may
 */
export async function run(ground: SparkGround, task: Task): Promise<Measured | string> {
  const work = mkdtempSync(join(ground.folder, "work-"));
  try {
    const bytes = placeFiles(task, join(work, "raw"));
    const result = join(work, "result.json");
    const began = performance.now();
    const ended = await timed(ground, task, work, result);
    if (typeof ended === "string") return ended.replaceAll(`file:${work}/`, "");
    const wholeSeconds = (performance.now() - began) / 1000;
    const found = JSON.parse(readFileSync(result, "utf8"));
    const isSpark = task.contender !== "duckdb";
    return {
      seconds: found.seconds,
      wholeSeconds,
      peakBytes: ended.peakBytes,
      heldBytes: isSpark ? heapHeld(readFileSync(join(work, "gc.log"), "utf8")) : 0,
      passes: isSpark ? found.read_bytes / bytes : undefined,
      profile: isSpark
        ? await profileOf(linesOf(join(work, "events", found.application)))
        : undefined,
      output: await described(ground, task),
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The files under the raw zone's folder of the day, by hard links; their bytes as stored. */
function placeFiles({ input, day }: Task, raw: string): number {
  const folder = join(raw, "feed", dayFolder(day));
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  for (const file of input.files) {
    linkSync(file, join(folder, basename(file)));
    bytes += statSync(file).size;
  }
  return bytes;
}

async function timed(
  ground: SparkGround,
  task: Task,
  work: string,
  result: string,
): Promise<{ peakBytes: number | undefined } | string> {
  mkdirSync(join(work, "events"));
  const spec = {
    ...{ contender: task.contender, format: task.input.format, day: task.day, out: task.out },
    ...{ raw: join(work, "raw"), work, result, settings: settingsIn(ground, work, task.out) },
  };
  const child = execa(ground.python, [join(PYTHON, "contender.py"), JSON.stringify(spec)], {
    cwd: work,
    env: {
      JAVA_HOME: ground.javaHome,
      PYTHONPATH: JOBS,
      PYTHONDONTWRITEBYTECODE: "1",
      PYSPARK_PYTHON: ground.python,
      PYSPARK_DRIVER_PYTHON: ground.python,
    },
    reject: false,
    stdin: "ignore",
    all: true,
  });
  const { pid } = child;
  if (pid === undefined) return (await child).shortMessage ?? "it could not be started";
  ground.defer(() => killTree(pid));
  const memory = watchMemory(pid);
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    void killTree(pid);
  }, task.limitSeconds * 1000);
  const ended = await child;
  clearTimeout(limit);
  memory.stop();
  const peakBytes = memory.peak();
  if (late) return `ended after ${task.limitSeconds} s, which is the most that it may take here`;
  return ended.exitCode === 0 ? { peakBytes } : lastWords(ended.all, ended.signal);
}

/** Why it failed, in its own words. */
export function lastWords(said: string, signal: string | undefined): string {
  if (signal !== undefined) return `killed by ${signal}`;
  const lines = said.split("\n").filter((line) => line.trim() !== "");
  const told = lines.filter((line) => /^[\w.-]+: error: /.test(line)).at(-1);
  if (told !== undefined) return `refused: ${told.replace(/^etl: error: /, "").slice(0, SAID)}`;
  const raised = lines.filter((line) => /^[A-Za-z_][\w.$]*(Error|Exception)\b/.test(line)).at(-1);
  return `failed: ${(raised ?? lines.at(-1) ?? "without a word").slice(0, SAID)}`;
}

function settingsIn(ground: SparkGround, work: string, out: string): Record<string, string> {
  return {
    ...ground.settings,
    "spark.local.dir": join(work, "local"),
    "spark.sql.warehouse.dir": join(work, "warehouse"),
    "spark.sql.catalog.lake.warehouse": `file:${out}`,
    "spark.eventLog.enabled": "true",
    "spark.eventLog.dir": `file:${join(work, "events")}`,
    "spark.driver.extraJavaOptions": [
      `-Djava.io.tmpdir=${work} -Dderby.system.home=${work} -XX:-UsePerfData`,
      `-Xlog:gc:file=${join(work, "gc.log")}`,
    ].join(" "),
  };
}

async function described(
  { python }: Ground,
  { input, day, out, contender }: Task,
): Promise<Output> {
  const within = contender === "ours" ? [dayFolder(day)] : [];
  const program = join(PYTHON, "outputs.py");
  return JSON.parse((await execa(python, [program, input.format, out, ...within])).stdout);
}

function linesOf(file: string) {
  return createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}
