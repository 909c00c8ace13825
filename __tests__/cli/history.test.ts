import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { describe, expect, test } from "vitest";
import {
  causeText,
  failureLines,
  failureOf,
  jobLogFolder,
  repeatedStates,
  sourceOf,
  takenOf,
  visitsOf,
} from "../../src/cli/history";

let id = 0;

/** An event at a second; the definition's states are entered by name. */
function event(type: string, second: number, rest: Partial<HistoryEvent> = {}): HistoryEvent {
  id += 1;
  return { id, type: type as HistoryEvent["type"], timestamp: new Date(second * 1000), ...rest };
}

function entered(kind: string, name: string, second: number, input = "{}"): HistoryEvent {
  return event(`${kind}StateEntered`, second, { stateEnteredEventDetails: { name, input } });
}

const KEY = "raw/flights/year=2026/month=01/day=02/a.json";

describe("the visits of an execution", () => {
  test("have the times between entering and leaving; the last one is still open", () => {
    const visits = visitsOf([
      event("ExecutionStarted", 0),
      entered("Task", "ValidateInput", 1),
      event("LambdaFunctionSucceeded", 2),
      event("TaskStateExited", 3),
      entered("Choice", "HasValidData", 3),
      event("ChoiceStateExited", 3),
      entered("Task", "StartEMRJob", 4),
    ]);
    expect(visits).toEqual([
      { state: "ValidateInput", kind: "Task", enteredAt: 1000, leftAt: 3000 },
      { state: "HasValidData", kind: "Choice", enteredAt: 3000, leftAt: 3000 },
      { state: "StartEMRJob", kind: "Task", enteredAt: 4000 },
    ]);
  });

  test("end with the execution where it failed", () => {
    const visits = visitsOf([entered("Fail", "PipelineFailed", 1), event("ExecutionFailed", 2)]);
    expect(visits).toEqual([
      { state: "PipelineFailed", kind: "Fail", enteredAt: 1000, leftAt: 2000 },
    ]);
  });

  test("of a state that was entered again are summed, but not of a choice", () => {
    const lap = (second: number) => [
      entered("Wait", "WaitForCrawler", second),
      event("WaitStateExited", second + 1),
      entered("Choice", "HasCrawlEnded", second + 1),
      event("ChoiceStateExited", second + 1),
    ];
    expect(repeatedStates(visitsOf([...lap(0), ...lap(1), ...lap(2)]))).toEqual([
      "WaitForCrawler: 3 times, 3.0 s in all",
    ]);
  });
});

describe("the failure of an execution", () => {
  test("is what the definition hands on to its last state", () => {
    const failure = { state: "StartEMRJob", error: "States.TaskFailed", cause: "no such column" };
    expect(
      failureOf([
        entered("Task", "StartEMRJob", 1),
        event("TaskFailed", 2),
        entered("Fail", "PipelineFailed", 3, JSON.stringify({ failure })),
        event("ExecutionFailed", 3, { executionFailedEventDetails: { error: "E", cause: "C" } }),
      ]),
    ).toEqual({
      state: "StartEMRJob",
      error: "States.TaskFailed",
      cause: "no such column",
      rawCause: "no such column",
    });
  });

  test("is found in the events where no state reports it", () => {
    expect(
      failureOf([
        entered("Task", "ValidateInput", 1),
        event("LambdaFunctionFailed", 2),
        entered("Task", "Other", 3),
        event("ExecutionFailed", 4, { executionFailedEventDetails: { error: "E", cause: "C" } }),
      ]),
    ).toEqual({ state: "ValidateInput", error: "E", cause: "C", rawCause: "C" });
  });

  test("of one that was stopped says so", () => {
    expect(failureOf([entered("Task", "StartEMRJob", 1), event("ExecutionAborted", 2)])).toEqual({
      state: "StartEMRJob",
      error: "the execution aborted",
      cause: "no cause was given",
      rawCause: undefined,
    });
  });

  test("of one that was stopped is where it was, not where something was tried again before", () => {
    const events = [
      entered("Task", "TakeSourceLock", 1),
      event("TaskFailed", 2),
      event("TaskStateExited", 3),
      entered("Task", "StartEMRJob", 4),
    ];
    for (const end of ["ExecutionAborted", "ExecutionTimedOut"])
      expect(failureOf([...events, event(end, 5)])?.state).toBe("StartEMRJob");
  });

  test("is undefined for one that runs or has succeeded", () => {
    expect(failureOf([entered("Task", "ValidateInput", 1)])).toBeUndefined();
    expect(failureOf([event("ExecutionSucceeded", 1)])).toBeUndefined();
  });
});

