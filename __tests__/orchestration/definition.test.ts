import validate from "asl-validator";
import { describe, expect, test } from "vitest";
import { type DefinitionProps, definition } from "../../src/orchestration/definition";
import { DEFINITION_PROPS } from "../support/definition-props";
import { environments } from "../support/lake";
import { faultsOf, nextOf, type StateMachine } from "../support/state-machine";
import type { Block } from "../support/synth";

const machine = (change: Partial<DefinitionProps> = {}): Block =>
  definition({ ...DEFINITION_PROPS, ...change });

const states = (change: Partial<DefinitionProps> = {}) => machine(change).States;

describe("the definition", () => {
  test("is what asl-validator takes", () => {
    const { isValid, errorsText } = validate(machine());
    expect(errorsText()).toBe("");
    expect(isValid).toBe(true);
  });

  test("has no state unreached, endless, unguarded or silent when it fails", () => {
    expect(faultsOf(machine() as StateMachine)).toEqual([]);
  });

  test("is sound in every environment", async () => {
    for (const [name, { lake }] of Object.entries(await environments())) {
      const { definition: text } = lake.resource("aws_sfn_state_machine", "etl_pipeline");
      const resolved = text.replaceAll(
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own reference
        "${aws_lambda_function.validate.arn}",
        DEFINITION_PROPS.validateFunctionArn,
      );
      expect(faultsOf(JSON.parse(resolved)), name).toEqual([]);
      expect(validate(JSON.parse(resolved)).isValid, name).toBe(true);
    }
  });

  test("of the local environment is known in whole", async () => {
    const { local } = await environments();
    const stateMachine = local?.lake.resource("aws_sfn_state_machine", "etl_pipeline");
    expect(JSON.parse(stateMachine.definition)).toMatchSnapshot();
  });
});

describe("the template's states", () => {
  test("follow each other as in the template, with a slot for the job and a wait for the crawl", () => {
    expect(machine().StartAt).toBe("ValidateInput");
    expect(states().ValidateInput.Next).toBe("HasValidData");
    expect(states().HasValidData).toEqual({
      Type: "Choice",
      Choices: [
        { Variable: "$.isPending", BooleanEquals: true, Next: "QueueForSourceLock" },
        { Variable: "$.filesFound", BooleanEquals: true, Next: "AddPending" },
      ],
      Default: "NoDataFound",
    });
    expect(states().NoDataFound).toEqual({ Type: "Succeed" });
    expect(states().AddPending.Next).toBe("QueueForSourceLock");
    expect(states().TakeSourceLock.Next).toBe("LeaveWaiting");
    expect(states().IsRestPending.Default).toBe("QueueForRunSlot");
    expect(states().TakeRunSlot.Next).toBe("ConfirmDays");
    expect(states().ConfirmDays.Next).toBe("StartEMRJob");
    expect(states().StartEMRJob.Next).toBe("ReleaseRunSlot");
    expect(states().ReleaseRunSlot.Next).toBe("IsCrawled");
    expect(states().IsCrawled).toEqual({
      Type: "Choice",
      Choices: [{ Variable: "$.layout", StringEquals: "parquet", Next: "RunGlueCrawler" }],
      Default: "ReleaseDays",
    });
    expect(states().RunGlueCrawler.Next).toBe("WaitForCrawler");
    expect(states().WaitForCrawler.Next).toBe("GetCrawler");
    expect(states().GetCrawler.Next).toBe("HasCrawlEnded");
    expect(nextOf(states().HasCrawlEnded).well).toContain("ReleaseDays");
    expect(states().ReleaseDays.Next).toBe("ReleaseSourceLock");
    expect(states().ReleaseSourceLock.Next).toBe("SendSuccess");
    expect(states().SendSuccess.End).toBe(true);
  });

  test("call what the template calls", () => {
    const { ValidateInput, StartEMRJob, RunGlueCrawler, SendSuccess } = states();
    expect(ValidateInput.Resource).toBe(DEFINITION_PROPS.validateFunctionArn);
    expect(StartEMRJob.Resource).toBe("arn:aws:states:::emr-serverless:startJobRun.sync");
    expect(RunGlueCrawler.Resource).toBe("arn:aws:states:::aws-sdk:glue:startCrawler");
    expect(RunGlueCrawler.Parameters).toEqual({ Name: DEFINITION_PROPS.crawlerName });
    expect(SendSuccess.Resource).toBe("arn:aws:states:::sns:publish");
    expect(SendSuccess.Parameters).toMatchObject({
      TopicArn: DEFINITION_PROPS.topicArn,
      Subject: "ETL Success",
    });
  });
});

