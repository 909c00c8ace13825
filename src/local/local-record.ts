/** `.lake/local.json`: which local AWS `lake local up` left running, if it still does. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import type { MachinePaths } from "./paths";
import { commandLine } from "./processes";

const recordSchema = z.object({
  pid: z.int().positive(),
  port: z.int().positive(),
  endpoint: z.url(),
  /** ISO time. */
  startedAt: z.string(),
  /** AWS region that its users are told. */
  region: z.string(),
  /** Whether the bucket of the local state stands. */
  ready: z.boolean(),
});

/** What is known of a local AWS that was left running. */
export type LocalRecord = z.infer<typeof recordSchema>;

/** What `status` found. */
export type LocalStatus =
  | { readonly state: "running"; readonly record: LocalRecord }
  /** The process is there and does not answer. */
  | { readonly state: "silent"; readonly record: LocalRecord }
  /** A record without its process: the machine was restarted, or the process was killed. */
  | { readonly state: "gone"; readonly record: LocalRecord }
  | { readonly state: "none" };

/** Milliseconds that a local AWS may take to answer. */
const ANSWER_MS = 5_000;

/** Reads the record and looks whether its process is ours and answers. */
export async function localStatus(paths: MachinePaths): Promise<LocalStatus> {
  const record = readRecord(paths);
  if (record === undefined) return { state: "none" };
  // Process ids are used again: another program may have this one by now.
  const command = await commandLine(record.pid);
  if (!command?.includes("-m emulator")) return { state: "gone", record };
  return { state: (await answers(record.endpoint)) ? "running" : "silent", record };
}

/** Whether an HTTP server answers there. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_MS) });
    return true;
  } catch {
    return false;
  }
}

function readRecord(paths: MachinePaths): LocalRecord | undefined {
  try {
    return recordSchema.safeParse(JSON.parse(readFileSync(paths.localRecord, "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** Writes the record, whole or not at all. */
export function writeRecord(paths: MachinePaths, record: LocalRecord): void {
  mkdirSync(dirname(paths.localRecord), { recursive: true });
  const draft = `${paths.localRecord}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(draft, paths.localRecord);
}

export function removeRecord(paths: MachinePaths): void {
  rmSync(paths.localRecord, { force: true });
}
