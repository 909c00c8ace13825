/** Memory of a process with all that it started, looked at while it runs. */
import { readFileSync } from "node:fs";
import { processTree } from "../../src/local/processes";

/** Milliseconds between two looks. */
const LOOK_MS = 100;

/** The most that the tree's resident sets came to. */
export interface Watch {
  /** Of the looks so far, in bytes; undefined on a system without /proc. */
  peak(): number | undefined;
  /** Ends the looking. */
  stop(): void;
}

/**
 * Looks at the resident sets of the process and its descendants every tenth of a second. Pages that
 * several processes share, such as those of Python's workers, count for each of them.
 */
export function watchMemory(root: number): Watch {
  let peak: number | undefined;
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    const sizes = (await processTree(root)).flatMap((pid) => residentBytes(pid) ?? []);
    if (sizes.length > 0)
      peak = Math.max(
        peak ?? 0,
        sizes.reduce((sum, size) => sum + size, 0),
      );
    looking = false;
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    peak: () => peak,
    stop: () => clearInterval(timer),
  };
}

/** Of one process; undefined once it is gone, or where there is no /proc. */
export function residentBytes(pid: number): number | undefined {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return found ? Number(found[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}