describe("the job", () => {
  const job = (change: Partial<DefinitionProps> = {}) => states(change).StartEMRJob;

  test("is one job for one execution, however often the request is sent", () => {
    expect(job().Parameters["ClientToken.$"]).toBe("States.Hash($$.Execution.Id, 'SHA-1')");
    expect(job().Parameters["Name.$"]).toBe("$$.Execution.Name");
  });

  test("is given its arguments as its command line names them", () => {
    const text: string = job().Parameters.JobDriver.SparkSubmit["EntryPointArguments.$"];
    const flags = [...text.matchAll(/'(--[a-z-]+)', ([^,]+(?:, \$\$[^,)]+\))?)/g)];
    expect(Object.fromEntries(flags.map(([, flag, value]) => [flag, value]))).toEqual({
      "--run-id": "$$.Execution.Name",
      "--source": "$.source",
      "--partitions": "States.JsonToString($.taken.days)",
      "--summary": "States.Format('s3://lake-etl-local/runs/{}/summary.json', $$.Execution.Name)",
      "--config": "'s3://lake-etl-local/config/sources.json'",
      "--raw": "'s3://lake-landing-local/raw'",
      "--processed": "'s3://lake-processed-local/processed'",
      "--quarantine": "'s3://lake-processed-local/quarantine'",
      "--database": "'lake_processed_local')",
    });
  });

  test.each([
    ["driverCores", 11],
    ["driverMemory", "13g"],
    ["executorCores", 17],
    ["executorMemory", "19g"],
    ["initialExecutors", 23],
    ["minExecutors", 5],
    ["maxExecutors", 29],
    ["workerDiskGb", 31],
  ])("takes Spark's %s from the variable and from no literal", (name, value) => {
    const submit = (spark: DefinitionProps["spark"]) =>
      job({ spark }).Parameters.JobDriver.SparkSubmit.SparkSubmitParameters;
    const before = submit(DEFINITION_PROPS.spark);
    const after = submit({ ...DEFINITION_PROPS.spark, [name]: value });
    expect(after).not.toBe(before);
    expect(after).toMatch(new RegExp(`=${value}(G| |$)`));
  });

  test("is cancelled by EMR Serverless before Step Functions gives up", () => {
    const limited = job({ jobTimeoutMinutes: 30 });
    expect(limited.Parameters.ExecutionTimeoutMinutes).toBe(30);
    expect(limited.TimeoutSeconds).toBeGreaterThan(30 * 60);
    expect(machine({ jobTimeoutMinutes: 30 }).TimeoutSeconds).toBeGreaterThan(
      limited.TimeoutSeconds,
    );
  });

  test("logs to the bucket and to the log group", () => {
    expect(job().Parameters.ConfigurationOverrides.MonitoringConfiguration).toEqual({
      S3MonitoringConfiguration: {
        LogUri: DEFINITION_PROPS.logUri,
        EncryptionKeyArn: DEFINITION_PROPS.keyArn,
      },
      ManagedPersistenceMonitoringConfiguration: {
        Enabled: true,
        EncryptionKeyArn: DEFINITION_PROPS.keyArn,
      },
      CloudWatchLoggingConfiguration: {
        Enabled: true,
        LogGroupName: DEFINITION_PROPS.logGroupName,
      },
    });
  });
});

