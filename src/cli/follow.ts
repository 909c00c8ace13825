/** Following the execution that ingests a day to its end. */
import { setTimeout as delay } from "node:timers/promises";
import { SFNClient } from "@aws-sdk/client-sfn";
import { Failure } from "../local/failure";
import { clockOffset } from "./aws-clock";
import { type ExecutionFailure, failureOf, repeatedStates, type Visit, visitsOf } from "./history";
import { costLine, type JobRun, jobOf } from "./run-cost";
import { type RunSummary, readJobLog, readSummary } from "./run-files";
import { rowsOf } from "./run-list";
import { accountOf, stateMachineArn } from "./state-machine";
import type { ListRow } from "./step";
import { type Awaited, historyOf, TakingRuns } from "./taking-runs";
import type { Target } from "./target";
import { seconds } from "./terminal";

/** How one execution ended; no summary where there was nothing to do. */
export interface FollowedRun {
  readonly name: string;
  readonly summary: RunSummary | undefined;
  /** Undefined where no job was started. */
  readonly job?: JobRun | undefined;
  /** What it has cost, in words; undefined until that was asked. */
  readonly cost?: string;
}

/** What a follower is told. */
export interface FollowNews {
  now(text: string): void;
  note(text: string): void;
  /** The states of the run; without it they are told as notes. */
  readonly list?: ((rows: readonly ListRow[]) => void) | undefined;
}

/** Milliseconds between two looks. */
const LOOK_MS = { local: 250, aws: 2_000 };
/** Seconds beyond the batch window in which some execution of the source must have come. */
const APPEAR_SECONDS = 120;

/** Follows the run that ingests a day. Create it before the upload: it compares the clocks. */
export class Follower {
  private readonly lookMs: number;
  private constructor(
    private readonly target: Target,
    private readonly sfn: SFNClient,
    private readonly machineArn: string,
    private readonly clockOffsetMs: number,
  ) {
    this.lookMs = target.isLocal ? LOOK_MS.local : LOOK_MS.aws;
  }

  static async create(target: Target): Promise<Follower> {
    const arn = stateMachineArn(target, await accountOf(target));
    const sfn = new SFNClient(target.client);
    return new Follower(target, sfn, arn, await clockOffset(sfn, arn));
  }

  /**
   * Follows the run that takes the day from now on: it finds every file that lies there now.
   * @throws Failure when none takes it in time, or when the run fails
   */
  async follow(
    { source, date }: Omit<Awaited, "since">,
    news: FollowNews,
    signal: AbortSignal,
  ): Promise<FollowedRun> {
    const runs = new TakingRuns(this.sfn, this.machineArn);
    const awaited = { source, date, since: Date.now() + this.clockOffsetMs };
    const window = this.target.environment.variables.ingest_batch_window_seconds;
    const patienceMs = (window + APPEAR_SECONDS) * 1000;
    let deadline = Date.now() + patienceMs;
    for (;;) {
      const { taker, coming, gone } = await runs.look(awaited);
      if (taker !== undefined) return this.followOne(taker, news, signal);
      const [next] = coming;
      if (next !== undefined) {
        // It takes the day once it has its turn, however long the runs before it are.
        deadline = Date.now() + patienceMs;
        news.now(`waiting for run ${nameOf(next)} to have its turn`);
        news.list?.(rowsOf(await historyOf(this.sfn, next), this.clockOffsetMs));
      } else news.now(`waiting for a run to take ${source} ${date}`);
      if (Date.now() > deadline) {
        if (gone !== undefined) return this.followOne(gone, news, signal);
        throw this.notTaken(awaited, window);
      }
      await delay(this.lookMs, undefined, { signal });
    }
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
    const name = nameOf(executionArn);
    // The list of a run that was waited for is this one's, or another's.
    news.list?.([]);
    news.note(`run ${name}`);
    if (news.list) news.now("");
    let told = 0;
    const toldStates = new Set<string>();
    for (;;) {
      const events = await historyOf(this.sfn, executionArn);
      const visits = visitsOf(events);
      news.list?.(rowsOf(events, this.clockOffsetMs));
      for (const visit of visits.slice(told)) {
        if (visit.leftAt === undefined) break;
        told += 1;
        // A choice takes no time, and a loop would fill the screen.
        if (news.list === undefined && visit.kind !== "Choice" && !toldStates.has(visit.state))
          news.note(describe(visit));
        toldStates.add(visit.state);
      }
      const current = visits.at(-1);
      if (news.list === undefined && current && current.leftAt === undefined)
        news.now(current.state);
      const last = events.at(-1)?.type ?? "";
      if (/^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(last)) {
        if (news.list === undefined)
          for (const line of repeatedStates(visits)) news.note(`  ${line}`);
        const failure = failureOf(events);
        const job = jobOf(events);
        if (failure) {
          // It was billed all the same. Whoever waits for the failure does not wait for the bill.
          if (job) news.note(await costLine(this.target, job, signal, 0));
          throw await this.failureOf(name, failure);
        }
        return { name, summary: await readSummary(this.target, name), job };
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

  private notTaken({ source, date }: Awaited, window: number): Failure {
    const { queue, function: functions } = this.target.names;
    return new Failure(
      [
        `No run has taken ${source} ${date} within ${window + APPEAR_SECONDS} s of the upload (the batch window is ${window} s). Where to look:`,
        `  queue ${queue.ingest}: messages that wait`,
        `  queues ${queue.ingestDlq} and ${queue.eventsDlq}: messages that were given up (npx lake redrive ${this.target.environment.name})`,
        `  log group /aws/lambda/${functions.trigger}: what the trigger said`,
      ].join("\n"),
    );
  }
}

function nameOf(executionArn: string): string {
  return executionArn.split(":").at(-1) ?? executionArn;
}

function describe(visit: Visit): string {
  return `  ${visit.state.padEnd(20)} ${seconds((visit.leftAt ?? visit.enteredAt) - visit.enteredAt)}`;
}
