import { describe, expect, test } from "vitest";
import {
  confirmStates,
  daysDone,
  daysFailed,
  MOST_DAYS,
  PENDING_TASKS,
  pendingStates,
} from "../../src/orchestration/pending";
import { RETRY } from "../../src/orchestration/states";
import type { Block } from "../support/synth";

const states = (): Block =>
  pendingStates({
    tableName: "locks",
    takeLock: "QueueForSourceLock",
    releaseUnused: "ReleaseSourceLockUnused",
    next: "QueueForRunSlot",
  });

const writes = () =>
  Object.entries<Block>(states()).filter(([, { Resource }]) => Resource?.includes("updateItem"));

describe("the order of things, on which it rests that no day is lost", () => {
  test("days of an execution started by hand are added before the lock is waited for", () => {
    expect(states().AddPending.Next).toBe("QueueForSourceLock");
  });

  test("the registration is struck before the days are read, consistently", () => {
    expect(states().LeaveWaiting.Next).toBe("GetPending");
    expect(states().GetPending.Parameters.ConsistentRead).toBe(true);
    expect(states().LeaveWaiting.Parameters).toMatchObject({
      UpdateExpression: "REMOVE waiter",
      ConditionExpression: "waiter = :me",
    });
  });

  test("who was not registered, or is no more, goes on all the same", () => {
    expect(states().LeaveWaiting.Catch[0]).toEqual({
      ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"],
      ResultPath: null,
      Next: "GetPending",
    });
  });

  test("days of an owner that died are put back first, and read again", () => {
    const [reclaim, pick] = states().IsPending.Choices;
    expect(reclaim).toMatchObject({
      Variable: "$.pending.Item.taking.SS",
      Next: "ReclaimDays",
    });
    expect(pick).toMatchObject({ Variable: "$.pending.Item.pending.SS", Next: "PickDays" });
    expect(states().IsPending.Default).toBe("ReleaseSourceLockUnused");
    expect(states().ReclaimDays.Next).toBe("GetPending");
    expect(states().ReclaimDays.Parameters.UpdateExpression).toBe(
      "ADD pending :days REMOVE taking, taken_by",
    );
  });

  test("days are moved in one write, by name, and only then is anything else done", () => {
    expect(states().TakePending.Parameters).toMatchObject({
      UpdateExpression: "SET taken_by = :me ADD taking :days DELETE pending :days",
      ExpressionAttributeValues: { ":days": { "SS.$": "$.taken.days" } },
    });
    expect(states().PickDays.Next).toBe("TakePending");
    expect(states().IsRestPending.Default).toBe("QueueForRunSlot");
  });
});

describe("more days than one run takes", () => {
  test("are cut at the limit", () => {
    expect(states().PickDays.Parameters["days.$"]).toBe(
      `$.pending.Item.pending.SS[0:${MOST_DAYS}]`,
    );
  });

  test("get one more run, however often it is asked for", () => {
    expect(states().IsRestPending.Choices).toEqual([
      { Variable: "$.pending.Item.pending.SS[31]", IsPresent: true, Next: "StartRest" },
    ]);
    const { Parameters, Catch, Next } = states().StartRest;
    expect(Parameters["Name.$"]).toBe(
      "States.Format('etl-{}', States.Hash($$.Execution.Name, 'SHA-1'))",
    );
    expect(Catch[0]).toMatchObject({
      ErrorEquals: ["Sfn.ExecutionAlreadyExistsException"],
      Next,
    });
    expect(states().PickDays.Parameters.rest.batch).toMatchObject({
      partitions: [],
      pending: true,
    });
  });
});

describe("days leave a run", () => {
  test.each([
    ["done", daysDone("locks", "Next"), "DELETE failed :days REMOVE taking, taken_by"],
    ["failed", daysFailed("locks", "Next"), "ADD failed :days REMOVE taking, taken_by"],
  ])(
    "%s, if they are still this run's, and it goes on either way",
    (_, state: Block, expression) => {
      expect(state.Parameters).toMatchObject({
        UpdateExpression: expression,
        ConditionExpression: "taken_by = :me",
      });
      expect(state.Next).toBe("Next");
      expect(state.Catch).toEqual([
        { ErrorEquals: ["States.ALL"], ResultPath: null, Next: "Next" },
      ]);
    },
  );
});

test("every write is of the source's own item, and may be sent again", () => {
  expect(writes().map(([name]) => name)).toEqual([
    "AddPending",
    "LeaveWaiting",
    "ReclaimDays",
    "TakePending",
  ]);
  for (const [, state] of writes()) {
    expect(state.Parameters.Key).toEqual({
      id: { "S.$": "States.Format('pending#{}', $.source)" },
    });
    expect(state.Retry.at(-1)).toBe(RETRY);
  }
});

describe("the last look before the job", () => {
  const { ConfirmDays, DaysLost } = confirmStates("locks", "StartEMRJob") as Block;

  test("asks whether the days are still this run's, and changes nothing", () => {
    expect(ConfirmDays.Parameters).toMatchObject({
      UpdateExpression: "SET taken_by = :me",
      ConditionExpression: "taken_by = :me",
    });
    expect(ConfirmDays.Next).toBe("StartEMRJob");
  });

  test("fails by name where they are another's", () => {
    expect(ConfirmDays.Catch[0].Next).toBe("DaysLost");
    expect(DaysLost.Parameters).toMatchObject({ Error: "DaysLost" });
    expect(DaysLost.Next).toBe("ConfirmDaysFailed");
  });
});

test("every task of these is among those whose failure is told", () => {
  const tasks = Object.entries<Block>(states()).filter(([, { Type }]) => Type === "Task");
  expect(Object.keys(PENDING_TASKS).sort()).toEqual(tasks.map(([name]) => name).sort());
});
