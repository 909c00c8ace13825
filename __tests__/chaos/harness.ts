/** Carries a plan out on a deployed lake, waits until it is quiet, and compares. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { execa } from "execa";
import { machinePaths, ROOT } from "../../src/local/paths";
import { venvPython } from "../../src/local/python-environment";
import type { DeployedLake } from "../e2e/support/deployed-lake";
import type { LakeCommand } from "../e2e/support/lake-command";
import { type Difference, differences, type Expected, multiset, total } from "./accounts";
import { Control } from "./control";
import { contentOf, type FileVersion, type Source } from "./files";
import { Injector } from "./injector";
import { ObservedLake, type Row } from "./observed-lake";
import type { Operation, Plan, Round } from "./plan";
import { Random } from "./random";
import { Reader, type Reads } from "./reader";
import { type Settled, settle } from "./settle";

export interface Outcome {
  readonly plan: Plan;
  /** Events that S3 delivered twice. */
  readonly duplicates: number;
  /** Times that every source had one more event, so that faults strike that had not been met. */
  readonly nudges: number;
  /** Faults by kind, how often each struck. */
  readonly faults: ReadonlyMap<string, number>;
  /** Executions by how they ended. */
  readonly executions: ReadonlyMap<string, number>;
  /** Why those failed that did. */
  readonly failures: ReadonlyMap<string, number>;
  readonly jobs: number;
  readonly settled: Settled;
  readonly reads: Reads;
  readonly rows: { readonly expected: number; readonly found: number };
  readonly quarantined: { readonly expected: number; readonly found: number };
  readonly differences: readonly Difference[];
  readonly seconds: number;
}

/** Milliseconds that a round waits for a job to run, and for the lake to catch up. */
const JOB_MS = 90_000;
const LOOK_MS = 300;
/**
 * Until a message comes again that nobody has deleted, such as a killed trigger's. The lake has six
 * minutes; here a message may well come again while it is in hand.
 */
const VISIBILITY_SECONDS = 8;
/** Rounds at most that the plan does not have, for faults that nothing has met. */
const MOST_NUDGES = 5;

export interface UnleashProps {
  readonly plan: Plan;
  /** The `lake` command in the lake's own project folder. */
  readonly command: LakeCommand;
  readonly say: (line: string) => void;
}

export async function unleash(
  deployed: DeployedLake,
  { plan, command, say }: UnleashProps,
): Promise<Outcome> {
  const began = Date.now();
  const lake = new ObservedLake(deployed);
  const control = new Control(deployed.endpoint);
  const earlier = new Set((await lake.executions()).map(({ arn }) => arn));
  const jobsBefore = (await lake.jobs()).length;
  const { landing } = deployed.names.bucket;
  const { seed, duplicate, delay: late } = plan;
  await lake.setVisibilityTimeout(deployed.names.queue.ingest, VISIBILITY_SECONDS);
  await control.disturb({ bucket: landing, keys: "raw/*", seed, duplicate, delay: late });
  const injector = new Injector(lake, control, plan.quick);
  const reader = new Reader(lake, plan.sources);
  let nudges = 0;
  let faults: ReadonlyMap<string, number> = new Map();
  let copies = 0;
  try {
    for (const [at, round] of plan.rounds.entries()) {
      say(`round ${at + 1} of ${plan.rounds.length}: ${described(round)}`);
      await carryOut(lake, injector, round);
    }
    nudges = await untilMet(lake, injector, plan, say);
  } finally {
    // Also where it fails: others may use this lake after us.
    await injector.end().finally(async () => {
      faults = await injector.faults();
      ({ copies } = await control.deliveries());
      await control.calm();
    });
  }
  say("no more faults: waiting until the lake is quiet");
  const settled = await settle(lake, control, command, say);
  const reads = await reader.stop();
  const expected = await oracle(lake);
  const table = multiset(await tableRows(lake, plan.sources));
  const quarantine = multiset(await quarantined(lake));
  const [rows, bad] = [multiset(expected.rows), multiset(expected.bad)];
  const ended = (await lake.executions()).filter(({ arn }) => !earlier.has(arn));
  const failed = ended.filter(({ status }) => status === "FAILED");
  const failures = await Promise.all(failed.map(({ arn }) => lake.failureOf(arn)));
  return {
    plan,
    duplicates: copies,
    nudges,
    faults,
    executions: counted(ended.map(({ status }) => status)),
    failures: counted(failures),
    jobs: (await lake.jobs()).length - jobsBefore,
    settled,
    reads,
    rows: { expected: total(rows), found: total(table) },
    quarantined: { expected: total(bad), found: total(quarantine) },
    differences: [
      ...differences("table", rows, table),
      ...differences("quarantine", bad, quarantine),
    ],
    seconds: (Date.now() - began) / 1000,
  };
}

