/**
 * A lock that a few executions may hold at once, as states: one item of a DynamoDB table, whose
 * attribute `owners` is the set of the executions that hold it. To enter the set while there is
 * room is one conditional write; to leave it is another, and both may be repeated.
 *
 * Whoever comes looks at one owner, and again each few minutes while it finds no room: where that
 * execution has ended without leaving the set (stopped, timed out) and its Spark job has ended too,
 * it is put out. So
 * a lock ends with its owner, and the owner with the state machine's own TimeoutSeconds: there is
 * no second clock that could run out under a job that still works.
 */
import { orReportFailure, RETRY, type State } from "./states";

export interface LockProps {
  /** What is held: `RunSlot` gives the states TakeRunSlot, ReleaseRunSlot, … */
  readonly name: string;
  readonly tableName: string;
  /** Key of the item, as DynamoDB writes a text: `{ S: "run-slots" }`, or `S.$` with a path. */
  readonly id: Readonly<Record<string, string>>;
  /** Executions that may hold it at once. */
  readonly most: number;
  /** Minutes after which a wait fails. */
  readonly waitMinutes: number;
  /** Where the jobs of the owners run, each under its execution's name. */
  readonly applicationId: string;
  /** State that is entered once the lock is held. */
  readonly next: string;
}

/** Attempts after the first in a round; before each round one owner is looked at. */
const ATTEMPTS = 6;
/** Each wait is twice the one before: 1 + 2 + 4 + … of the first one make a round. */
const ROUND_POLLS = 2 ** ATTEMPTS - 1;
/** Rounds at most. A round is some 50 history events; an execution may have 25,000, and two locks. */
const ROUNDS = 220;
/** Seconds of a round's first wait, unless so many rounds would not do. */
const LEAST_POLL_SECONDS = 2;
/** Seconds in which a round's own calls are made, with what is retried of them. */
const CALLS_SECONDS = 15;

const TAKEN = "DynamoDB.ConditionalCheckFailedException";
const UNKNOWN = "Sfn.ExecutionDoesNotExistException";
/** States in which a job run still holds workers, or will. */
const ACTIVE_JOB = ["SUBMITTED", "PENDING", "SCHEDULED", "QUEUED", "RUNNING", "CANCELLING"];

/** Seconds between the first two attempts of a round. */
export function pollSeconds(waitMinutes: number): number {
  return Math.max(LEAST_POLL_SECONDS, Math.ceil((waitMinutes * 60) / (ROUNDS * ROUND_POLLS)));
}

/** Seconds that a wait takes at most, its calls included. */
export function longestWaitSeconds(waitMinutes: number): number {
  return rounds(waitMinutes) * (ROUND_POLLS * pollSeconds(waitMinutes) + CALLS_SECONDS);
}

function rounds(waitMinutes: number): number {
  return Math.ceil((waitMinutes * 60) / (ROUND_POLLS * pollSeconds(waitMinutes)));
}

/** State that an execution enters to get the lock. */
export function entryOf({ name }: Pick<LockProps, "name">): string {
  return `QueueFor${name}`;
}

/** The states that take the lock, wait for it, and put out an owner that has died. */
export function lockStates(props: LockProps): Record<string, State> {
  return { ...take(props), ...lookAtAnOwner(props), ...putOutTheDead(props) };
}

/**
 * Gives the lock back, held or not.
 * @param next state that is entered then, also where DynamoDB cannot be reached: the execution
 * ends soon, and whoever waits then puts it out
 */
export function releaseState(props: LockProps, next: string): State {
  return {
    ...leave(props, "$$.Execution.Id"),
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: path(props, "release"), Next: next }],
    Next: next,
  };
}

/** A place for a lock's own values, beside the input. */
function path({ name }: LockProps, field?: string): string {
  const own = `$.${name[0]?.toLowerCase()}${name.slice(1)}`;
  return field === undefined ? own : `${own}.${field}`;
}

function take(props: LockProps): Record<string, State> {
  const { name } = props;
  return {
    [entryOf(props)]: {
      Type: "Pass",
      Result: { round: 0 },
      ResultPath: path(props),
      // A look before the first attempt: a lock whose owner has died is not waited for.
      Next: `Get${name}Owners`,
    },
    [`Take${name}`]: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:updateItem",
      Parameters: {
        TableName: props.tableName,
        Key: { id: props.id },
        UpdateExpression: "ADD owners :owners",
        // The last: an answer that was lost on its way is no reason to wait for oneself.
        ConditionExpression:
          "attribute_not_exists(owners) OR size(owners) < :most OR contains(owners, :owner)",
        ExpressionAttributeValues: {
          ":owners": { "SS.$": "States.Array($$.Execution.Id)" },
          ":owner": { "S.$": "$$.Execution.Id" },
          ":most": { N: String(props.most) },
        },
      },
      ResultPath: null,
      Retry: [
        // The wait itself.
        {
          ErrorEquals: [TAKEN],
          IntervalSeconds: pollSeconds(props.waitMinutes),
          MaxAttempts: ATTEMPTS,
          BackoffRate: 2,
        },
        RETRY,
      ],
      Catch: [
        { ErrorEquals: [TAKEN], ResultPath: path(props, "refusal"), Next: `Get${name}Owners` },
        orReportFailure(`Take${name}`),
      ],
      Next: props.next,
    },
    [`No${name}`]: {
      Type: "Pass",
      Parameters: {
        Error: `No${name}`,
        "Cause.$": `States.Format('in ${props.waitMinutes} min none of ${props.most} came free; one is held by {}. What should have been ingested lies in raw/: start the run again when there is room', ${path(props, "owner")})`,
      },
      ResultPath: "$.failure",
      Next: `Take${name}Failed`,
    },
  };
}

