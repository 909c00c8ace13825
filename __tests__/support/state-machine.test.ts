/** The walk itself: it finds each thing it is there to find. */
import { describe, expect, test } from "vitest";
import { definition } from "../../src/orchestration/definition";
import { DEFINITION_PROPS } from "./definition-props";
import { faultsOf, type StateMachine } from "./state-machine";

/** The real definition, broken by the test. */
// biome-ignore lint/suspicious/noExplicitAny: breaking it is what the types are there to prevent
function broken(how: (states: any) => void): string[] {
  const machine = structuredClone(definition(DEFINITION_PROPS)) as unknown as StateMachine;
  how(machine.States);
  return faultsOf(machine);
}

describe("the walk over a definition finds", () => {
  test("nothing in one that is sound", () => {
    expect(broken(() => {})).toEqual([]);
  });

  test("a start that is not there", () => {
    expect(faultsOf({ StartAt: "A", States: {} })).toEqual(["StartAt names no state: A"]);
  });

  test("a name that no state has", () => {
    expect(broken((states) => (states.HasValidData.Default = "NoData"))).toEqual([
      "HasValidData leads to no state: NoData",
      "NoDataFound is never reached",
    ]);
  });

  test("a state that is never reached", () => {
    expect(broken((states) => (states.Orphan = { Type: "Succeed" }))).toEqual([
      "Orphan is never reached",
    ]);
  });

  test("states that reach each other and are reached from nowhere", () => {
    const faults = broken((states) => {
      states.A = { Type: "Pass", Next: "B" };
      states.B = { Type: "Choice", Choices: [{ Next: "A" }], Default: "NoDataFound" };
    });
    expect(faults).toEqual(["A is never reached", "B is never reached"]);
  });

  test("a loop that has no way out", () => {
    const faults = broken((states) => {
      states.HasValidData.Default = "Spin";
      states.Spin = { Type: "Wait", Seconds: 1, Next: "Turn" };
      states.Turn = { Type: "Pass", Next: "Spin" };
    });
    expect(faults).toEqual([
      "NoDataFound is never reached",
      "Spin never comes to an end",
      "Turn never comes to an end",
    ]);
  });

  test("a task without Retry, and one with an empty one", () => {
    expect(broken((states) => delete states.GetCrawler.Retry)).toEqual(["GetCrawler has no Retry"]);
    expect(broken((states) => (states.StartEMRJob.Retry = []))).toEqual([
      "StartEMRJob has no Retry",
    ]);
  });

  test("a task without Catch, and one that does not catch everything", () => {
    expect(broken((states) => delete states.GetPending.Catch)).toEqual([
      "GetPendingFailed is never reached",
      "GetPending has no Catch for States.ALL",
    ]);
    expect(broken((states) => (states.SendSuccess.Catch[0].ErrorEquals = ["SNS.X"]))).toEqual([
      "SendSuccess has no Catch for States.ALL",
    ]);
  });

  test("States.ALL that is not last, or not alone", () => {
    const all = { ErrorEquals: ["States.ALL"], MaxAttempts: 1 };
    expect(broken((states) => states.GetCrawler.Retry.unshift(all))).toEqual([
      "GetCrawler has States.ALL in Retry where it is not alone and last",
    ]);
    expect(
      broken((states) => states.GetCrawler.Catch[0].ErrorEquals.push("States.Timeout")),
    ).toEqual(["GetCrawler has States.ALL in Catch where it is not alone and last"]);
  });

  test.each([
    "arn:aws:states:::emr-serverless:startJobRuns.sync",
    "arn:aws:states:::aws-sdk:glue:StartCrawler",
    "arn:aws:states:::sns:publsh",
    "arn:aws:lambda:us-east-1:123:function:x",
  ])("a resource that AWS does not have, %s", (resource) => {
    expect(broken((states) => (states.RunGlueCrawler.Resource = resource))).toEqual([
      `RunGlueCrawler calls what AWS does not have: ${resource}`,
    ]);
  });

  test("a failure that ends before anything is published", () => {
    expect(broken((states) => (states.StartEMRJobFailed.Next = "PipelineFailed"))).toEqual([
      "StartEMRJob fails without a word: StartEMRJobFailed ends before anything is published",
    ]);
  });

  test("a failure after which the execution succeeds", () => {
    const faults = broken((states) => (states.SendFailure.Next = "Done"));
    expect(faults).toContain(
      "StartEMRJob fails, yet the execution may succeed from StartEMRJobFailed",
    );
  });
});
