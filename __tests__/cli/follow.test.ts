import { SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, expect, test, vi } from "vitest";
import { Follower } from "../../src/cli/follow";
import { answering } from "./support/fake-clients";
import { QA } from "./support/target";

const NEVER = new AbortController().signal;
const DAY = { source: "flights", date: "2026-01-02" };
const WAITER = "arn:aws:states:us-east-1:123456789012:execution:machine:waiter";

afterEach(() => vi.restoreAllMocks());

/** What is told while each look sees the next of these statuses of the one run, minutes apart. */
async function told(...statuses: ("none" | "RUNNING" | "FAILED")[]) {
  const news: string[] = [];
  let [now, look] = [Date.now(), -1];
  vi.spyOn(Date, "now").mockImplementation(() => now);
  const current = () => statuses[Math.min(Math.max(look, 0), statuses.length - 1)] ?? "none";
  const answers = answering({} as SFNClient, {
    ListExecutions: ({
      maxResults,
      statusFilter,
    }: {
      maxResults: number;
      statusFilter?: string;
    }) => {
      if (statusFilter === undefined && maxResults > 1) {
        look += 1;
        now += 100_000;
      }
      const status = current();
      const ended = status === "FAILED" ? { stopDate: new Date(now) } : {};
      return {
        executions: status === "none" ? [] : [{ executionArn: WAITER, status, ...ended }],
      };
    },
    DescribeExecution: () => ({ input: '{"batch":{"source":"flights"}}' }),
    GetExecutionHistory: () => ({
      events:
        current() === "FAILED"
          ? [{ type: "ExecutionFailed", executionFailedEventDetails: { error: "NoSourceLock" } }]
          : [],
    }),
  });
  vi.spyOn(SFNClient.prototype, "send").mockImplementation(answers.send as never);
  const tell = (text: string) => void news.push(text);
  const follower = await Follower.create(QA);
  const followed = follower.follow(DAY, { now: tell, note: tell }, NEVER);
  const failure = await followed.then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { news, failure };
}

test("where no run comes in time, it says what was awaited and where to look", async () => {
  const { news, failure } = await told("none");
  expect(news[0]).toBe("waiting for a run to take flights 2026-01-02");
  expect(failure).toMatch(/^No run has taken flights 2026-01-02 within \d+ s of the upload/);
  for (const place of [
    "lake-ingest-qa",
    "lake-ingest-dlq-qa",
    "lake redrive qa",
    "lake-trigger-qa",
  ])
    expect(failure).toContain(place);
});

test("a run that waits for its turn is waited for as long as it takes; its failure is ours", async () => {
  const { news, failure } = await told(
    ...(["RUNNING", "RUNNING", "RUNNING", "RUNNING", "RUNNING", "RUNNING", "FAILED"] as const),
  );
  expect(news.filter((text) => text === "waiting for run waiter to have its turn")).toHaveLength(6);
  expect(failure).toBe("Run waiter failed: NoSourceLock");
});