/** Any of them, so that each has its turn. */
function lookAtAnOwner(props: LockProps): Record<string, State> {
  const { name } = props;
  const owners = path(props, "lock.Item.owners");
  return {
    [`Get${name}Owners`]: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:getItem",
      Parameters: { TableName: props.tableName, Key: { id: props.id }, ConsistentRead: true },
      ResultPath: path(props, "lock"),
      Retry: [RETRY],
      Catch: [orReportFailure(`Take${name}`)],
      Next: `Is${name}Owned`,
    },
    [`Is${name}Owned`]: {
      Type: "Choice",
      Choices: [
        // The last owner has left meanwhile: a set that is empty is not there.
        { Variable: `${owners}.SS`, IsPresent: false, Next: `Take${name}` },
        {
          Variable: path(props, "round"),
          NumericGreaterThan: rounds(props.waitMinutes),
          Next: `No${name}`,
        },
      ],
      Default: `Pick${name}Owner`,
    },
    [`Pick${name}Owner`]: {
      Type: "Pass",
      Parameters: {
        "round.$": `States.MathAdd(${path(props, "round")}, 1)`,
        // The end of MathRandom is exclusive.
        "owner.$": `States.ArrayGetItem(${owners}.SS, States.MathRandom(0, States.ArrayLength(${owners}.SS)))`,
      },
      ResultPath: path(props),
      Next: `Describe${name}Owner`,
    },
    [`Describe${name}Owner`]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sfn:describeExecution",
      Parameters: { "ExecutionArn.$": path(props, "owner") },
      ResultSelector: { "status.$": "$.Status" },
      ResultPath: path(props, "execution"),
      Retry: [
        // Step Functions may not know at once of an execution that has just begun.
        { ErrorEquals: [UNKNOWN], IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 1 },
        RETRY,
      ],
      Catch: [
        // Ninety days after its end, or with another state machine of the name, it is forgotten.
        {
          ErrorEquals: [UNKNOWN],
          ResultPath: path(props, "execution"),
          Next: `ListJobsOf${name}Owner`,
        },
        orReportFailure(`Take${name}`),
      ],
      Next: `Is${name}OwnerRunning`,
    },
    [`Is${name}OwnerRunning`]: {
      Type: "Choice",
      Choices: [
        {
          Variable: path(props, "execution.status"),
          StringEquals: "RUNNING",
          Next: `Take${name}`,
        },
      ],
      Default: `ListJobsOf${name}Owner`,
    },
  };
}

/** Step Functions cancels the job of an execution that was stopped, but does not wait for its end. */
function putOutTheDead(props: LockProps): Record<string, State> {
  const { name } = props;
  return {
    [`ListJobsOf${name}Owner`]: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:emrserverless:listJobRuns",
      Parameters: {
        ApplicationId: props.applicationId,
        // As a list's text: asl-validator takes every object called States for states.
        "States.$": `States.Array(${ACTIVE_JOB.map((state) => `'${state}'`).join(", ")})`,
        MaxResults: 50,
      },
      ResultSelector: { "names.$": "$.JobRuns[*].Name" },
      ResultPath: path(props, "jobs"),
      Retry: [RETRY],
      Catch: [orReportFailure(`Take${name}`)],
      Next: `FindJobOf${name}Owner`,
    },
    [`FindJobOf${name}Owner`]: {
      Type: "Pass",
      Parameters: {
        // arn:partition:states:region:account:execution:machine:name
        "isActive.$": `States.ArrayContains(${path(props, "jobs.names")}, States.ArrayGetItem(States.StringSplit(${path(props, "owner")}, ':'), 7))`,
      },
      ResultPath: path(props, "job"),
      Next: `IsJobOf${name}OwnerActive`,
    },
    [`IsJobOf${name}OwnerActive`]: {
      Type: "Choice",
      Choices: [
        { Variable: path(props, "job.isActive"), BooleanEquals: true, Next: `Take${name}` },
      ],
      Default: `PutOutDead${name}Owner`,
    },
    [`PutOutDead${name}Owner`]: {
      ...leave(props, path(props, "owner")),
      Catch: [orReportFailure(`Take${name}`)],
      Next: `Take${name}`,
    },
  };
}

/** Takes an execution out of the set, where it is in it. */
function leave(props: LockProps, owner: string): State {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::dynamodb:updateItem",
    Parameters: {
      TableName: props.tableName,
      Key: { id: props.id },
      UpdateExpression: "DELETE owners :owners",
      ExpressionAttributeValues: { ":owners": { "SS.$": `States.Array(${owner})` } },
    },
    ResultPath: null,
    Retry: [RETRY],
  };
}
