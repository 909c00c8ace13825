/** How a deployed lake does: every part asked side by side, each by itself. */
import { StateMachineDoesNotExist } from "@aws-sdk/client-sfn";
import { Failure } from "../../local/failure";
import { wordsOf } from "../problems";
import { lastRuns, type RunRecord } from "../runs";
import type { Target } from "../target";
import { type AlarmsState, alarmsOf } from "./alarms";
import {
  type ApplicationState,
  applicationOf,
  type IngestionState,
  ingestionOf,
} from "./machinery";
import { type QueueState, queuesOf } from "./queues";
import { type SourceState, sourcesOf } from "./sources";
import { type StuckDays, stuckDaysOf } from "./stuck";

/** A part that AWS did not tell, and why; the other parts are told all the same. */
export interface Unread {
  readonly unread: string;
}

/** What there is to know of one environment. */
export interface LakeStatus {
  readonly environment: string;
  readonly region: string;
  readonly account: string;
  /** When it was asked. */
  readonly at: Date;
  readonly application: ApplicationState | Unread;
  readonly ingestion: IngestionState | Unread;
  /** Every run that has not ended, oldest first. */
  readonly running: readonly RunRecord[];
  /** The newest, newest first, running ones among them. */
  readonly lastRuns: readonly RunRecord[];
  readonly queues: readonly QueueState[] | Unread;
  readonly stuckDays: readonly StuckDays[] | Unread;
  readonly sources: readonly SourceState[] | Unread;
  readonly alarms: AlarmsState | Unread;
}

/** Running executions that are told at most; a source has one that works and one that waits. */
const MOST_RUNNING = 100;

/** Whether a part could be asked. */
export function isRead<T extends object>(part: T | Unread): part is T {
  return !("unread" in part);
}

/** The parts that could not be asked, by name. */
export function unreadParts(status: LakeStatus): [name: string, part: Unread][] {
  return Object.entries(status).flatMap(([name, part]): [string, Unread][] =>
    typeof part === "object" && part !== null && !isRead<object>(part) ? [[name, part]] : [],
  );
}

/**
 * Asks AWS for every part.
 * @param runs how many of the last runs
 * @throws Failure where the environment is not deployed
 */
export async function statusOf(target: Target, account: string, runs: number): Promise<LakeStatus> {
  const at = new Date();
  const executions = Promise.all([
    lastRuns(target, MOST_RUNNING, "RUNNING"),
    lastRuns(target, runs),
  ]).catch((error: unknown) => {
    throw error instanceof StateMachineDoesNotExist ? notDeployed(target, account) : error;
  });
  const [[running, last], application, ingestion, queues, stuckDays, sources, alarms] =
    await Promise.all([
      executions,
      part(applicationOf(target)),
      part(ingestionOf(target, account)),
      part(queuesOf(target, at)),
      part(stuckDaysOf(target)),
      part(
        sourcesOf(
          target,
          executions.then((found) => found[1]).catch(() => []),
          at,
        ),
      ),
      part(alarmsOf(target)),
    ]);
  return {
    environment: target.environment.name,
    region: target.environment.variables.aws_region,
    account,
    at,
    application,
    ingestion,
    running: [...running].reverse(),
    lastRuns: last,
    queues,
    stuckDays,
    sources,
    alarms,
  };
}

async function part<T>(asked: Promise<T>): Promise<T | Unread> {
  try {
    return await asked;
  } catch (error) {
    return { unread: wordsOf(error) };
  }
}

function notDeployed({ environment, names }: Target, account: string): Failure {
  const { name, variables } = environment;
  return new Failure(
    `${name} is not deployed: account ${account} has no state machine ${names.stateMachine.etlPipeline} in ${variables.aws_region}. To deploy it: npx lake deploy ${name}`,
  );
}
