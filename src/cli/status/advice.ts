/** What to do next, where something of a lake is wrong. Pure. */
import { seconds } from "../terminal";
import { isRead, type LakeStatus, unreadParts } from "./status";

/** One thing that is wrong, and what mends it. */
export interface Advice {
  readonly what: string;
  /** Commands and places, the first thing first. */
  readonly remedy: readonly string[];
}

/** States in which the application starts by itself, works, or passes on by itself. */
const APPLICATION_WORKS = ["CREATING", "CREATED", "STARTING", "STARTED", "STOPPING", "STOPPED"];
/** Seconds that events may wait beyond the batch window: an invocation and its second try. */
const SLACK_SECONDS = 15 * 60;

/**
 * What needs somebody; empty where all is well.
 * @param batchWindowSeconds that events are gathered before the trigger gets them
 */
export function adviceOf(status: LakeStatus, batchWindowSeconds: number): Advice[] {
  return [
    ...unread(status),
    ...machinery(status),
    ...alarms(status),
    ...queues(status, batchWindowSeconds),
    ...days(status),
    ...runs(status),
    ...freshness(status),
  ];
}

function unread(status: LakeStatus): Advice[] {
  return unreadParts(status).map(([name, { unread }]) => ({
    what: `${name} could not be asked: ${unread}`,
    remedy: [`npx lake doctor ${status.environment}`],
  }));
}

function machinery({ environment, application, ingestion }: LakeStatus): Advice[] {
  const deploy = `npx lake deploy ${environment}`;
  const found: Advice[] = [];
  if (isRead(application) && !APPLICATION_WORKS.includes(application.state))
    found.push({
      what: `the EMR application ${application.name} is ${application.state}: no job can run`,
      remedy: [deploy],
    });
  if (isRead(ingestion) && ingestion.state === "paused")
    found.push({
      what: "ingestion is paused: events wait in the queue. A deployment under way goes on by itself; one that was killed left it so",
      remedy: [
        `aws lambda update-event-source-mapping --enabled --uuid ${ingestion.mappingId}`,
        deploy,
      ],
    });
  if (isRead(ingestion) && ingestion.state === "absent")
    found.push({ what: "nothing brings events to the trigger", remedy: [deploy] });
  return found;
}

function alarms({ alarms: state }: LakeStatus): Advice[] {
  if (!isRead(state)) return [];
  return state.inAlarm.map(({ name, description }) => ({
    what: `alarm ${name}`,
    remedy: description === "" ? [] : [description],
  }));
}

function queues(status: LakeStatus, batchWindowSeconds: number): Advice[] {
  if (!isRead(status.queues)) return [];
  const redrive = `npx lake redrive ${status.environment} --dry-run`;
  return status.queues.flatMap(
    ({ name, role, isDeployed, waiting, inFlight, oldestSeconds = 0 }) => {
      if (!isDeployed)
        return [
          { what: `queue ${name} is gone`, remedy: [`npx lake deploy ${status.environment}`] },
        ];
      if (role === "dead letters" && waiting + inFlight > 0)
        return [{ what: `ingestion gave up what lies in ${name}`, remedy: [redrive] }];
      if (oldestSeconds > batchWindowSeconds + SLACK_SECONDS)
        return [
          {
            what: `events wait in ${name}, the oldest for ${seconds(oldestSeconds * 1000)}`,
            remedy: ["see whether ingestion is on, and what the trigger logs"],
          },
        ];
      return [];
    },
  );
}

function days({ environment, stuckDays }: LakeStatus): Advice[] {
  if (!isRead(stuckDays)) return [];
  const stuck = stuckDays.filter(({ toRun }) => toRun.length > 0);
  if (stuck.length === 0) return [];
  const names = stuck.map(({ source }) => source).join(", ");
  return [
    {
      what: `days of ${names} failed, or wait for no run`,
      remedy: ["mend the cause, then", `npx lake redrive ${environment}`],
    },
  ];
}

/** A source whose newest run that has ended ended badly. Its days are told as stuck, if it had any. */
function runs({ environment, lastRuns, stuckDays }: LakeStatus): Advice[] {
  const told = new Set(
    isRead(stuckDays)
      ? stuckDays.filter(({ toRun }) => toRun.length > 0).map(({ source }) => source)
      : [],
  );
  const seen = new Set<string | undefined>();
  return lastRuns.flatMap(({ name, source, state, failure }) => {
    if (state === "RUNNING" || seen.has(source)) return [];
    seen.add(source);
    if (state === "SUCCEEDED" || (source !== undefined && told.has(source))) return [];
    const where = failure?.state === undefined ? "" : ` in ${failure.state}`;
    return [
      {
        what: `run ${name} ended ${state}${where}${source === undefined ? "" : `, the last of ${source}`}`,
        remedy: ["mend the cause, then", `npx lake redrive ${environment}`],
      },
    ];
  });
}

function freshness({ environment, sources }: LakeStatus): Advice[] {
  if (!isRead(sources)) return [];
  return sources
    .filter(({ state }) => state === "late")
    .map(({ source, expectedEveryHours }) => ({
      what: `no data came for ${source} in ${expectedEveryHours} h`,
      remedy: [
        "ask the sender; what should have come can be sent by",
        `npx lake run ${environment} --source ${source} FILE...`,
      ],
    }));
}
