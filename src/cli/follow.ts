/** Finding the executions that ingest given objects, and following them to their end. */
import { setTimeout as delay } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { Failure } from "../local/failure";
import {
  type ExecutionFailure,
  failureOf,
  ingestedKeys,
  repeatedStates,
  type Visit,
  visitsOf,
} from "./history";
import { type RunSummary, readJobLog, readSummary } from "./run-files";
import { accountOf, stateMachineArn } from "./state-machine";
import type { Target } from "./target";
import { plural, seconds } from "./terminal";

/** How one execution ended; no summary where there was nothing to do. */
export interface FollowedRun {
  readonly name: string;
  readonly summary: RunSummary | undefined;
}

/** What a follower is told. */
export interface FollowNews {
  now(text: string): void;
  note(text: string): void;
}

/** Milliseconds between two looks. */
const LOOK_MS = { local: 250, aws: 2_000 };
/** Seconds beyond the batch window until an execution must have appeared. */
const APPEAR_SECONDS = 120;
/** Executions that one look lists; the newest come first. */
const PAGE = 100;

/** Follows what ingests `keys`. Create it before the upload: it remembers what ran already. */
export class Follower {
  private readonly sfn: SFNClient;
  private readonly lookMs: number;
  private constructor(
    private readonly target: Target,
    private readonly machineArn: string,
    private readonly earlier: ReadonlySet<string>,
  ) {
    this.sfn = new SFNClient(target.client);
    this.lookMs = target.isLocal ? LOOK_MS.local : LOOK_MS.aws;
  }

  static async create(target: Target): Promise<Follower> {
    const arn = stateMachineArn(target, await accountOf(target));
    const follower = new Follower(target, arn, new Set());
    return new Follower(target, arn, new Set(await follower.newest()));
  }

  /**
   * Follows every execution that ingests one of the keys.
   * @throws Failure when none appears in time, or when one fails
   */
  async follow(
    keys: readonly string[],
    news: FollowNews,
    signal: AbortSignal,
  ): Promise<FollowedRun[]> {
    const waiting = new Set(keys);
    const seen = new Set(this.earlier);
    const runs: Promise<FollowedRun>[] = [];
    const window = this.target.environment.variables.ingest_batch_window_seconds;
    const deadline = Date.now() + (window + APPEAR_SECONDS) * 1000;
    while (waiting.size > 0) {
      if (Date.now() > deadline) throw this.notPickedUp(waiting, window);
      news.now(`waiting for a run to pick up ${plural(waiting.size, "file")}`);
      for (const arn of await this.newest()) {
        if (seen.has(arn)) continue;
        seen.add(arn);
        const { input } = await this.sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
        const found = ingestedKeys(input, waiting);
        if (found.length === 0) continue;
        for (const key of found) waiting.delete(key);
        const run = this.followOne(arn, news, signal);
        run.catch(() => {}); // it is awaited below; until then its failure is nobody's surprise
        runs.push(run);
      }
      if (waiting.size > 0) await delay(this.lookMs, undefined, { signal });
    }
    const ended = await Promise.allSettled(runs);
    const failed = ended.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    return ended.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  }

  private async newest(): Promise<string[]> {
    const { executions = [] } = await this.sfn.send(
      new ListExecutionsCommand({ stateMachineArn: this.machineArn, maxResults: PAGE }),
    );
    return executions.flatMap((one) => one.executionArn ?? []);
  }

  /**
   * Follows one execution to its end.
   * @throws Failure when it fails
   */
  async followOne(
    executionArn: string,
    news: FollowNews,
    signal: AbortSignal,
  ): Promise<FollowedRun> {
    const name = executionArn.split(":").at(-1) ?? executionArn;
    news.note(`run ${name}`);
    let told = 0;
    const toldStates = new Set<string>();
    for (;;) {
      const events = await this.history(executionArn);
      const visits = visitsOf(events);
      for (const visit of visits.slice(told)) {
        if (visit.leftAt === undefined) break;
        told += 1;
        // A choice takes no time, and a loop would fill the screen.
        if (visit.kind !== "Choice" && !toldStates.has(visit.state)) news.note(describe(visit));
        toldStates.add(visit.state);
      }
      const current = visits.at(-1);
      if (current && current.leftAt === undefined) news.now(current.state);
      const last = events.at(-1)?.type ?? "";
      if (/^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(last)) {
        for (const line of repeatedStates(visits)) news.note(`  ${line}`);
        const failure = failureOf(events);
        if (failure) throw await this.failureOf(name, failure);
        return { name, summary: await readSummary(this.target, name) };
      }
      await delay(this.lookMs, undefined, { signal });
    }
  }

  /** The failure with what Spark's driver said, where it was Spark that failed. */
  private async failureOf(name: string, failure: ExecutionFailure): Promise<Failure> {
    const { state, error, cause, rawCause } = failure;
    const log = await readJobLog(this.target.client, rawCause);
    const message = `Run ${name} failed${state ? ` in ${state}` : ""}: ${error}`;
    return new Failure(message, {
      cause: [cause, ...(log?.lines ?? [])].join("\n"),
      log: log?.uri,
    });
  }

  private async history(executionArn: string): Promise<HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    const pages = paginateGetExecutionHistory(
      { client: this.sfn, pageSize: 1000 },
      { executionArn, includeExecutionData: true },
    );
    for await (const page of pages) events.push(...(page.events ?? []));
    return events;
  }

  private notPickedUp(waiting: ReadonlySet<string>, window: number): Failure {
    const { queue, function: functions } = this.target.names;
    return new Failure(
      [
        `No run has picked up ${[...waiting].join(", ")} within ${window + APPEAR_SECONDS} s of the upload (the batch window is ${window} s). Where to look:`,
        `  queue ${queue.ingest}: messages that wait`,
        `  queue ${queue.ingestDlq}: messages that the trigger gave up`,
        `  log group /aws/lambda/${functions.trigger}: what the trigger said`,
      ].join("\n"),
    );
  }
}

function describe(visit: Visit): string {
  return `  ${visit.state.padEnd(20)} ${seconds((visit.leftAt ?? visit.enteredAt) - visit.enteredAt)}`;
}
