/** The states of a lock, run by the local Step Functions and DynamoDB around work that only waits. */
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import {
  CancelJobRunCommand,
  CreateApplicationCommand,
  EMRServerlessClient,
  StartJobRunCommand,
} from "@aws-sdk/client-emr-serverless";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  entryOf,
  type LockProps,
  lockStates,
  releaseState,
  scheduleOf,
} from "../../src/orchestration/lock";
import { createProject, type Project } from "./support/deployed-lake";
import { locksOf, mostAtOnce } from "./support/locks";
import { eventually } from "./support/pipeline";

const REGION = "us-east-1";
const TABLE = "locks";
const QUICK = '"IntervalSeconds":1,"MaxAttempts":4,"BackoffRate":1}';
const ROLE = "arn:aws:iam::123456789012:role/test";

let project: Project;
let sfn: SFNClient;
let emr: EMRServerlessClient;
let locks: ReturnType<typeof locksOf>;
let applicationId: string;

beforeAll(async () => {
  project = await createProject({});
  const settings = {
    endpoint: project.endpoint,
    region: REGION,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  sfn = new SFNClient(settings);
  emr = new EMRServerlessClient(settings);
  locks = locksOf({ endpoint: project.endpoint, region: REGION }, TABLE);
  await locks.client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
  const application = await emr.send(
    new CreateApplicationCommand({
      name: "lake",
      type: "SPARK",
      releaseLabel: "emr-7.12.0",
      clientToken: "lake",
      // Less than any job asks for: a job run stays SCHEDULED until it is cancelled.
      maximumCapacity: { cpu: "1 vCPU", memory: "2 GB" },
    }),
  );
  applicationId = application.applicationId ?? "";
});
afterAll(() => project?.close());

test("no more than fit hold it at once, each gets it in the end, and it is free afterwards", async () => {
  const machine = await machineWith({ id: { S: "two" }, most: 2 });
  const arns = await Promise.all(
    Array.from({ length: 6 }, (_, n) => start(machine, `run-${n}`, { seconds: 1 })),
  );
  const ended = await Promise.all(arns.map(end));
  expect(ended.map(({ status }) => status)).toEqual(arns.map(() => "SUCCEEDED"));
  const histories = await Promise.all(arns.map(history));
  expect(mostAtOnce(histories.map(workOf))).toBe(2);
  expect(await locks.owners("two")).toEqual([]);
});

test("another lock of the same table is another matter", async () => {
  await locks.give("source#flights", ROLE);
  const machine = await machineWith({ id: { "S.$": "States.Format('source#{}', $.source)" } });
  const ended = await end(await start(machine, "weather", { source: "weather", seconds: 0 }));
  expect(ended.status).toBe("SUCCEEDED");
  expect(await locks.owners("source#flights")).toEqual([ROLE]);
});

test("who holds it already, since an answer was lost, does not wait for itself", async () => {
  const machine = await machineWith({ id: { S: "mine" } });
  await locks.give("mine", executionArn(machine, "again"));
  const arn = await start(machine, "again", { seconds: 0 });
  expect((await end(arn)).status).toBe("SUCCEEDED");
  expect(statesOf(await history(arn))).toEqual([
    "QueueForRunSlot",
    "GetRunSlotOwners",
    "IsRunSlotOwned",
    "PickRunSlotOwner",
    "DescribeRunSlotOwner",
    "IsRunSlotOwnerRunning",
    "TakeRunSlot",
    "Work",
    "ReleaseRunSlot",
    "Done",
  ]);
  expect(await locks.owners("mine")).toEqual([]);
});

test("an owner that was stopped loses it to the next, which puts it out", async () => {
  const machine = await machineWith({ id: { S: "stopped" } });
  const first = await start(machine, "stopped", { seconds: 600 });
  await entered(first, "Work");
  await sfn.send(new StopExecutionCommand({ executionArn: first }));
  expect(await locks.owners("stopped")).toEqual([first]);

  const second = await start(machine, "after-stopped", { seconds: 0 });
  expect((await end(second)).status).toBe("SUCCEEDED");
  expect(statesOf(await history(second))).toContain("PutOutDeadRunSlotOwner");
  expect(await locks.owners("stopped")).toEqual([]);
});

test("an owner that lives keeps it, and one that waits too long fails by name", async () => {
  const machine = await machineWith({ id: { S: "kept" }, waitMinutes: 1 });
  const first = await start(machine, "keeps", { seconds: 600 });
  await entered(first, "Work");
  const second = await start(machine, "waits", { seconds: 0 });
  const ended = await end(second);
  expect(ended).toMatchObject({ status: "FAILED", error: "NoRunSlot" });
  expect(ended.cause).toMatch(/^in 1 min none of 1 came free; one is held by arn:.*:keeps\. /);
  expect(await locks.owners("kept")).toEqual([first]);
  await sfn.send(new StopExecutionCommand({ executionArn: first }));
});

test("an owner that was stopped keeps it for as long as its job goes on", async () => {
  const machine = await machineWith({ id: { S: "working" } });
  const first = await start(machine, "has-a-job", { seconds: 600 });
  await entered(first, "Work");
  const { jobRunId } = await emr.send(
    new StartJobRunCommand({
      applicationId,
      name: "has-a-job",
      clientToken: "has-a-job",
      executionRoleArn: ROLE,
      jobDriver: { sparkSubmit: { entryPoint: "s3://none/job.py" } },
    }),
  );
  await sfn.send(new StopExecutionCommand({ executionArn: first }));

  const second = await start(machine, "after-the-job", { seconds: 0 });
  await entered(second, "IsJobOfRunSlotOwnerActive", 2);
  expect(await locks.owners("working")).toEqual([first]);
  await emr.send(new CancelJobRunCommand({ applicationId, jobRunId }));
  expect((await end(second)).status).toBe("SUCCEEDED");
});

test("owners that nobody remembers any more are put out, however many", async () => {
  const machine = await machineWith({ id: { S: "forgotten" }, most: 3 });
  const forgotten = ["a", "b", "c"].map((name) => executionArn(machine, name));
  await locks.give("forgotten", ...forgotten);
  const arn = await start(machine, "remembered", { seconds: 0 });
  expect((await end(arn)).status).toBe("SUCCEEDED");
  // One is enough to make room.
  expect(await locks.owners("forgotten")).toHaveLength(2);
});

/** Takes the lock, works for `$.seconds`, gives it back. Waits are a second each. */
async function machineWith(change: Partial<LockProps>): Promise<string> {
  const lock: LockProps = {
    name: "RunSlot",
    tableName: TABLE,
    id: { S: "lock" },
    most: 1,
    waitMinutes: 60,
    applicationId,
    next: "Work",
    ...change,
  };
  const definition = JSON.stringify({
    StartAt: entryOf(lock),
    States: {
      ...lockStates(lock),
      Work: { Type: "Wait", SecondsPath: "$.seconds", Next: "ReleaseRunSlot" },
      ReleaseRunSlot: releaseState(lock, "Done"),
      Done: { Type: "Succeed" },
      TakeRunSlotFailed: {
        Type: "Fail",
        ErrorPath: "$.failure.Error",
        CausePath: "$.failure.Cause",
      },
    },
  });
  const { stateMachineArn = "" } = await sfn.send(
    new CreateStateMachineCommand({
      name: `machine-${JSON.stringify(lock.id).replaceAll(/[^a-z]/g, "")}`,
      // A second between attempts, and the long rounds after one short one.
      definition: definition
        .replaceAll(
          /"IntervalSeconds":\d+,"MaxAttempts":[46],"BackoffRate":2(,"MaxDelaySeconds":8)?}/g,
          QUICK,
        )
        .replaceAll(
          `"NumericGreaterThan":${scheduleOf(lock.waitMinutes).short}}`,
          '"NumericGreaterThan":1}',
        ),
      roleArn: ROLE,
    }),
  );
  return stateMachineArn;
}

async function start(stateMachineArn: string, name: string, input: object): Promise<string> {
  const { executionArn = "" } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
  );
  return executionArn;
}

const executionArn = (machine: string, name: string) =>
  `${machine.replace(":stateMachine:", ":execution:")}:${name}`;

const end = (arn: string) =>
  eventually(`the end of ${arn}`, async () => {
    const now = await sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
    return now.status === "RUNNING" ? undefined : now;
  });

async function history(executionArn: string): Promise<HistoryEvent[]> {
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
  );
  return events;
}

const statesOf = (events: readonly HistoryEvent[]) =>
  events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);

const entered = (arn: string, state: string, times = 1) =>
  eventually(`${arn} in ${state}`, async () => {
    const found = statesOf(await history(arn)).filter((name) => name === state);
    return found.length >= times ? true : undefined;
  });

function workOf(events: readonly HistoryEvent[]): { start: number; end: number } {
  const at = (found: HistoryEvent | undefined) => found?.timestamp?.getTime() ?? Number.NaN;
  return {
    start: at(events.find((event) => event.stateEnteredEventDetails?.name === "Work")),
    end: at(events.find((event) => event.stateExitedEventDetails?.name === "Work")),
  };
}
