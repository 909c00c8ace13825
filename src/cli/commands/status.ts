/** `lake status ENV`. */
import { requireAccount } from "../deploy/account";
import { adviceOf } from "../status/advice";
import { formatStatus } from "../status/format";
import { statusOf, unreadParts } from "../status/status";
import { findTarget } from "../target";
import { print } from "../terminal";

/** How it was asked. */
export interface StatusOptions {
  readonly json: boolean;
  /** How many of the last runs are shown. */
  readonly runs: number;
  /** Whether the exit code says that something needs somebody. */
  readonly exitCode: boolean;
}

/** Exit code where something needs somebody, if it was asked for. */
const NEEDS_SOMEBODY = 2;

/** Prints how the lake does. Exit code 1 where a part of it could not be asked. */
export async function status(name: string, options: StatusOptions): Promise<void> {
  const target = await findTarget(name);
  const account = await requireAccount(target);
  const found = await statusOf(target, account, options.runs);
  const advice = adviceOf(found, target.environment.variables.ingest_batch_window_seconds);
  print(options.json ? JSON.stringify({ ...found, advice }, null, 2) : formatStatus(found, advice));
  if (unreadParts(found).length > 0) process.exitCode = 1;
  else if (options.exitCode && advice.length > 0) process.exitCode = NEEDS_SOMEBODY;
}
