import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { describe, expect, test } from "vitest";
import { phaseOf } from "../../src/cli/phases";
import { rowsOf } from "../../src/cli/run-list";
import { definition } from "../../src/orchestration/definition";
import { DEFINITION_PROPS } from "../support/definition-props";

function entered(state: string, second: number, data: object = {}, kind = "Task"): HistoryEvent {
  return {
    id: second,
    type: `${kind}StateEntered` as HistoryEvent["type"],
    timestamp: new Date(second * 1000),
    stateEnteredEventDetails: { name: state, input: JSON.stringify(data) },
  };
}
function event(type: string, second: number): HistoryEvent {
  return { id: second, type: type as HistoryEvent["type"], timestamp: new Date(second * 1000) };
}

const OWNER = "arn:aws:states:us-east-1:123456789012:execution:lake-etl-qa:etl-before";

describe("the list of a run", () => {
  test("has what it came through with times, and what it is at by this machine's clock", () => {
    const events = [
      entered("ValidateInput", 10),
      entered("QueueForSourceLock", 12),
      entered("TakeSourceLock", 12),
      entered("StartEMRJob", 15),
    ];
    expect(rowsOf(events, 4000)).toEqual([
      { text: "ValidateInput", state: "done", milliseconds: 2000 },
      { text: "TakeSourceLock", state: "done", milliseconds: 3000 },
      { text: "StartEMRJob", state: "now", since: 11_000 },
    ]);
  });

  test("says what a run waits for, and whose, once it waits", () => {
    const waits = (lock: string, path: string, data: object) => [
      entered(`QueueFor${lock}`, 10),
      entered(`Pick${lock}Owner`, 11),
      entered(`Take${lock}`, 13, { ...data, [path]: { owner: OWNER } }),
    ];
    expect(rowsOf(waits("SourceLock", "sourceLock", {}), 0)).toMatchObject([
      { text: "TakeSourceLock", note: "waits for the source's run before it: etl-before" },
    ]);
    const held = { sourceLock: { owner: `${OWNER}-long-ago` } };
    expect(rowsOf(waits("RunSlot", "runSlot", held), 0)).toMatchObject([
      { text: "TakeRunSlot", note: "waits for another job to end: etl-before" },
    ]);
    const [row] = rowsOf([entered("TakeSourceLock", 10), event("TaskScheduled", 11)], 0);
    expect(row).not.toHaveProperty("note");
  });

  test("marks what failed, and has no row for what only names a failure", () => {
    const events = [
      entered("StartEMRJob", 10),
      event("TaskFailed", 14),
      entered("StartEMRJobTimeoutFailed", 14, {}, "Pass"),
      entered("ReleaseDaysAfterTimeout", 14),
      entered("SendFailure", 15),
      entered("PipelineFailed", 16, {}, "Fail"),
      event("ExecutionFailed", 16),
    ];
    expect(rowsOf(events, 0)).toEqual([
      { text: "StartEMRJob", state: "failed", milliseconds: 4000 },
      { text: "ReleaseDaysAfterTimeout", state: "done", milliseconds: 1000 },
      { text: "SendFailure", state: "done", milliseconds: 1000 },
    ]);
  });

  test("marks the row of every failure that the definition has", () => {
    const states = definition(DEFINITION_PROPS).States;
    const failures = Object.entries(states)
      .filter(([name, { Type }]) => name.endsWith("Failed") && Type === "Pass")
      .map(([name, { Parameters }]) => ({
        name,
        of: String((Parameters as Record<string, unknown>).state ?? ""),
      }))
      .filter(({ of }) => of !== "");
    expect(failures.length).toBeGreaterThan(10);
    for (const { name, of } of failures) {
      const events = [entered(of, 10), entered(name, 12, {}, "Pass"), entered("SendFailure", 13)];
      expect(rowsOf(events, 0)[0], name).toMatchObject({ text: phaseOf(of), state: "failed" });
    }
  });
});
