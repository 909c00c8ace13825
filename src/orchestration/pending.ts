/**
 * A source's days that wait to be ingested, as states: one item of the table of locks, with sets of
 * ISO dates. Events add to `pending`; the one execution that holds the source's lock moves up to
 * MOST_DAYS of them to `taking`, and they leave it when it ends: well, or to `failed`. So whatever
 * arrives while a source is busy is one run afterwards, and a day that nobody has ingested yet
 * stands in one of the sets.
 *
 * A day is moved before its files are listed: what lands later adds it to `pending` again. Every
 * write may be sent twice; only the lock's holder moves days, and events only add.
 */
import { never, orReportFailure, RETRY, type State, updateItem } from "./states";

export interface PendingProps {
  readonly tableName: string;
  /** State that takes the source's lock. */
  readonly takeLock: string;
  /** State that gives the lock back where there was nothing to do. */
  readonly releaseUnused: string;
  /** State that is entered with the days in `$.taken.days`. */
  readonly next: string;
}

/** Days that one run ingests at most; another run is started for the rest. */
export const MOST_DAYS = 31;

const REFUSED = "DynamoDB.ConditionalCheckFailedException";
const STARTED = "Sfn.ExecutionAlreadyExistsException";

/** States that may fail here, and whether the run may hold days then. */
export const PENDING_TASKS = {
  AddPending: false,
  LeaveWaiting: false,
  GetPending: false,
  ReclaimDays: false,
  TakePending: true,
  StartRest: true,
} as const;

/** From days that wait to days that are this run's. The lock is taken between the first and the second. */
export function pendingStates(props: PendingProps): Record<string, State> {
  return {
    // An execution that was started by hand: whoever holds the lock first ingests its days.
    AddPending: {
      ...update(props, "ADD pending :days", { ":days": { "SS.$": "$.partitions" } }),
      Catch: [orReportFailure("AddPending")],
      Next: props.takeLock,
    },
    // From here on events start the next execution; what they added before is read below.
    LeaveWaiting: {
      ...update(props, "REMOVE waiter", { ":me": { "S.$": "$$.Execution.Name" } }, "waiter = :me"),
      Catch: [
        { ErrorEquals: [REFUSED], ResultPath: null, Next: "GetPending" },
        orReportFailure("LeaveWaiting"),
      ],
      Next: "GetPending",
    },
    GetPending: {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:getItem",
      Parameters: {
        TableName: props.tableName,
        Key: { id: ITEM_ID },
        ConsistentRead: true,
        ProjectionExpression: "pending, taking",
      },
      ResultPath: "$.pending",
      Retry: [RETRY],
      Catch: [orReportFailure("GetPending")],
      Next: "IsPending",
    },
    IsPending: {
      Type: "Choice",
      Choices: [
        { Variable: "$.pending.Item.taking.SS", IsPresent: true, Next: "ReclaimDays" },
        { Variable: "$.pending.Item.pending.SS", IsPresent: true, Next: "PickDays" },
      ],
      Default: props.releaseUnused,
    },
    // Of an execution that ended without a word: the lock is ours, so it is over.
    ReclaimDays: {
      ...update(props, "ADD pending :days REMOVE taking, taken_by", {
        ":days": { "SS.$": "$.pending.Item.taking.SS" },
      }),
      Catch: [orReportFailure("ReclaimDays")],
      Next: "GetPending",
    },
    ...takeDays(props),
  };
}

function takeDays(props: PendingProps): Record<string, State> {
  return {
    PickDays: {
      Type: "Pass",
      Parameters: {
        "days.$": `$.pending.Item.pending.SS[0:${MOST_DAYS}]`,
        rest: {
          "detail.$": "$$.Execution.Input.detail",
          batch: { "source.$": "$.source", partitions: [], keys: [], pending: true },
        },
      },
      ResultPath: "$.taken",
      Next: "TakePending",
    },
    TakePending: {
      ...update(props, "SET taken_by = :me ADD taking :days DELETE pending :days", {
        ":me": { "S.$": "$$.Execution.Name" },
        ":days": { "SS.$": "$.taken.days" },
      }),
      Catch: [orReportFailure("TakePending")],
      Next: "IsRestPending",
    },
    IsRestPending: {
      Type: "Choice",
      Choices: [
        {
          Variable: `$.pending.Item.pending.SS[${MOST_DAYS}]`,
          IsPresent: true,
          Next: "StartRest",
        },
      ],
      Default: props.next,
    },
    // It waits for the lock like any other; its name says whose rest it is, so that there is one.
    StartRest: {
      Type: "Task",
      Resource: "arn:aws:states:::aws-sdk:sfn:startExecution",
      Parameters: {
        "StateMachineArn.$": "$$.StateMachine.Id",
        "Name.$": "States.Format('etl-{}', States.Hash($$.Execution.Name, 'SHA-1'))",
        "Input.$": "States.JsonToString($.taken.rest)",
      },
      ResultPath: null,
      Retry: [never(STARTED), RETRY],
      Catch: [
        { ErrorEquals: [STARTED], ResultPath: null, Next: props.next },
        orReportFailure("StartRest"),
      ],
      Next: props.next,
    },
  };
}

/**
 * The last look before anything is written: whoever stood still for long, or was put back on its
 * way by hand after its end (Step Functions' own redrive), may have lost its lock and its days.
 * @param next state that is entered with the days
 */
export function confirmStates(tableName: string, next: string): Record<string, State> {
  return {
    ConfirmDays: {
      ...update(
        { tableName },
        "SET taken_by = :me",
        { ":me": { "S.$": "$$.Execution.Name" } },
        "taken_by = :me",
      ),
      Catch: [
        { ErrorEquals: [REFUSED], ResultPath: null, Next: "DaysLost" },
        orReportFailure("ConfirmDays"),
      ],
      Next: next,
    },
    DaysLost: {
      Type: "Pass",
      Parameters: {
        Error: "DaysLost",
        Cause:
          "another run has taken this run's days over meanwhile, as of one that had ended; nothing was written by this one",
      },
      ResultPath: "$.failure",
      Next: "ConfirmDaysFailed",
    },
  };
}

/** The run's days are done; where that cannot be said, whoever is next ingests them once more. */
export function daysDone(tableName: string, next: string): State {
  return leaveDays(tableName, "DELETE failed :days REMOVE taking, taken_by", next);
}

/** The run's days failed: nobody tries them again by himself, and nobody forgets them. */
export function daysFailed(tableName: string, next: string): State {
  return leaveDays(tableName, "ADD failed :days REMOVE taking, taken_by", next);
}

function leaveDays(tableName: string, expression: string, next: string): State {
  return {
    ...update(
      { tableName },
      expression,
      { ":days": { "SS.$": "$.taken.days" }, ":me": { "S.$": "$$.Execution.Name" } },
      "taken_by = :me",
    ),
    Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: next }],
    Next: next,
  };
}

/** The source's item; the trigger and `lake redrive` call it so too. */
const ITEM_ID = { "S.$": "States.Format('pending#{}', $.source)" };

function update(
  { tableName }: Pick<PendingProps, "tableName">,
  expression: string,
  values: Record<string, unknown>,
  condition?: string,
): State {
  return updateItem(
    tableName,
    ITEM_ID,
    {
      UpdateExpression: expression,
      ...(condition && { ConditionExpression: condition }),
      ExpressionAttributeValues: values,
    },
    condition === undefined ? [RETRY] : [never(REFUSED), RETRY],
  );
}
