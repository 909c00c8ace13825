/**
 * A lock that a few executions may hold at once, as states: one item of a DynamoDB table, whose
 * attribute `owners` is the set of the executions that hold it. To enter the set while there is
 * room is one conditional write; to leave it is another, and both may be repeated.
 *
 * Whoever comes looks at one owner, and again in each round of its wait: where that execution has
 * ended without leaving the set (stopped, timed out) and its Spark job has ended too, it is put
 * out. So a lock ends with its owner, and the owner with the state machine's own TimeoutSeconds: there is
 * no second clock that could run out under a job that still works.
 */
import { orReportFailure, RETRY, type State, updateItem } from "./states";

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

/** Seconds in which a round's own calls are made, with what is retried of them. */
const CALLS_SECONDS = 15;
/**
 * A wait is of rounds: a look at one owner, then attempts with longer and longer waits between. At
 * first the rounds are short, so that a lock which comes free, or whose owner has died, is soon
 * another's; then long, since a round is some 45 history events, and of 25,000 that an execution
 * may have, two locks must do with 23,000.
 */
const SHORT = { attempts: 4, pollSeconds: 2, maxDelaySeconds: 8, seconds: 2 + 4 + 8 + 8 };
const MOST_SHORT_ROUNDS = 25;
const LONG_ATTEMPTS = 6;
/** Waits between attempts of a long round, in units of the first: 1 + 2 + 4 + … */
const LONG_POLLS = 2 ** LONG_ATTEMPTS - 1;
const LONG_ROUNDS = 205;
/** Seconds of a long round's first wait, unless so many rounds would not do. */
const LEAST_POLL_SECONDS = 2;

const TAKEN = "DynamoDB.ConditionalCheckFailedException";
const UNKNOWN = "Sfn.ExecutionDoesNotExistException";
/** States in which a job run still holds workers, or will. */
const ACTIVE_JOB = ["SUBMITTED", "PENDING", "SCHEDULED", "QUEUED", "RUNNING", "CANCELLING"];

/** Rounds of a wait, and seconds between the first two attempts of a long one. */
export function scheduleOf(waitMinutes: number) {
  const short = Math.min(MOST_SHORT_ROUNDS, Math.ceil((waitMinutes * 60) / SHORT.seconds));
  const rest = Math.max(0, waitMinutes * 60 - short * SHORT.seconds);
  const pollSeconds = Math.max(LEAST_POLL_SECONDS, Math.ceil(rest / (LONG_ROUNDS * LONG_POLLS)));
  return { short, long: Math.ceil(rest / (LONG_POLLS * pollSeconds)), pollSeconds };
}

/** Seconds that a wait takes at most, its calls included. */
export function longestWaitSeconds(waitMinutes: number): number {
  const { short, long, pollSeconds } = scheduleOf(waitMinutes);
  return (
    short * (SHORT.seconds + CALLS_SECONDS) + long * (LONG_POLLS * pollSeconds + CALLS_SECONDS)
  );
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
    [`Take${name}`]: attempt(props, {
      IntervalSeconds: SHORT.pollSeconds,
      MaxAttempts: SHORT.attempts,
      BackoffRate: 2,
      MaxDelaySeconds: SHORT.maxDelaySeconds,
    }),
    [`Await${name}`]: attempt(props, {
      IntervalSeconds: scheduleOf(props.waitMinutes).pollSeconds,
      MaxAttempts: LONG_ATTEMPTS,
      BackoffRate: 2,
    }),
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

/** Takes the lock, or waits for a round: the wait is what is tried again. */
function attempt(props: LockProps, wait: Record<string, number>): State {
  const { name } = props;
  const change = {
    UpdateExpression: "ADD owners :owners",
    // The last: an answer that was lost on its way is no reason to wait for oneself.
    ConditionExpression:
      "attribute_not_exists(owners) OR size(owners) < :most OR contains(owners, :owner)",
    ExpressionAttributeValues: {
      ":owners": { "SS.$": "States.Array($$.Execution.Id)" },
      ":owner": { "S.$": "$$.Execution.Id" },
      ":most": { N: String(props.most) },
    },
  };
  return {
    ...updateItem(props.tableName, props.id, change, [{ ErrorEquals: [TAKEN], ...wait }, RETRY]),
    Catch: [
      { ErrorEquals: [TAKEN], ResultPath: path(props, "refusal"), Next: `Get${name}Owners` },
      orReportFailure(`Take${name}`),
    ],
    Next: props.next,
  };
}

/** To the next round, long or short, where this holds. */
function waitWhere(props: LockProps, holds: State): State[] {
  const { short } = scheduleOf(props.waitMinutes);
  const isLong = { Variable: path(props, "round"), NumericGreaterThan: short };
  return [
    { And: [holds, isLong], Next: `Await${props.name}` },
    { ...holds, Next: `Take${props.name}` },
  ];
}

/** Any of them, so that each has its turn. */
function lookAtAnOwner(props: LockProps): Record<string, State> {
  const { name } = props;
  const owners = path(props, "lock.Item.owners");
  const { short, long } = scheduleOf(props.waitMinutes);
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
          NumericGreaterThan: short + long,
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
      Choices: waitWhere(props, {
        Variable: path(props, "execution.status"),
        StringEquals: "RUNNING",
      }),
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
      Choices: waitWhere(props, {
        Variable: path(props, "job.isActive"),
        BooleanEquals: true,
      }),
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
  return updateItem(props.tableName, props.id, {
    UpdateExpression: "DELETE owners :owners",
    ExpressionAttributeValues: { ":owners": { "SS.$": `States.Array(${owner})` } },
  });
}
