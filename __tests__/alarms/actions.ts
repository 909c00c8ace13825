/** What goes wrong in a lake, brought about by AWS's own APIs where there is a way. */
import {
  CancelJobRunCommand,
  GetJobRunCommand,
  ListApplicationsCommand,
  ListJobRunsCommand,
  StartJobRunCommand,
} from "@aws-sdk/client-emr-serverless";
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import type { DeployedLake } from "../e2e/support/deployed-lake";
import { type Ended, eventually, pipelineOf } from "../e2e/support/pipeline";

const DAY = "year=2025/month=10/day=";

/** JSON lines: the good ones, then some that no parser takes. */
export function file(good: number, bad: number): string {
  const rows = Array.from({ length: good }, (_, id) => JSON.stringify({ id }));
  return [...rows, ...Array.from({ length: bad }, () => '{"id": ')]
    .map((row) => `${row}\n`)
    .join("");
}

export function actionsOf(lake: DeployedLake, source: string) {
  const pipeline = pipelineOf(lake);
  const { s3, sqs, emr, executions } = pipeline;
  const lambda = new LambdaClient({
    endpoint: lake.endpoint,
    region: lake.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    // A throttled call is what is wanted, not what is to be tried again.
    maxAttempts: 1,
  });
  let days = 0;
  /** A day that had no file yet. */
  const key = () => {
    days += 1;
    return `raw/${source}/${DAY}${`${days}`.padStart(2, "0")}/a.json`;
  };
  const urlOf = async (QueueName: string) =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;

  async function applicationId(): Promise<string> {
    const { applications = [] } = await emr.send(new ListApplicationsCommand({}));
    return applications.find(({ state }) => state !== "TERMINATED")?.id ?? "";
  }

  async function jobRuns() {
    const { jobRuns = [] } = await emr.send(
      new ListJobRunsCommand({ applicationId: await applicationId() }),
    );
    return jobRuns;
  }

  async function waitForJob(jobRunId: string, state: string): Promise<void> {
    const application = await applicationId();
    await eventually(`${jobRunId} to be ${state}`, async () => {
      const { jobRun } = await emr.send(
        new GetJobRunCommand({ applicationId: application, jobRunId }),
      );
      return jobRun?.state === state ? true : undefined;
    });
  }

  async function mapping(enabled: boolean): Promise<void> {
    const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
    for (const { UUID } of EventSourceMappings)
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
  }

  return {
    s3,
    key,
    put: pipeline.put,
    messagesWait: pipeline.messagesWait,

    /** A file of a new day, and the run that it starts, to its end. */
    async ingest(good: number, bad: number): Promise<Ended> {
      return pipeline.ingest(key(), file(good, bad));
    },

    /** A good file, and the name of its execution once its job runs. */
    async startRun(): Promise<string> {
      const before = new Set((await jobRuns()).map(({ id }) => id));
      await pipeline.put(key(), file(10, 0));
      const run = await eventually("a job to run", async () =>
        (await jobRuns()).find((one) => !before.has(one.id) && one.state === "RUNNING"),
      );
      return run.name ?? "";
    },

    /** Lets what waits in the queue go on, to the end of the run that it starts. */
    async resume(): Promise<Ended> {
      const before = new Set((await executions()).map(({ executionArn }) => executionArn));
      await mapping(true);
      const started = await eventually("an execution", async () =>
        (await executions()).find(({ executionArn }) => !before.has(executionArn)),
      );
      return pipeline.ended(started.executionArn);
    },

    /** A job beside the pipeline that asks for more than the application may have; its id. */
    async submitTooLargeJob(): Promise<string> {
      const conf = { "driver.cores": 1, "driver.memory": "1g", "executor.cores": 1 };
      const most = { "executor.memory": "1g", "dynamicAllocation.maxExecutors": 100 };
      const { jobRunId = "" } = await emr.send(
        new StartJobRunCommand({
          applicationId: await applicationId(),
          executionRoleArn: "arn:aws:iam::123456789012:role/test",
          name: "too-large",
          jobDriver: {
            sparkSubmit: {
              entryPoint: "s3://none/job.py",
              sparkSubmitParameters: Object.entries({ ...conf, ...most })
                .map(([name, value]) => `--conf spark.${name}=${value}`)
                .join(" "),
            },
          },
        }),
      );
      return jobRunId;
    },

    waitForJob,

    /** How long the one job that there is so far has run. */
    async firstJobSeconds(): Promise<number> {
      const [first] = await jobRuns();
      const { jobRun } = await emr.send(
        new GetJobRunCommand({ applicationId: await applicationId(), jobRunId: first?.id ?? "" }),
      );
      return jobRun?.totalExecutionDurationSeconds ?? 0;
    },

    async cancel(jobRunId: string): Promise<void> {
      const application = await applicationId();
      await emr.send(new CancelJobRunCommand({ applicationId: application, jobRunId }));
      await waitForJob(jobRunId, "CANCELLED");
    },

    /** Calls the function while its handler is one that its code does not have. */
    async callBroken(FunctionName: string): Promise<void> {
      const { Handler } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
      const use = (handler: string | undefined) =>
        lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Handler: handler }));
      await use("index.gone");
      try {
        const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName }));
        if (!FunctionError) throw new Error(`${FunctionName}: expected it to fail`);
      } finally {
        await use(Handler);
      }
    },

    /** Calls the function while it has no concurrency. */
    async callThrottled(FunctionName: string): Promise<void> {
      await lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
      );
      try {
        const refused = await lambda.send(new InvokeCommand({ FunctionName })).then(
          () => undefined,
          (error: unknown) => error,
        );
        if ((refused as Error | undefined)?.name !== "TooManyRequestsException")
          throw refused ?? new Error(`${FunctionName}: expected it to be throttled`);
      } finally {
        await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
      }
    },

    /** Ingestion waits, as during a deploy. */
    pause: () => mapping(false),

    /** A message that is no event, with a visibility timeout of a second instead of minutes. */
    async poison(QueueName: string): Promise<void> {
      const QueueUrl = await urlOf(QueueName);
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["VisibilityTimeout"] }),
      );
      const set = (seconds: string | undefined) =>
        sqs.send(
          new SetQueueAttributesCommand({
            QueueUrl,
            Attributes: { VisibilityTimeout: seconds ?? "30" },
          }),
        );
      await set("1");
      try {
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "no event" }));
        await eventually("the poison to be given up", async () =>
          (await pipeline.messagesWait()) ? undefined : true,
        );
      } finally {
        await set(Attributes?.VisibilityTimeout);
      }
    },

    async purge(QueueName: string): Promise<void> {
      await sqs.send(new PurgeQueueCommand({ QueueUrl: await urlOf(QueueName) }));
    },
  };
}

export type Actions = ReturnType<typeof actionsOf>;
