/** What a person is told of, once: objects that no source takes, and runs that ended without a word. */
import type { Unfinished } from "./contract";

/** Something to tell, by the message that brought it. */
export interface Told {
  readonly messageId: string;
  /** What it is about; two messages about one thing are told once. */
  readonly subject: string;
}

/** An object in raw/ that lies outside the layout, or in the folder of no source. */
export interface Stray extends Told {
  readonly key: string;
  readonly reason: string;
}

export interface ReportDeps {
  /** Registers what is to be told; false where another message has told it already. */
  readonly begin: (one: Told) => Promise<boolean>;
  /** From here on a repeated message tells nothing. */
  readonly finish: (one: Told) => Promise<void>;
  readonly publish: (subject: string, message: object) => Promise<void>;
}

/** Keys that one message names at most. */
export const MAX_NAMED = 20;

/** One message for all of them. They stay where they are. */
export async function reportStrays(strays: readonly Stray[], deps: ReportDeps): Promise<void> {
  const unique = [...new Map(strays.map((one) => [one.subject, one])).values()];
  const fresh: Stray[] = [];
  for (const one of unique) if (await deps.begin(one)) fresh.push(one);
  if (fresh.length === 0) return;
  await deps.publish("ETL Objects not ingested", {
    objects: fresh.slice(0, MAX_NAMED).map(({ key, reason }) => ({ key, reason })),
    more: Math.max(0, fresh.length - MAX_NAMED),
    remedy:
      "they stay where they are, and nothing is ingested from them: copy each to raw/<source>/year=YYYY/month=MM/day=DD/<file>, where the source is one of the environment's sources, and delete the original",
  });
  for (const one of fresh) await deps.finish(one);
}

/**
 * Whether a state of the run has told the topic: its error is then named after the state that
 * failed. Not so where the topic was out of reach, or where Step Functions itself ended the run.
 */
export function hasTold({ status, error }: Unfinished): boolean {
  return status === "FAILED" && /^[A-Za-z]+Failed$/.test(error ?? "");
}

const BY_ITSELF = {
  FAILED: "Step Functions ended the run",
  TIMED_OUT: "the run took longer than it may",
  ABORTED: "somebody stopped the run",
} as const;

/** A run of which no state could tell how it ended. */
export async function reportUnfinished(
  messageId: string,
  run: Unfinished,
  deps: ReportDeps,
): Promise<void> {
  const told = { messageId, subject: run.executionArn };
  if (!(await deps.begin(told))) return;
  await deps.publish("ETL Failure", {
    run: run.name,
    execution: run.executionArn,
    error: run.error ?? run.status,
    cause: run.cause ?? BY_ITSELF[run.status],
    remedy:
      "the earlier data stands. The next run of the source takes over its lock and its days; npx lake redrive <environment> starts one",
    input: parsed(run.input),
  });
  await deps.finish(told);
}

function parsed(input: string | null | undefined): unknown {
  try {
    return JSON.parse(input ?? "null");
  } catch {
    return input;
  }
}