async function carryOut(lake: ObservedLake, injector: Injector, round: Round): Promise<void> {
  for (const fault of round.faults) await injector.arm(fault);
  for (const operation of round.before) await perform(lake, operation);
  await untilAJobRuns(lake);
  for (const operation of round.during) {
    await perform(lake, operation);
    await delay(LOOK_MS);
  }
  await untilCaughtUp(lake);
}

/** Large batches mean few runs: every source is given another event, which changes no record. */
async function untilMet(
  lake: ObservedLake,
  injector: Injector,
  plan: Plan,
  say: (line: string) => void,
): Promise<number> {
  for (let nudges = 0; ; nudges += 1) {
    const unmet = [...(await injector.faults())].flatMap(([kind, times]) => (times ? [] : [kind]));
    if (unmet.length === 0 || nudges === MOST_NUDGES) return nudges;
    say(`one more event for every source; not met yet: ${unmet.join(", ")}`);
    for (const file of lastFiles(plan)) await perform(lake, { kind: "again", file });
    await untilAJobRuns(lake);
    await untilCaughtUp(lake);
  }
}

/** Of every source that still has one. */
function lastFiles({ rounds, sources }: Plan): FileVersion[] {
  const live = new Map<string, FileVersion>();
  for (const operation of rounds.flatMap(({ before, during }) => [...before, ...during]))
    if (operation.kind === "delete") live.delete(operation.key);
    else live.set(operation.file.key, operation.file);
  const files = [...live.values()];
  return sources.flatMap(({ name }) => files.findLast(({ source }) => source.name === name) ?? []);
}

async function perform({ s3, lake }: ObservedLake, operation: Operation): Promise<void> {
  const Bucket = lake.names.bucket.landing;
  if (operation.kind === "delete") {
    await s3.send(new DeleteObjectCommand({ Bucket, Key: operation.key }));
    return;
  }
  const { file } = operation;
  const Body = contentOf(file, new Random(file.seed));
  await s3.send(new PutObjectCommand({ Bucket, Key: file.key, Body }));
}

async function untilAJobRuns(lake: ObservedLake): Promise<void> {
  for (const end = Date.now() + JOB_MS; Date.now() < end; await delay(LOOK_MS))
    if ((await lake.jobs()).some(({ state }) => state === "RUNNING")) return;
}

async function untilCaughtUp(lake: ObservedLake): Promise<void> {
  for (const end = Date.now() + JOB_MS; Date.now() < end; await delay(LOOK_MS))
    if ((await lake.executions()).every(({ status }) => status !== "RUNNING")) return;
}

/** The raw zone as it is now, judged by DuckDB. */
async function oracle(lake: ObservedLake): Promise<Expected> {
  const folder = mkdtempSync(join(tmpdir(), "lake-oracle-"));
  try {
    const bucket = lake.lake.names.bucket.landing;
    for (const key of await lake.keys(bucket, "raw/")) {
      mkdirSync(dirname(join(folder, key)), { recursive: true });
      writeFileSync(join(folder, key), await lake.read(bucket, key));
    }
    return await expectedOf(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a lake must hold whose raw zone lies in this folder. */
export async function expectedOf(folder: string): Promise<Expected> {
  const program = join(ROOT, "__tests__", "chaos", "oracle.py");
  const python = venvPython(machinePaths(ROOT));
  const { stdout } = await execa(python, [program, folder], { maxBuffer: 2 ** 30 });
  return JSON.parse(stdout) as Expected;
}

async function tableRows(lake: ObservedLake, sources: readonly Source[]): Promise<Row[]> {
  const found: Row[] = [];
  for (const { name } of sources)
    for (const [year, month, day, ...values] of (await lake.rows(
      `SELECT year, month, day, id, amount, note FROM ${name}`,
    )) ?? [])
      found.push([name, `${year}-${month}-${day}`, ...values]);
  return found;
}

const QUARANTINE = /^quarantine\/([^/]+)\/year=(\d+)\/month=(\d+)\/day=(\d+)\//;
/** A bad record's name, wherever in its text it stands. */
const NAME = /s\d+[a-z]*\.v\d+\.\w+/;

async function quarantined(lake: ObservedLake): Promise<Row[]> {
  const bucket = lake.lake.names.bucket.processed;
  const found: Row[] = [];
  for (const key of await lake.keys(bucket, "quarantine/")) {
    const [, source = "", ...date] = QUARANTINE.exec(key) ?? [];
    if (source === "" || key.endsWith("/")) continue;
    for (const line of new TextDecoder().decode(await lake.read(bucket, key)).split("\n")) {
      if (line === "") continue;
      const { raw_text: text = "" } = JSON.parse(line) as { raw_text?: string };
      found.push([source, date.join("-"), NAME.exec(text)?.[0] ?? text]);
    }
  }
  return found;
}

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function described(round: Round): string {
  const { before, during, faults } = round;
  return `${before.length + during.length} events; ${faults.map(({ kind }) => kind).join(", ")}`;
}
