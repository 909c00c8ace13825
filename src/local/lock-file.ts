/** A lock between processes of this machine. */
import { type LockOptions, lock } from "proper-lockfile";

/** A process that died has its lock taken over after so many milliseconds. */
const OPTIONS: LockOptions = { realpath: false, stale: 15_000 };

/**
 * Takes the lock of a path, which need not exist, and waits for it for as long as another process
 * holds it.
 * @param onWait is called once where it has to wait
 * @returns gives the lock back
 */
export async function lockFile(
  path: string,
  lockfilePath: string,
  onWait: () => void = () => {},
): Promise<() => Promise<void>> {
  const options = { ...OPTIONS, lockfilePath };
  try {
    return await lock(path, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    onWait();
  }
  return lock(path, {
    ...options,
    retries: { forever: true, factor: 1, minTimeout: 250, maxTimeout: 250 },
  });
}
