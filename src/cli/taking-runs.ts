/**
 * Which run takes a day: events only have the day wait, and whichever run of the source is next
 * takes it, be it one that waited already. So a run is known by what it has taken, not by its input.
 */
import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  type HistoryEvent,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  type SFNClient,
} from "@aws-sdk/client-sfn";
import { sourceOf, type Taken, takenOf } from "./history";

/** A day of a source, and the moment, by AWS's clock, from which on a run finds all its files. */
export interface Awaited {
  readonly source: string;
  /** ISO date. */
  readonly date: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** What one look has found; each is an execution's ARN. */
export interface Look {
  /** Has taken the day since. */
  readonly taker: string | undefined;
  /** Run and have taken nothing yet: of these the next one takes whatever waits. */
  readonly coming: readonly string[];
  /** The newest that came and ended before it took anything. */
  readonly gone: string | undefined;
}

/** Executions that one look lists; the newest come first. */
const PAGE = 100;

/** Looks for the run that takes a day. Whatever cannot change is asked for once. */
export class TakingRuns {
  private readonly sources = new Map<string, string | undefined>();
  private readonly taken = new Map<string, Taken | "nothing">();
  constructor(
    private readonly sfn: SFNClient,
    private readonly stateMachineArn: string,
  ) {}

  async look({ source, date, since }: Awaited): Promise<Look> {
    const coming: string[] = [];
    let taker: { readonly arn: string; readonly at: number } | undefined;
    let gone: string | undefined;
    for (const { executionArn = "", status, stopDate } of await this.listed()) {
      if (stopDate && stopDate.getTime() < since) continue;
      if ((await this.sourceOf(executionArn)) !== source) continue;
      const taken = await this.takenBy(executionArn, status !== "RUNNING");
      if (taken === undefined) coming.push(executionArn);
      else if (taken === "nothing") gone ??= status === "SUCCEEDED" ? undefined : executionArn;
      else if (taken.at >= since && taken.days.includes(date) && taken.at < (taker?.at ?? Infinity))
        taker = { arn: executionArn, at: taken.at };
    }
    return { taker: taker?.arn, coming, gone };
  }

  /** The newest, and all that run: one may have waited longer than many others took. */
  private async listed(): Promise<ExecutionListItem[]> {
    const [newest, running] = await Promise.all(
      [undefined, "RUNNING" as const].map((statusFilter) =>
        this.sfn.send(
          new ListExecutionsCommand({
            stateMachineArn: this.stateMachineArn,
            maxResults: PAGE,
            statusFilter,
          }),
        ),
      ),
    );
    const all = [...(newest?.executions ?? []), ...(running?.executions ?? [])];
    return [...new Map(all.map((one) => [one.executionArn, one])).values()];
  }

  private async sourceOf(executionArn: string): Promise<string | undefined> {
    if (!this.sources.has(executionArn)) {
      const { input } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
      this.sources.set(executionArn, sourceOf(input));
    }
    return this.sources.get(executionArn);
  }

  /** Undefined where it may still take something. */
  private async takenBy(arn: string, hasEnded: boolean): Promise<Taken | "nothing" | undefined> {
    const known = this.taken.get(arn);
    if (known !== undefined) return known;
    const taken = takenOf(await historyOf(this.sfn, arn)) ?? (hasEnded ? "nothing" : undefined);
    if (taken !== undefined) this.taken.set(arn, taken);
    return taken;
  }
}

/** All events of an execution, in their order. */
export async function historyOf(sfn: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  const pages = paginateGetExecutionHistory(
    { client: sfn, pageSize: 1000 },
    { executionArn, includeExecutionData: true },
  );
  for await (const page of pages) events.push(...(page.events ?? []));
  return events;
}
