import { EMRServerlessClient } from "@aws-sdk/client-emr-serverless";
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, test, vi } from "vitest";
import { costLine, jobOf } from "../../src/cli/run-cost";
import type { Target } from "../../src/cli/target";
import { namingOf } from "../../src/config/naming-of";
import { variablesSchema } from "../../src/config/schema";
import { physicalNames } from "../../src/naming";
import { answering } from "./support/fake-clients";

const NEVER = new AbortController().signal;
const JOB = { applicationId: "00f1", jobRunId: "00r1" };

afterEach(() => vi.restoreAllMocks());

function target(values: Record<string, unknown> = {}, isLocal = false): Target {
  const environment = { name: "qa", variables: variablesSchema.parse(values) };
  const names = physicalNames(namingOf(environment));
  return { environment, names, client: { region: "us-east-1" }, env: {}, isLocal };
}

describe("the job run of an execution", () => {
  const emr = { resourceType: "emr-serverless", resource: "startJobRun.sync" };
  const output = JSON.stringify({ ApplicationId: "00f1", JobRunId: "00r1" });
  const event = (details: Partial<HistoryEvent>) => [
    // Another service's task, which comes before and knows no job.
    {
      type: "TaskSucceeded",
      taskSucceededEventDetails: { resourceType: "dynamodb", resource: "updateItem", output: "{}" },
    } as HistoryEvent,
    details as HistoryEvent,
  ];

  test.each([
    ["that has started", { taskSubmittedEventDetails: { ...emr, output } }],
    ["that has succeeded", { taskSucceededEventDetails: { ...emr, output } }],
    [
      "that has failed",
      { taskFailedEventDetails: { ...emr, error: "States.TaskFailed", cause: output } },
    ],
    [
      "whose failure is wrapped in words and in JobRun",
      { taskFailedEventDetails: { ...emr, cause: `Job failed: {"JobRun":${output}}` } },
    ],
  ])("is found of one %s", (_what, details) => {
    expect(jobOf(event(details))).toEqual(JOB);
  });

  test("is none where no job was started, or its start was refused", () => {
    expect(jobOf([])).toBeUndefined();
    const refused = { ...emr, error: "EMRServerless.ThrottlingException", cause: "Rate exceeded" };
    expect(jobOf(event({ taskFailedEventDetails: refused }))).toBeUndefined();
  });
});

describe("what a run has cost", () => {
  const RAN: { startedAt?: Date; endedAt: Date } = { startedAt: new Date(), endedAt: new Date() };
  const ZEROS = { vCPUHour: 0, memoryGBHour: 0, storageGBHour: 0 };

  /** The line, where each look at the job run sees the next of these. */
  async function told(of: Target, looks: readonly unknown[], patienceMs = 1_000, ended = RAN) {
    let look = 0;
    const answers = answering({} as EMRServerlessClient, {
      GetJobRun: (input: unknown) => {
        expect(input).toEqual(JOB);
        const seen = looks[Math.min(look, looks.length - 1)];
        look += 1;
        if (seen instanceof Error) throw seen;
        return { jobRun: { ...ended, billedResourceUtilization: seen } };
      },
    });
    vi.spyOn(EMRServerlessClient.prototype, "send").mockImplementation(answers.send as never);
    return { line: await costLine(of, JOB, NEVER, patienceMs), looks: look };
  }
  const BILLED = { vCPUHour: 0.5, memoryGBHour: 2, storageGBHour: 10 };

  test("is what was billed, at the price of its workers", async () => {
    expect((await told(target(), [BILLED])).line).toBe(
      "cost: 0.0390 USD (0.5 vCPU-hours and 2 GB-hours billed)",
    );
    expect((await told(target({ emr_architecture: "ARM64" }), [BILLED])).line).toContain("0.0314");
  });

  test("is what it would be on AWS where AWS is not asked, and says whose prices it has", async () => {
    expect((await told(target({}, true), [BILLED])).line).toMatch(/^cost on AWS: 0\.0390 USD/);
    expect((await told(target({ aws_region: "eu-west-1" }), [BILLED])).line).toContain(
      "; prices of us-east-1)",
    );
  });

  test("is waited for, and is said to be unknown when it does not come", async () => {
    const late = await told(target({}, true), [undefined, ZEROS, BILLED]);
    expect(late).toMatchObject({ line: expect.stringContaining("0.0390 USD"), looks: 3 });
    const never = await told(target({}, true), [ZEROS], 0);
    expect(never).toEqual({
      line: "cost: EMR Serverless has not said yet what it has billed; it will in aws emr-serverless get-job-run --application-id 00f1 --job-run-id 00r1",
      looks: 1,
    });
  });

  test("is nothing of a job that never ran, and is not waited for", async () => {
    const seen = await told(target(), [ZEROS], 1_000, { endedAt: new Date() });
    expect(seen).toEqual({ line: "cost: nothing, its job never ran", looks: 1 });
  });

  test("is no reason to fail where EMR Serverless does not answer", async () => {
    const denied = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
    expect((await told(target(), [denied])).line).toContain(
      "cost: not known, EMR Serverless did not answer (AccessDeniedException: not authorized)",
    );
  });
});
