import { StateMachineDoesNotExist } from "@aws-sdk/client-sfn";
import { QueueDoesNotExist } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { unreadParts } from "../../../src/cli/status/status";
import { ACCOUNT, asked, awsWith, HOUR_MS, refuse } from "./aws";

afterEach(() => vi.restoreAllMocks());

const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:lake-alerts-qa`;
describe("the status of a lake", () => {
  test("has every part, also of one that nothing was done with", async () => {
    awsWith();
    expect(await asked()).toMatchObject({
      application: { id: "app", state: "STARTED", jobs: {}, maxVcpu: 16 },
      ingestion: { state: "on", mappingId: "u" },
      ...{ running: [], lastRuns: [], stuckDays: [] },
      queues: [{ role: "ingest", waiting: 0 }, { role: "dead letters" }, { role: "dead letters" }],
      sources: [{ source: "flights", state: "empty" }],
      alarms: { total: 0, inAlarm: [] },
    });
  });

  test("is one message and a command where nothing is deployed", async () => {
    awsWith({
      ListExecutions: () => {
        throw new StateMachineDoesNotExist({ message: "none", $metadata: {} });
      },
      GetTables: refuse,
    });
    await expect(asked()).rejects.toThrow(
      /^qa is not deployed: account 123456789012 has no state machine lake-etl-qa in us-east-1\. .*npx lake deploy qa$/,
    );
  });

  test("lacks only the parts that could not be asked, and says why", async () => {
    awsWith({ DescribeAlarms: refuse, GetTables: refuse });
    const found = await asked();
    const unread = "AWS answered AccessDeniedException: not allowed";
    expect(unreadParts(found)).toEqual([
      ["sources", { unread }],
      ["alarms", { unread }],
    ]);
    expect(found.ingestion).toEqual({ state: "on", mappingId: "u" });
  });

  test("fails where the runs themselves may not be asked", async () => {
    awsWith({ ListExecutions: refuse });
    await expect(asked()).rejects.toThrow("not allowed");
  });
});

describe("the machinery", () => {
  test("counts the jobs that have not ended, by their state", async () => {
    const states = ["RUNNING", "SCHEDULED", "RUNNING"];
    awsWith({ ListJobRuns: () => ({ jobRuns: states.map((state) => ({ state })) }) });
    expect((await asked()).application).toMatchObject({ jobs: { RUNNING: 2, SCHEDULED: 1 } });
  });

  test("has no application where all of its name are terminated", async () => {
    awsWith({ ListApplications: () => ({ applications: [] }) });
    expect((await asked()).application).toEqual({ name: "lake-spark-qa", state: "NONE", jobs: {} });
  });

  test.each([
    ["Disabled", "paused"],
    ["Disabling", "paused"],
    ["Enabling", "changing"],
    ["Creating", "changing"],
  ])("with a mapping %s is %s", async (State, state) => {
    awsWith({ ListEventSourceMappings: () => ({ EventSourceMappings: [{ UUID: "u", State }] }) });
    expect((await asked()).ingestion).toEqual({ state, mappingId: "u" });
  });

  test("asks for the mapping of its own queue", async () => {
    awsWith({
      ListEventSourceMappings: ({ EventSourceArn }: { EventSourceArn: string }) => ({
        EventSourceMappings:
          EventSourceArn === `arn:aws:sqs:us-east-1:${ACCOUNT}:lake-ingest-qa`
            ? [{ UUID: "mine", State: "Enabled" }]
            : [{ UUID: "another's", State: "Disabled" }],
      }),
    });
    expect((await asked()).ingestion).toEqual({ state: "on", mappingId: "mine" });
  });
});

describe("the queues", () => {
  const attributes = (waiting: number, inFlight: number) => ({
    Attributes: {
      ApproximateNumberOfMessages: String(waiting),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
    },
  });
  const busy = {
    GetQueueAttributes: ({ QueueUrl }: { QueueUrl: string }) =>
      QueueUrl === "lake-ingest-qa" ? attributes(3, 1) : attributes(0, 0),
  };

  test("say how old the oldest message is, as last measured, of those that are not empty", async () => {
    const queues: unknown[] = [];
    awsWith({
      ...busy,
      GetMetricData: (input: { MetricDataQueries: { Id: string; MetricStat: object }[] }) => {
        queues.push(...input.MetricDataQueries.map(({ MetricStat }) => MetricStat));
        return { MetricDataResults: [{ Id: "q0", Values: [95, 40] }] };
      },
    });
    expect((await asked()).queues).toMatchObject([
      { name: "lake-ingest-qa", waiting: 3, inFlight: 1, oldestSeconds: 95 },
      { name: "lake-ingest-dlq-qa", waiting: 0, inFlight: 0 },
      { name: "lake-events-dlq-qa", waiting: 0, inFlight: 0 },
    ]);
    expect(queues).toEqual([
      {
        Metric: {
          Namespace: "AWS/SQS",
          MetricName: "ApproximateAgeOfOldestMessage",
          Dimensions: [{ Name: "QueueName", Value: "lake-ingest-qa" }],
        },
        ...{ Period: 60, Stat: "Maximum" },
      },
    ]);
  });

  test("are counted also where the age is not measured, or not to be read", async () => {
    for (const GetMetricData of [() => ({ MetricDataResults: [{ Id: "q0" }] }), refuse]) {
      awsWith({ ...busy, GetMetricData });
      const { queues } = await asked();
      expect(queues).toMatchObject([{ waiting: 3 }, {}, {}]);
      expect(JSON.stringify(queues)).not.toContain("oldestSeconds");
    }
  });

  test("that are gone are said to be", async () => {
    awsWith({
      GetQueueUrl: ({ QueueName }: { QueueName: string }) => {
        if (QueueName !== "lake-events-dlq-qa") return { QueueUrl: QueueName };
        throw new QueueDoesNotExist({ message: "none", $metadata: {} });
      },
    });
    expect((await asked()).queues).toMatchObject([
      ...[{ isDeployed: true }, { isDeployed: true }, { isDeployed: false }],
    ]);
  });
});

test("alarms are the environment's by the topic that they tell, the longest in ALARM first", async () => {
  const alarm = (name: string, state: string, hoursAgo: number, topic = TOPIC) => ({
    ...{ AlarmName: name, StateValue: state, AlarmDescription: `${name} means`, StateReason: "r" },
    StateTransitionedTimestamp: new Date(10 * HOUR_MS - hoursAgo * HOUR_MS),
    AlarmActions: [topic],
  });
  awsWith({
    DescribeAlarms: ({ AlarmNamePrefix }: { AlarmNamePrefix: string }) => ({
      MetricAlarms: [
        alarm("lake-a-qa", "ALARM", 1),
        alarm("lake-b-qa", "ALARM", 3),
        alarm("lake-c-qa", "OK", 3),
        alarm("lake-d-qa", "INSUFFICIENT_DATA", 3),
        alarm("lake-e-eu-qa", "ALARM", 3, `${TOPIC.replace("-qa", "-eu-qa")}`),
        { AlarmName: "lake-mine-qa", StateValue: "ALARM" },
      ].filter(({ AlarmName }) => AlarmName.startsWith(AlarmNamePrefix)),
    }),
  });
  expect((await asked()).alarms).toEqual({
    ...{ total: 4, ok: 1, insufficientData: 1 },
    inAlarm: [
      {
        ...{ name: "lake-b-qa", description: "lake-b-qa means", reason: "r" },
        since: new Date(7 * HOUR_MS),
      },
      {
        ...{ name: "lake-a-qa", description: "lake-a-qa means", reason: "r" },
        since: new Date(9 * HOUR_MS),
      },
    ],
  });
});
