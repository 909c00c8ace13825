import { describe, expect, test } from "vitest";
import { hasTold } from "../../lambda/trigger/reports";
import { report } from "../../src/orchestration/report";
import { nextOf } from "../support/state-machine";
import type { Block } from "../support/synth";

const REPORT = {
  topicArn: "arn:aws:sns:us-east-1:123456789012:lake-alerts-local",
  runsUri: "s3://lake-etl-local/runs",
  failures: {
    Extract: { next: "SendFailure" },
    Load: { next: "CleanUp", days: "$.taken.days" },
  },
};

const ENDED = { executionArn: "arn:run", name: "run", status: "FAILED" } as const;

const states = (): Block => report(REPORT);

describe("a success", () => {
  test("reaches the topic with the run, the source, its days and where the summary lies", () => {
    expect(states().SendSuccess.Parameters).toEqual({
      TopicArn: REPORT.topicArn,
      Subject: "ETL Success",
      Message: {
        "run.$": "$$.Execution.Name",
        "source.$": "$.source",
        "partitions.$": "$.taken.days",
        "summary.$": "States.Format('s3://lake-etl-local/runs/{}/summary.json', $$.Execution.Name)",
      },
    });
  });

  test("that cannot be told of is a success", () => {
    expect(nextOf(states().SendSuccess).failed).toEqual(["Done"]);
    expect(states().Done).toEqual({ Type: "Succeed" });
  });
});

describe("a failure", () => {
  test("of each state goes on where it is told to", () => {
    expect(states().ExtractFailed.Next).toBe("SendFailure");
    expect(states().LoadFailed.Next).toBe("CleanUp");
  });

  test("names the days that the run had taken, or none", () => {
    expect(states().ExtractFailed.Parameters.partitions).toEqual([]);
    expect(states().LoadFailed.Parameters["partitions.$"]).toBe("$.taken.days");
  });

  test("reaches the topic with the run, the state, the error and the cause", () => {
    expect(states().SendFailure.Parameters).toMatchObject({
      TopicArn: REPORT.topicArn,
      Subject: "ETL Failure",
      Message: {
        "run.$": "$$.Execution.Name",
        "state.$": "$.failure.state",
        "error.$": "$.failure.error",
        "cause.$": "$.failure.cause",
        "partitions.$": "$.failure.partitions",
      },
    });
  });

  test("is the execution's own, also where the topic is out of reach", () => {
    expect(states().SendFailure.Next).toBe("PipelineFailed");
    expect(states().PipelineFailed.Type).toBe("Fail");
  });

  test("that nobody could be told of ends in another error, by which the trigger sees it", () => {
    expect(nextOf(states().SendFailure).failed).toEqual(["Untold"]);
    expect(states().Untold).toMatchObject({ Type: "Fail", Error: "Untold" });
    expect(hasTold({ ...ENDED, error: "Untold" })).toBe(false);
    expect(hasTold({ ...ENDED, error: states().ExtractFailed.Parameters.name })).toBe(true);
    expect(hasTold({ ...ENDED, error: "States.Runtime" })).toBe(false);
  });

  test("ends in the state's name and not in an error of Step Functions' own", () => {
    expect(states().PipelineFailed).toEqual({
      Type: "Fail",
      ErrorPath: "$.failure.name",
      CausePath: "$.failure.text",
    });
    expect(states().ExtractFailed.Parameters).toEqual({
      state: "Extract",
      name: "ExtractFailed",
      partitions: [],
      "error.$": "$.failure.Error",
      "cause.$": "$.failure.Cause",
      "text.$": "States.Format('{}: {}', $.failure.Error, $.failure.Cause)",
    });
  });
});
