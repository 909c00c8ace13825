import { describe, expect, test } from "vitest";
import {
  entryOf,
  type LockProps,
  lockStates,
  longestWaitSeconds,
  releaseState,
  scheduleOf,
} from "../../src/orchestration/lock";
import type { Block } from "../support/synth";

const LOCK: LockProps = {
  name: "RunSlot",
  tableName: "lake-locks-local",
  id: { S: "run-slots" },
  most: 3,
  waitMinutes: 480,
  applicationId: "00f1abcdefgh",
  next: "StartEMRJob",
};

const states = (change: Partial<LockProps> = {}): Block => lockStates({ ...LOCK, ...change });

describe("taking a lock", () => {
  test("is one conditional write, which may be sent again", () => {
    expect(states().TakeRunSlot.Resource).toBe("arn:aws:states:::dynamodb:updateItem");
    expect(states().TakeRunSlot.Parameters).toEqual({
      TableName: "lake-locks-local",
      Key: { id: { S: "run-slots" } },
      UpdateExpression: "ADD owners :owners",
      ConditionExpression:
        "attribute_not_exists(owners) OR size(owners) < :most OR contains(owners, :owner)",
      ExpressionAttributeValues: {
        ":owners": { "SS.$": "States.Array($$.Execution.Id)" },
        ":owner": { "S.$": "$$.Execution.Id" },
        ":most": { N: "3" },
      },
    });
    expect(states().TakeRunSlot.Next).toBe("StartEMRJob");
  });

  test("begins with a look at who holds it: nobody waits for the dead", () => {
    expect(states().QueueForRunSlot.Next).toBe("GetRunSlotOwners");
    expect(states().IsRunSlotOwned.Choices[0]).toMatchObject({
      IsPresent: false,
      Next: "TakeRunSlot",
    });
  });

  test("has room for as many as it is told", () => {
    const most = (value: number) =>
      states({ most: value }).TakeRunSlot.Parameters.ExpressionAttributeValues[":most"];
    expect(most(1)).toEqual({ N: "1" });
    expect(most(20)).toEqual({ N: "20" });
  });

  test("is tried again before an owner is looked at, soon at first and then more seldom", () => {
    const ErrorEquals = ["DynamoDB.ConditionalCheckFailedException"];
    const { TakeRunSlot: soon, AwaitRunSlot: later } = states();
    expect(soon.Retry[0]).toEqual({
      ...{ ErrorEquals, IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 2, MaxDelaySeconds: 8 },
    });
    expect(later.Retry[0]).toEqual({
      ...{ ErrorEquals, IntervalSeconds: 3, MaxAttempts: 6, BackoffRate: 2 },
    });
    for (const state of [soon, later])
      expect(state.Catch[0]).toMatchObject({ ErrorEquals, Next: "GetRunSlotOwners" });
    expect({ ...later, Retry: [] }).toEqual({ ...soon, Retry: [] });
  });

  test("is of the item that the props name, also where that is in the input", () => {
    const id = { "S.$": "States.Format('source#{}', $.source)" };
    const found = Object.entries<Block>(states({ id, name: "SourceLock" })).filter(([, state]) =>
      String(state.Resource).includes("dynamodb"),
    );
    expect(found.map(([name]) => name)).toEqual([
      "TakeSourceLock",
      "AwaitSourceLock",
      "GetSourceLockOwners",
      "PutOutDeadSourceLockOwner",
    ]);
    for (const [, state] of found) expect(state.Parameters.Key).toEqual({ id });
  });

  test("two locks share no state and no place in the data", () => {
    const one = lockStates(LOCK);
    const other = lockStates({ ...LOCK, name: "SourceLock" });
    expect(Object.keys(one).filter((name) => name in other)).toEqual([]);
    expect(JSON.stringify(other)).not.toMatch(/runSlot|RunSlot/);
    expect(JSON.stringify(other)).toContain("$.sourceLock.round");
    expect(entryOf({ name: "SourceLock" })).toBe("QueueForSourceLock");
  });
});

describe("the wait", () => {
  test("ends in a failure with the lock's name, which says who holds it and what to do", () => {
    const [, ends] = states().IsRunSlotOwned.Choices;
    expect(ends).toEqual({
      Variable: "$.runSlot.round",
      NumericGreaterThan: 25 + 150,
      Next: "NoRunSlot",
    });
    expect(states().NoRunSlot).toMatchObject({
      Parameters: { Error: "NoRunSlot" },
      ResultPath: "$.failure",
      Next: "TakeRunSlotFailed",
    });
    expect(states().NoRunSlot.Parameters["Cause.$"]).toMatch(
      /^States\.Format\('in 480 min none of 3 came free; one is held by \{\}\. .*', \$\.runSlot\.owner\)$/,
    );
  });

  test.each([1, 60, 480, 481, 1440, 20_160])("of %d minutes is that long", (waitMinutes) => {
    const { short, long, pollSeconds } = scheduleOf(waitMinutes);
    const machine = states({ waitMinutes });
    expect(machine.IsRunSlotOwned.Choices[1].NumericGreaterThan).toBe(short + long);
    const [soon] = machine.TakeRunSlot.Retry;
    const [later] = machine.AwaitRunSlot.Retry;
    expect(later.IntervalSeconds).toBe(pollSeconds);
    const round = pollSeconds * (2 ** later.MaxAttempts - 1);
    const waited = short * (2 + 4 + 8 + 8) + long * round;
    expect(waited).toBeGreaterThanOrEqual(waitMinutes * 60);
    expect(waited).toBeLessThan(waitMinutes * 60 * 1.1 + round);
    expect(longestWaitSeconds(waitMinutes)).toBeGreaterThan(waited);
    // What Step Functions keeps of one execution: 25,000 events. Each attempt is three, a round's
    // other states are 2 for each Pass and Choice and 5 for each Task. Some are left for the rest.
    const attempts = short * (soon.MaxAttempts + 1) + long * (later.MaxAttempts + 1);
    const events = 3 * attempts + (short + long) * (2 + 5 + 2 + 2 + 5 + 2 + 5 + 2 + 2);
    // An execution waits for two locks.
    expect(events).toBeLessThan(11_500);
  });
});

