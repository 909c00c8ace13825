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

/** A run that timed out or was stopped: none of its states could tell so. */
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
    error: run.status,
    cause: `${run.cause ?? (run.status === "TIMED_OUT" ? "the run took longer than it may" : "somebody stopped the run")}. The earlier data stands; its days are ingested by the next run of the source, which takes its lock over: start one, or upload a file`,
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
