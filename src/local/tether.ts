/**
 * `tether.ts COMMAND ARGUMENT…`: runs a command that cannot outlive the one who asked for it.
 *
 * Node.js cannot tell the system to end a child with its parent, and a parent killed with SIGKILL
 * can end nobody. So this small process stands between: when its stdin closes, however the parent
 * ended, or when it is told to stop, it kills the command and everything that it started.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { killTree } from "./processes";

const [command, ...args] = process.argv.slice(2);
if (command === undefined) throw new Error("usage: tether COMMAND ARGUMENT…");

// A group of its own: the terminal's Ctrl-C reaches the program at the top, which then decides.
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"], detached: true });

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  if (child.pid !== undefined) await killTree(child.pid);
  process.exit(130);
}

process.stdin.on("end", end).on("close", end).resume();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);

child.on("error", (error) => {
  console.error(`cannot run ${command}: ${error.message}`);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  if (!ending) process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0));
});
