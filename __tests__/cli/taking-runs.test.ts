import { SFNClient } from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { TakingRuns } from "../../src/cli/taking-runs";
import { answering } from "./support/fake-clients";

const AWAITED = { source: "flights", date: "2026-01-02", since: 10_000 };

interface Run {
  readonly status?: "RUNNING" | "SUCCEEDED" | "FAILED";
  readonly source?: string;
  /** Second in which it ended. */
  readonly ended?: number;
  readonly days?: readonly string[];
  /** Second in which it took them. */
  readonly at?: number;
}

/** Looks among these executions, the newest first; `asked` gets what is asked of each. */
function runsOf(all: Record<string, Run>, asked: string[] = [], page = 100) {
  const ListExecutions = ({ statusFilter }: { statusFilter?: string }) => ({
    executions: Object.entries(all)
      .filter(([, { status = "RUNNING" }]) => statusFilter === undefined || status === statusFilter)
      .slice(0, statusFilter === undefined ? page : undefined)
      .map(([executionArn, { status = "RUNNING", ended }]) => ({
        ...{ executionArn, status },
        ...(ended !== undefined && { stopDate: new Date(ended * 1000) }),
      })),
  });
  const DescribeExecution = ({ executionArn }: { executionArn: string }) => {
    asked.push(`input of ${executionArn}`);
    return { input: JSON.stringify({ batch: { source: all[executionArn]?.source ?? "flights" } }) };
  };
  const GetExecutionHistory = ({ executionArn }: { executionArn: string }) => {
    asked.push(`history of ${executionArn}`);
    const { days, at = 0 } = all[executionArn] ?? {};
    const input = JSON.stringify({ taken: { days } });
    const events = [
      {
        type: "TaskStateEntered",
        timestamp: new Date(0),
        stateEnteredEventDetails: { name: "TakePending", input },
      },
      { type: "TaskStateExited", timestamp: new Date(at * 1000) },
    ];
    return { events: days === undefined ? [] : events };
  };
  const answers = { ListExecutions, DescribeExecution, GetExecutionHistory };
  return new TakingRuns(answering(new SFNClient({ region: "us-east-1" }), answers), "machine");
}

const TOOK = { days: ["2026-01-01", "2026-01-02"], at: 11 };

test("the run that took the day is found, also one that waited long before", async () => {
  const all = { other: { source: "weather" }, waited: TOOK };
  expect((await runsOf(all).look(AWAITED)).taker).toBe("waited");
  expect((await runsOf(all, [], 1).look(AWAITED)).taker).toBe("waited");
});

test("of two, the first to have taken it is the one", async () => {
  const all = { newer: { ...TOOK, at: 12 }, older: { ...TOOK, at: 30 } };
  expect((await runsOf(all).look(AWAITED)).taker).toBe("newer");
});

test.each([
  ["took it before", { days: TOOK.days, at: 9 }],
  ["took other days", { days: ["2026-01-03"], at: 11 }],
  ["is another source's", { ...TOOK, source: "weather" }],
])("a run that %s is not the one, and none is to come", async (_, run) => {
  const look = await runsOf({ run }).look(AWAITED);
  expect(look).toEqual({ taker: undefined, coming: [], gone: undefined });
});

test("runs that have taken nothing yet are to come; those of another source are not", async () => {
  const all = { next: {}, other: { source: "weather" }, now: { days: ["2026-01-02"], at: 9 } };
  expect(await runsOf(all).look(AWAITED)).toEqual({
    ...{ taker: undefined, coming: ["next"], gone: undefined },
  });
});

test("a run that failed before it took anything is told, one that had nothing to do is not", async () => {
  const all = {
    idle: { status: "SUCCEEDED", ended: 12 },
    gone: { status: "FAILED", ended: 11 },
    before: { status: "FAILED", ended: 9 },
  } as const;
  expect(await runsOf(all).look(AWAITED)).toMatchObject({ coming: [], gone: "gone" });
});

test("what cannot change is asked for once", async () => {
  const asked: string[] = [];
  const runs = runsOf(
    { next: {}, other: { source: "weather" }, now: { days: ["2026-01-02"], at: 9 } },
    asked,
  );
  await runs.look(AWAITED);
  await runs.look(AWAITED);
  expect(asked.sort()).toEqual([
    ...["history of next", "history of next", "history of now"],
    ...["input of next", "input of now", "input of other"],
  ]);
});
