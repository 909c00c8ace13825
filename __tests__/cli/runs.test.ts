import { type GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { type HistoryEvent, SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, expect, test, vi } from "vitest";
import { lastRuns } from "../../src/cli/runs";
import { answering } from "./support/fake-clients";
import { qaTarget } from "./support/target";

afterEach(() => vi.restoreAllMocks());

const SUMMARY = {
  ...{ run_id: "done", source: "flights", partitions: ["2026-01-02"], seconds: 4.5 },
  ...{ rows_read: 3, rows_written: 2, rows_quarantined: 1 },
  ...{ files_read: 1, files_written: 1, bytes_read: 10, bytes_written: 5 },
};

interface Execution {
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  readonly source?: string;
  readonly events?: readonly HistoryEvent[];
  readonly summary?: object;
}

/** An AWS with these executions, the newest first, each ten seconds older; `asked` gets its calls. */
function awsWith(executions: Readonly<Record<string, Execution>>, asked: string[] = []) {
  const nameOf = (arn: string) => arn.split(":").at(-1) ?? "";
  const names = Object.keys(executions);
  const sfn = answering({} as SFNClient, {
    ListExecutions: (input: { maxResults: number; nextToken?: string; statusFilter?: string }) => {
      asked.push("ListExecutions");
      const from = Number(input.nextToken ?? 0);
      const matching = names.filter(
        (name) =>
          input.statusFilter === undefined || executions[name]?.status === input.statusFilter,
      );
      const page = matching.slice(from, from + Math.min(2, input.maxResults));
      const end = from + page.length;
      return {
        executions: page.map((name, at) => ({
          ...{ executionArn: `arn:${name}`, name, status: executions[name]?.status },
          startDate: new Date(1_000_000 - (from + at) * 10_000),
          ...(executions[name]?.status !== "RUNNING" && { stopDate: new Date(2_000_000) }),
        })),
        ...(end < matching.length && { nextToken: String(end) }),
      };
    },
    DescribeExecution: ({ executionArn }: { executionArn: string }) => {
      asked.push(`DescribeExecution ${nameOf(executionArn)}`);
      const { source } = executions[nameOf(executionArn)] ?? {};
      return { input: source === undefined ? "{}" : JSON.stringify({ batch: { source } }) };
    },
    GetExecutionHistory: (input: {
      executionArn: string;
      reverseOrder: boolean;
      maxResults: number;
      nextToken?: string;
    }) => {
      asked.push(`GetExecutionHistory ${nameOf(input.executionArn)}`);
      const all = [...(executions[nameOf(input.executionArn)]?.events ?? [])];
      if (input.reverseOrder) all.reverse();
      const from = Number(input.nextToken ?? 0);
      const end = from + input.maxResults;
      return {
        events: all.slice(from, end),
        ...(end < all.length && { nextToken: String(end) }),
      };
    },
  });
  vi.spyOn(SFNClient.prototype, "send").mockImplementation(sfn.send as never);
  vi.spyOn(S3Client.prototype, "send").mockImplementation((async (command: GetObjectCommand) => {
    const { Bucket, Key = "" } = command.input;
    asked.push(`GetObject ${Bucket}/${Key}`);
    const summary = executions[Key.split("/")[1] ?? ""]?.summary;
    if (summary === undefined) throw new NoSuchKey({ message: "none", $metadata: {} });
    return {
      Body: { transformToByteArray: async () => Buffer.from(JSON.stringify(summary)) },
    };
  }) as never);
}

let id = 0;
function event(type: string, second: number, rest: Partial<HistoryEvent> = {}): HistoryEvent {
  id += 1;
  return { id, type: type as HistoryEvent["type"], timestamp: new Date(second * 1000), ...rest };
}
function entered(name: string, second: number, data: object = {}): HistoryEvent {
  const input = JSON.stringify(data);
  return event("TaskStateEntered", second, { stateEnteredEventDetails: { name, input } });
}

const TAKEN = { taken: { days: ["2026-01-03", "2026-01-04"] } };

test("a run that has succeeded is told by its summary; one that had nothing to do has none", async () => {
  awsWith({
    done: { status: "SUCCEEDED", source: "flights", summary: SUMMARY },
    idle: { status: "SUCCEEDED" },
  });
  const { run_id: _, source: __, ...summary } = SUMMARY;
  expect(await lastRuns(qaTarget(), 5)).toEqual([
    {
      ...{ name: "done", state: "SUCCEEDED", source: "flights", days: ["2026-01-02"], summary },
      ...{ startedAt: new Date(1_000_000), endedAt: new Date(2_000_000) },
    },
    {
      ...{ name: "idle", state: "SUCCEEDED", source: undefined },
      ...{ startedAt: new Date(990_000), endedAt: new Date(2_000_000) },
    },
  ]);
});

test("a run that works is told with its state, since when, and the days it has taken", async () => {
  const events = [
    entered("TakePending", 5, TAKEN),
    event("TaskStateExited", 6),
    entered("StartEMRJob", 7, TAKEN),
  ];
  awsWith({ works: { status: "RUNNING", source: "flights", events } });
  expect(await lastRuns(qaTarget(), 1)).toEqual([
    {
      ...{ name: "works", state: "RUNNING", source: "flights", days: TAKEN.taken.days },
      ...{ currentState: "StartEMRJob", currentSince: new Date(7_000) },
      startedAt: new Date(1_000_000),
    },
  ]);
});

test("a long wait is told from its beginning, which many events lie behind", async () => {
  const before = [
    ...Array.from({ length: 500 }, () => event("TaskScheduled", 7)),
    ...[entered("ValidateInput", 8), event("TaskStateExited", 9)],
  ];
  const rounds = Array.from({ length: 120 }, (_, round) => [
    entered("TakeSourceLock", 10 + round),
    event("TaskStateExited", 10 + round),
    entered("PickSourceLockOwner", 10 + round),
  ]).flat();
  const asked: string[] = [];
  awsWith({ waits: { status: "RUNNING", events: [...before, ...rounds] } }, asked);
  expect(await lastRuns(qaTarget(), 1)).toMatchObject([
    { currentState: "TakeSourceLock", currentSince: new Date(10_000) },
  ]);
  expect(asked.filter((call) => call.startsWith("GetExecutionHistory"))).toHaveLength(4);
});

test("a run that failed is told with the state, the error, the words of the cause, and its days", async () => {
  const failure = { state: "StartEMRJob", error: "States.TaskFailed", cause: "no such column" };
  const events = [
    entered("StartEMRJob", 7, TAKEN),
    event("TaskFailed", 8),
    entered("PipelineFailed", 9, { ...TAKEN, failure }),
    event("ExecutionFailed", 9, { executionFailedEventDetails: { error: "E", cause: "C" } }),
  ];
  awsWith({ bad: { status: "FAILED", source: "flights", events } });
  const [run] = await lastRuns(qaTarget(), 1);
  expect(run).toMatchObject({ state: "FAILED", days: TAKEN.taken.days, failure });
  expect(run).not.toHaveProperty("currentState");
});

test("the newest are told, as many as asked for, through pages, those of one state alone", async () => {
  const all = Object.fromEntries(
    ["a", "b", "c", "d", "e"].map((name) => [name, { status: "SUCCEEDED" as const }]),
  );
  const asked: string[] = [];
  awsWith({ ...all, busy: { status: "RUNNING" } }, asked);
  const names = async (count: number, state?: "RUNNING") =>
    (await lastRuns(qaTarget(), count, state)).map(({ name }) => name);
  expect(await names(3)).toEqual(["a", "b", "c"]);
  expect(asked.filter((call) => call === "ListExecutions")).toHaveLength(2);
  expect(await names(9)).toEqual(["a", "b", "c", "d", "e", "busy"]);
  expect(await names(9, "RUNNING")).toEqual(["busy"]);
});