describe("the words of a cause", () => {
  test.each([
    ["plain", "plain"],
    [
      JSON.stringify({ errorType: "InvalidInput", errorMessage: "no batch", trace: [] }),
      "no batch",
    ],
    [JSON.stringify({ JobRun: { State: "FAILED", StateDetails: "Exit code 1" } }), "Exit code 1"],
    [JSON.stringify({ State: "FAILED", StateDetails: "Exit code 2" }), "Exit code 2"],
    [JSON.stringify({ Status: "FAILED", ErrorMessage: "no rights" }), "no rights"],
    ['States.TaskFailed: {"StateDetails": "Exit code 3"}', "States.TaskFailed: Exit code 3"],
    ["a {brace} is no JSON", "a {brace} is no JSON"],
    [JSON.stringify({ Status: "FAILED" }), '{\n  "Status": "FAILED"\n}'],
    [undefined, "no cause was given"],
  ])("of %j are %j", (cause, words) => expect(causeText(cause)).toBe(words));
});

describe("the log of a failed Spark job", () => {
  const cause = JSON.stringify({
    ApplicationId: "app",
    JobRunId: "job",
    ConfigurationOverrides: {
      MonitoringConfiguration: { S3MonitoringConfiguration: { LogUri: "s3://etl/logs/" } },
    },
  });

  test("is where EMR Serverless puts it", () => {
    const folder = "s3://etl/logs/applications/app/jobs/job/SPARK_DRIVER";
    expect(jobLogFolder(cause)).toBe(folder);
    expect(jobLogFolder(`States.TaskFailed: ${cause}`)).toBe(folder);
  });

  test("is unknown for every other cause", () => {
    for (const other of [undefined, "plain", "{}", '{"JobRunId": "job"}'])
      expect(jobLogFolder(other)).toBeUndefined();
  });

  test("is quoted by the lines that say why", () => {
    const log = [
      "26/11/23 09:54:02 INFO Executor: Finished task 0.0 without errors",
      "Traceback (most recent call last):",
      '  File "etl.py", line 3, in <module>',
      "ValueError: no such column",
      "26/11/23 09:54:03 INFO ShutdownHookManager: Shutdown hook called",
    ].join("\n");
    expect(failureLines(log)).toEqual([
      "Traceback (most recent call last):",
      "ValueError: no such column",
    ]);
  });
});

describe("the days that an execution has taken", () => {
  const input = JSON.stringify({ source: "flights", taken: { days: ["2026-01-02"], rest: {} } });
  const waits = [entered("Task", "GetPending", 1), entered("Pass", "PickDays", 2)];
  const takes = entered("Task", "TakePending", 3, input);

  test("are those of the write, from the moment when it was made", () => {
    const events = [...waits, takes, event("TaskSucceeded", 4), event("TaskStateExited", 5)];
    expect(takenOf(events)).toEqual({ days: ["2026-01-02"], at: 5000 });
  });

  test("are its own also where nobody knows whether the write was made", () => {
    const fails = entered("Pass", "TakePendingFailed", 6);
    expect(takenOf([...waits, takes, event("TaskFailed", 4), fails])?.at).toBe(6000);
    expect(takenOf([...waits, takes, event("ExecutionAborted", 7)])?.at).toBe(7000);
  });

  test("are unknown before", () => {
    expect(takenOf([])).toBeUndefined();
    expect(takenOf(waits)).toBeUndefined();
    expect(takenOf([...waits, takes, event("TaskScheduled", 4)])).toBeUndefined();
  });
});

describe("the source of an execution", () => {
  test("is its batch's, or that of the template's one key", () => {
    const detail = { object: { key: KEY } };
    expect(sourceOf(JSON.stringify({ detail, batch: { source: "weather" } }))).toBe("weather");
    expect(sourceOf(JSON.stringify({ detail }))).toBe("flights");
  });

  test("is unknown of an input of another shape", () => {
    for (const text of [undefined, "", "[]", '"text"', "{}", '{"detail":{"object":{"key":"a"}}}'])
      expect(sourceOf(text)).toBeUndefined();
  });
});