describe("an owner", () => {
  test("is asked after by the execution that it is", () => {
    expect(states().PickRunSlotOwner.Parameters["owner.$"]).toBe(
      "States.ArrayGetItem($.runSlot.lock.Item.owners.SS, States.MathRandom(0, States.ArrayLength($.runSlot.lock.Item.owners.SS)))",
    );
    expect(states().DescribeRunSlotOwner.Parameters).toEqual({
      "ExecutionArn.$": "$.runSlot.owner",
    });
  });

  test("is put out only once its execution has ended, and its job too", () => {
    const waits = (holds: object) => [
      {
        And: [holds, { Variable: "$.runSlot.round", NumericGreaterThan: 25 }],
        Next: "AwaitRunSlot",
      },
      { ...holds, Next: "TakeRunSlot" },
    ];
    expect(states().IsRunSlotOwnerRunning).toEqual({
      Type: "Choice",
      Choices: waits({ Variable: "$.runSlot.execution.status", StringEquals: "RUNNING" }),
      Default: "ListJobsOfRunSlotOwner",
    });
    expect(states().ListJobsOfRunSlotOwner.Parameters).toEqual({
      ApplicationId: "00f1abcdefgh",
      "States.$":
        "States.Array('SUBMITTED', 'PENDING', 'SCHEDULED', 'QUEUED', 'RUNNING', 'CANCELLING')",
      MaxResults: 50,
    });
    expect(states().IsJobOfRunSlotOwnerActive).toEqual({
      Type: "Choice",
      Choices: waits({ Variable: "$.runSlot.job.isActive", BooleanEquals: true }),
      Default: "PutOutDeadRunSlotOwner",
    });
    const before = Object.entries<Block>(states()).filter(([, state]) =>
      [state.Next, state.Default].includes("PutOutDeadRunSlotOwner"),
    );
    expect(before.map(([name]) => name)).toEqual(["IsJobOfRunSlotOwnerActive"]);
  });

  test("that Step Functions has forgotten has ended, yet its job is looked for", () => {
    expect(states().DescribeRunSlotOwner.Catch[0]).toMatchObject({
      ErrorEquals: ["Sfn.ExecutionDoesNotExistException"],
      Next: "ListJobsOfRunSlotOwner",
    });
  });

  test("is looked for only where there is one: a path that is not there ends an execution", () => {
    const [none] = states().IsRunSlotOwned.Choices;
    expect(none).toEqual({
      Variable: "$.runSlot.lock.Item.owners.SS",
      IsPresent: false,
      Next: "TakeRunSlot",
    });
  });

  test("who puts it out takes that one alone", () => {
    expect(states().PutOutDeadRunSlotOwner.Parameters).toMatchObject({
      UpdateExpression: "DELETE owners :owners",
      ExpressionAttributeValues: { ":owners": { "SS.$": "States.Array($.runSlot.owner)" } },
    });
  });
});

describe("giving a lock back", () => {
  const release = (): Block => releaseState(LOCK, "RunGlueCrawler");

  test("takes the execution out of the owners, held or not, and leaves the input as it is", () => {
    expect(release().Parameters).toEqual({
      TableName: "lake-locks-local",
      Key: { id: { S: "run-slots" } },
      UpdateExpression: "DELETE owners :owners",
      ExpressionAttributeValues: { ":owners": { "SS.$": "States.Array($$.Execution.Id)" } },
    });
    expect(release().ResultPath).toBeNull();
  });

  test("does not stand in the way when DynamoDB is out of reach", () => {
    expect(release().Next).toBe("RunGlueCrawler");
    expect(release().Catch).toEqual([
      { ErrorEquals: ["States.ALL"], ResultPath: "$.runSlot.release", Next: "RunGlueCrawler" },
    ]);
  });
});

test("every failure on the way is a failure to take the lock", () => {
  for (const [name, state] of Object.entries<Block>(states()))
    if (state.Type === "Task")
      expect(state.Catch.at(-1), name).toEqual({
        ErrorEquals: ["States.ALL"],
        ResultPath: "$.failure",
        Next: "TakeRunSlotFailed",
      });
});