describe("the run slot", () => {
  const leadsTo = (target: string) =>
    Object.entries<Block>(states())
      .filter(([, state]) => [...nextOf(state).well, ...nextOf(state).failed].includes(target))
      .map(([name]) => name);

  test("is there for as many jobs as fit", () => {
    const take = (maxConcurrentRuns: number) =>
      states({ maxConcurrentRuns }).TakeRunSlot.Parameters.ExpressionAttributeValues[":most"];
    expect(take(1)).toEqual({ N: "1" });
    expect(take(7)).toEqual({ N: "7" });
  });

  test("is taken on the only way to the job, and given back on every way from it", () => {
    expect(leadsTo("ConfirmDays")).toEqual(["TakeRunSlot", "AwaitRunSlot"]);
    expect(leadsTo("StartEMRJob")).toEqual(["ConfirmDays"]);
    expect(nextOf(states().StartEMRJob).well).toEqual(["ReleaseRunSlot"]);
    expect(states().StartEMRJob.Catch.at(-1).Next).toBe("StartEMRJobFailed");
    expect(states().StartEMRJobFailed.Next).toBe("ReleaseRunSlotAfterFailure");
    expect(states().ReleaseRunSlotAfterFailure.Next).toBe("ReleaseDaysAfterFailure");
  });

  test("is given back, too, where it is not known whether it was taken", () => {
    expect(states().TakeRunSlotFailed.Next).toBe("ReleaseRunSlotAfterFailure");
  });

  test("is kept, as is the source, where nobody heard of the job's end", () => {
    const [timeout] = states().StartEMRJob.Catch;
    expect(timeout).toMatchObject({
      ErrorEquals: ["States.Timeout"],
      Next: "StartEMRJobTimeoutFailed",
    });
    expect(states().StartEMRJobTimeoutFailed).toMatchObject({
      Parameters: { state: "StartEMRJob", name: "StartEMRJobTimeoutFailed" },
      Next: "ReleaseDaysAfterTimeout",
    });
    expect(nextOf(states().ReleaseDaysAfterTimeout)).toEqual({
      well: ["SendFailure"],
      failed: ["SendFailure"],
    });
  });

  test("is of the application that the job runs on", () => {
    const listed = states({ applicationId: "00f1other" }).ListJobsOfRunSlotOwner.Parameters;
    expect(listed.ApplicationId).toBe("00f1other");
  });

  test("is waited for eight hours, or for two jobs at their longest, within the execution", () => {
    const cause = (jobTimeoutMinutes: number) =>
      states({ jobTimeoutMinutes }).NoRunSlot.Parameters["Cause.$"];
    expect(cause(5)).toContain("in 480 min");
    expect(cause(240)).toContain("in 480 min");
    expect(cause(241)).toContain("in 482 min");
    for (const minutes of [5, 240, 10_080])
      expect(machine({ jobTimeoutMinutes: minutes }).TimeoutSeconds).toBeGreaterThan(
        (Math.max(480, 2 * minutes) + minutes) * 60,
      );
  });
});

describe("a failure", () => {
  test("of each task names the task on its way to the topic", () => {
    for (const task of [
      "ValidateInput",
      "TakeSourceLock",
      "TakePending",
      "TakeRunSlot",
      "StartEMRJob",
      "RunGlueCrawler",
      "GetCrawler",
    ]) {
      expect(states()[task].Catch.at(-1)).toEqual({
        ErrorEquals: ["States.ALL"],
        ResultPath: "$.failure",
        Next: `${task}Failed`,
      });
      expect(states()[`${task}Failed`]).toMatchObject({
        Parameters: { state: task },
        ResultPath: "$.failure",
        Next:
          {
            ValidateInput: "SendFailure",
            TakeSourceLock: "ReleaseSourceLockAfterFailure",
            TakePending: "ReleaseDaysAfterFailure",
            RunGlueCrawler: "ReleaseDaysAfterFailure",
            GetCrawler: "ReleaseDaysAfterFailure",
          }[task] ?? "ReleaseRunSlotAfterFailure",
      });
    }
  });

  test("of any call is tried again under whatever name, but for what no trying mends", () => {
    for (const [name, state] of Object.entries<Block>(states())) {
      if (state.Type !== "Task" || name === "StartEMRJob") continue;
      const [last] = state.Retry.slice(-1);
      expect(last.MaxAttempts, name).toBe(6);
      expect(last.ErrorEquals, name).toContain(
        name === "ValidateInput" ? "States.ALL" : "States.TaskFailed",
      );
    }
    expect(states().ValidateInput.Retry[0]).toEqual({
      ErrorEquals: ["InvalidInput"],
      MaxAttempts: 0,
    });
  });

  test("of a job that failed is not asked after again", () => {
    for (const { ErrorEquals } of states().StartEMRJob.Retry)
      for (const error of ErrorEquals) expect(error).toMatch(/^EMRServerless\./);
  });
});

test("input and results stay beside each other: no task replaces the other's", () => {
  expect(states().StartEMRJob.ResultPath).toBe("$.job");
  expect(states().RunGlueCrawler.ResultPath).toBeNull();
  expect(states().GetCrawler.ResultPath).toBe("$.glue");
});

test("the definition is JSONPath alone", () => {
  expect(JSON.stringify(machine())).not.toMatch(/QueryLanguage|"Arguments"|"Output"|\{%/);
});
