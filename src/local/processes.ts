/** Finding and ending processes with all that they started, also what left their group. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly zombie: boolean;
}

/** Milliseconds between two looks at a process that is not our child: the system tells nobody. */
const LOOK_MS = 25;

/** Whether a process exists and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return process.platform !== "linux" || !(linuxRow(pid)?.zombie ?? true);
}

/** Resolves with whether the process was gone within `timeoutMs`. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(LOOK_MS);
  }
  return true;
}

/** The process's command line; undefined when there is no such process. */
export async function commandLine(pid: number): Promise<string | undefined> {
  if (!isAlive(pid)) return undefined;
  try {
    if (process.platform === "linux")
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return (await run("ps", ["-o", "command=", "-p", String(pid)])).stdout.trim();
  } catch {
    return undefined;
  }
}

/**
 * Kills a process and all its descendants, and the groups that these lead: a program that runs in
 * a pseudo-terminal of its own (cdktf's Terraform does) is in another group and session.
 */
export async function killTree(root: number): Promise<void> {
  const known = new Set([root]);
  const groups = new Set<number>();
  // What is killed may have started something a moment before: until nothing new is found.
  for (let round = 0; round < 20; round += 1) {
    const rows = (await processes()).filter((row) => row.pid !== process.pid);
    const found = family(rows, known, groups);
    if (found.length === 0) return;
    for (const { pid, group } of found) {
      known.add(pid);
      if (pid === group) groups.add(group);
    }
    for (const { pid } of found) kill(pid);
    await delay(LOOK_MS);
  }
}

/** Ids of a process and all its descendants. */
export async function processTree(root: number): Promise<number[]> {
  return family(await processes(), new Set([root]), new Set()).map(({ pid }) => pid);
}

/** Sends SIGKILL; a process that is gone already is no error. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {}
}

function family(rows: readonly Row[], known: ReadonlySet<number>, groups: ReadonlySet<number>) {
  const members = new Set(known);
  let size = 0;
  while (size !== members.size) {
    size = members.size;
    for (const row of rows)
      if (members.has(row.parent) || groups.has(row.group)) members.add(row.pid);
  }
  return rows.filter((row) => members.has(row.pid) && !row.zombie);
}

async function processes(): Promise<Row[]> {
  if (process.platform === "linux")
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0)
      .flatMap((pid) => linuxRow(pid) ?? []);
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,pgid=,state="]);
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, group, state = ""]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      zombie: state.startsWith("Z"),
    }));
}

/** One row of /proc: slim container images have no `ps`. */
function linuxRow(pid: number): Row | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The program's name is in parentheses and may itself hold spaces and parentheses.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid, parent: Number(parent), group: Number(group), zombie: state === "Z" };
  } catch {
    return undefined;
  }
}
