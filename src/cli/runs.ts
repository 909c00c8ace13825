/** The last runs of the pipeline: what they were for, how they ended, what they wrote. */
import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  type HistoryEvent,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { batchesOf } from "./days";
import { type ExecutionFailure, failureOf, sourceOf, takenDaysOf, visitsOf } from "./history";
import { phasesOf } from "./phases";
import { type RunSummary, readSummary } from "./run-files";
import { accountOf, stateMachineArn } from "./state-machine";
import type { Target } from "./target";

/** How an execution is or ended, as Step Functions says it. */
export type RunState = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** One execution of the state machine. */
export interface RunRecord {
  readonly name: string;
  /** Undefined where its input names none. */
  readonly source: string | undefined;
  readonly state: RunState;
  /** State of the machine that it is in, while it runs; of a loop of states the one that names it. */
  readonly currentState?: string | undefined;
  /** Since when it is in that state, or in its loop. */
  readonly currentSince?: Date | undefined;
  readonly startedAt: Date;
  /** Undefined while it runs. */
  readonly endedAt?: Date | undefined;
  /** ISO dates that it has taken; undefined while it has taken none, or where it had none to. */
  readonly days?: readonly string[] | undefined;
  /** Only of one that ended badly. */
  readonly failure?: Pick<ExecutionFailure, "state" | "error" | "cause"> | undefined;
  /** Only of one that succeeded and had something to do. */
  readonly summary?: RunSummary | undefined;
}

/** Most runs that are asked for at once: Step Functions grants some 10 to 20 calls a second. */
const AT_ONCE = 8;
/** Most executions of one answer of ListExecutions. */
const MAX_PAGE = 1000;
/** Events of one page of a history, read from its end: most ends of a run have fewer. */
const PAGE_EVENTS = 100;

/**
 * The newest `count` executions, newest first, running ones among them. Each costs two or three
 * calls, whatever its length; one that waits for a lock, a call more for some rounds of its wait.
 * @param states only those of this state
 * @throws StateMachineDoesNotExist where the environment is not deployed
 */
export async function lastRuns(
  target: Target,
  count: number,
  states?: RunState,
): Promise<RunRecord[]> {
  const sfn = new SFNClient(target.client);
  const machine = stateMachineArn(target, await accountOf(target));
  const runs: RunRecord[] = [];
  const listed = await newest(sfn, machine, count, states);
  for (const batch of batchesOf(listed, AT_ONCE))
    runs.push(...(await Promise.all(batch.map((one) => recordOf(sfn, target, one)))));
  return runs;
}

async function newest(
  sfn: SFNClient,
  machine: string,
  count: number,
  statusFilter: RunState | undefined,
): Promise<ExecutionListItem[]> {
  const found: ExecutionListItem[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new ListExecutionsCommand({
        stateMachineArn: machine,
        maxResults: Math.min(MAX_PAGE, count - found.length),
        statusFilter,
        nextToken,
      }),
    );
    found.push(...(page.executions ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && found.length < count);
  return found.slice(0, count);
}

async function recordOf(
  sfn: SFNClient,
  target: Target,
  { executionArn = "", name = "", status, startDate, stopDate }: ExecutionListItem,
): Promise<RunRecord> {
  const known = {
    name,
    state: stateOf(status),
    startedAt: startDate ?? new Date(0),
    ...(stopDate && { endedAt: stopDate }),
  };
  const input = sfn
    .send(new DescribeExecutionCommand({ executionArn }))
    .then((execution) => sourceOf(execution.input));
  if (known.state === "SUCCEEDED") {
    const [source, summary] = await Promise.all([input, readSummary(target, name)]);
    return { ...known, source, ...(summary && { summary, days: summary.partitions }) };
  }
  const [source, events] = await Promise.all([input, lastEvents(sfn, executionArn)]);
  const days = takenDaysOf(events);
  const failure = failureOf(events);
  const phase = phasesOf(visitsOf(events)).at(-1);
  return {
    ...known,
    source,
    ...(days && { days }),
    ...(known.state === "RUNNING" &&
      phase && { currentState: phase.state, currentSince: new Date(phase.enteredAt) }),
    ...(failure && {
      failure: { state: failure.state, error: failure.error, cause: failure.cause },
    }),
  };
}

/** What is put back on its way by Step Functions' own redrive runs. */
function stateOf(status: string | undefined): RunState {
  return status === undefined || status === "PENDING_REDRIVE" ? "RUNNING" : (status as RunState);
}

/**
 * The end of a history, in the order of time: as far back as it takes to know what the execution
 * does, and since when.
 */
async function lastEvents(sfn: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  const pages = paginateGetExecutionHistory(
    { client: sfn, pageSize: PAGE_EVENTS },
    { executionArn, reverseOrder: true, includeExecutionData: true },
  );
  for await (const page of pages) {
    events.unshift(...(page.events ?? []).reverse());
    if (phasesOf(visitsOf(events)).length > 1) break;
  }
  return events;
}
