/** What a run is estimated to call is what the definition calls when all is well. */
import { describe, expect, test } from "vitest";
import { PER_RUN, TRANSITIONS_PER_LOOK } from "../../../src/config/costs/pipeline";
import { definition } from "../../../src/orchestration/definition";
import { DEFINITION_PROPS } from "../../support/definition-props";
import type { Block } from "../../support/synth";

/** Where each choice leads in a run that has something to do and waits for nobody. */
const CHOSEN: Record<string, string> = {
  HasValidData: "QueueForSourceLock",
  IsSourceLockOwned: "TakeSourceLock",
  IsPending: "PickDays",
  IsRestPending: "QueueForRunSlot",
  IsRunSlotOwned: "TakeRunSlot",
};

/** Names of the states that a run enters, in their order. */
function walk(layout: "iceberg" | "parquet", looks = 1): string[] {
  const { StartAt, States } = definition(DEFINITION_PROPS) as Block;
  const chosen: Record<string, string> = {
    ...CHOSEN,
    IsCrawled: layout === "parquet" ? "RunGlueCrawler" : "ReleaseDays",
  };
  const entered: string[] = [];
  let name: string | undefined = StartAt;
  while (name !== undefined) {
    entered.push(name);
    const state: Block = States[name];
    if (state.Type !== "Choice") {
      name = state.Next;
      continue;
    }
    const times = entered.filter((one) => one === "HasCrawlEnded").length;
    const next: string | undefined =
      name === "HasCrawlEnded" ? (times < looks ? "WaitForCrawler" : "ReleaseDays") : chosen[name];
    if (next === undefined) throw new Error(`no way is chosen out of ${name}`);
    const ways = [state.Default, ...state.Choices.map(({ Next }: Block) => Next)];
    if (!ways.includes(next)) throw new Error(`${name} does not lead to ${next}`);
    name = next;
  }
  return entered;
}

const calls = (names: readonly string[], action: string) => {
  const { States } = definition(DEFINITION_PROPS) as Block;
  return names.filter((name) => States[name].Resource === `arn:aws:states:::dynamodb:${action}`)
    .length;
};

describe.each(["iceberg", "parquet"] as const)("a run of a source of layout %s", (layout) => {
  const names = walk(layout);

  test("ends well", () => {
    expect(names.at(-1)).toBe("SendSuccess");
  });

  test("enters as many states, and writes and reads the table of locks as often", () => {
    expect({
      transitions: names.length,
      writes: calls(names, "updateItem"),
      reads: calls(names, "getItem"),
    }).toEqual(PER_RUN[layout]);
  });
});

test("each further look at the crawler is as many states more", () => {
  expect(walk("parquet", 3).length - walk("parquet", 2).length).toBe(TRANSITIONS_PER_LOOK);
});

test("the job names no log types, so that its driver's logs alone come to CloudWatch", () => {
  expect(JSON.stringify(definition(DEFINITION_PROPS))).toContain("CloudWatchLoggingConfiguration");
  expect(JSON.stringify(definition(DEFINITION_PROPS))).not.toContain("LogTypes");
});
