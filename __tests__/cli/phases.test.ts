import { describe, expect, test } from "vitest";
import { phaseOf, phasesOf, waitOf } from "../../src/cli/phases";
import { definition } from "../../src/orchestration/definition";
import { DEFINITION_PROPS } from "../support/definition-props";

const STATES = Object.keys(definition(DEFINITION_PROPS).States);

describe("the phase of a state", () => {
  test("is the loop that it is part of, in the definition as it is", () => {
    const loop = (phase: string) => STATES.filter((state) => phaseOf(state) === phase).sort();
    const lock = (name: string) =>
      [
        ...[`QueueFor${name}`, `Get${name}Owners`, `Is${name}Owned`, `Pick${name}Owner`],
        ...[`Describe${name}Owner`, `Is${name}OwnerRunning`, `ListJobsOf${name}Owner`],
        ...[`FindJobOf${name}Owner`, `IsJobOf${name}OwnerActive`, `PutOutDead${name}Owner`],
        ...[`Take${name}`, `Await${name}`, `No${name}`],
      ].sort();
    expect(loop("TakeSourceLock")).toEqual(lock("SourceLock"));
    expect(loop("TakeRunSlot")).toEqual(lock("RunSlot"));
    expect(loop("RunGlueCrawler")).toEqual(
      ["RunGlueCrawler", "WaitForCrawler", "GetCrawler", "HasCrawlEnded"].sort(),
    );
    const others = STATES.filter((state) => phaseOf(state) === state);
    expect(others).toEqual(
      expect.arrayContaining([
        ...["StartEMRJob", "ReleaseSourceLock", "ReleaseRunSlotAfterFailure"],
        ...["TakeSourceLockFailed", "TakeRunSlotFailed", "RunGlueCrawlerFailed", "CrawlFailed"],
      ]),
    );
  });

  test("says what a run waits for, where it waits", () => {
    expect(waitOf("PickSourceLockOwner")).toBe("waits for the source's run before it");
    expect(waitOf("AwaitRunSlot")).toBe("waits for another job to end");
    expect(waitOf("StartEMRJob")).toBeUndefined();
  });
});

test("phases span their loops; choices between them are none", () => {
  const visit = (state: string, kind: string, enteredAt: number, leftAt?: number) => ({
    ...{ state, kind, enteredAt, leftAt },
  });
  expect(
    phasesOf([
      visit("ValidateInput", "Task", 0, 1),
      visit("HasValidData", "Choice", 1, 1),
      visit("QueueForSourceLock", "Pass", 1, 2),
      visit("TakeSourceLock", "Task", 2, 5),
      visit("IsSourceLockOwned", "Choice", 5, 5),
      visit("TakeSourceLock", "Task", 5, 9),
      visit("StartEMRJob", "Task", 9),
    ]),
  ).toEqual([
    { state: "ValidateInput", enteredAt: 0, leftAt: 1 },
    { state: "TakeSourceLock", enteredAt: 1, leftAt: 9 },
    { state: "StartEMRJob", enteredAt: 9, leftAt: undefined },
  ]);
});
