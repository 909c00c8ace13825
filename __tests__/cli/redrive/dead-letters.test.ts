import { expect, test } from "vitest";
import { inWords, lookInto, sendBack } from "../../../src/cli/redrive/dead-letters";
import { type FakeMessage, fakeSqs, message } from "../support/fake-clients";

const NEVER = new AbortController().signal;
const SINCE = new Date(1_000);

const event = (key: string) =>
  JSON.stringify({ detail: { bucket: { name: "landing" }, object: { key } } });
const some = (count: number, sentAt = 0): FakeMessage[] =>
  Array.from({ length: count }, (_, i) => message(`m${i}`, event(`raw/${i}`), sentAt));
const bodies = (messages: readonly FakeMessage[] = []) => messages.map(({ Body }) => Body).sort();
const request = (signal = NEVER) => ({ from: "dlq", to: "ingest", since: SINCE, signal });

test("a message is told by the object that it speaks of, and by why it was not delivered", () => {
  expect(inWords(message("1", event("raw/a b+c.json")))).toBe("raw/a b+c.json");
  expect(inWords(message("1", event("raw/a"), 0, "access denied"))).toBe(
    "raw/a  (not delivered: access denied)",
  );
  expect(inWords(message("1", event("raw/\u001b[2J")))).toBe("raw/\\u001b[2J");
  const unfinished = {
    "detail-type": "Step Functions Execution Status Change",
    detail: { executionArn: "arn", name: "etl-1", status: "ABORTED" },
  };
  expect(inWords(message("1", JSON.stringify(unfinished)))).toBe("run etl-1: ABORTED");
});

test.each(["no JSON", "null", '{"detail": {}}', "[]"])("%s is told as it is", (body) => {
  expect(inWords(message("1", body))).toBe(`no event, it stays here: ${body}`);
});

test("looking takes nothing away, and shows the first twenty", async () => {
  const queues = { dlq: some(25) };
  const sqs = fakeSqs(queues);
  const found = await lookInto(sqs, "dlq");
  expect(found).toMatchObject({ name: "dlq", url: "dlq", messages: 25 });
  expect(found.samples).toHaveLength(20);
  expect(await lookInto(sqs, "dlq")).toEqual(found);
});

test("a queue that is not deployed is no error", async () => {
  expect(await lookInto(fakeSqs({}), "dlq")).toEqual({
    ...{ name: "dlq", url: undefined, messages: 0, samples: [], refused: 0 },
  });
});

test("everything goes back, once", async () => {
  const queues: Record<string, FakeMessage[]> = { dlq: some(25), ingest: [] };
  const told: number[] = [];
  const progress = (sent: number) => told.push(sent);
  const came = await sendBack(fakeSqs(queues), { ...request(), progress });
  expect(came).toEqual({ sent: 25, refused: 0, others: 0 });
  expect(told).toEqual([10, 20, 25]);
  expect(queues.dlq).toEqual([]);
  expect(bodies(queues.ingest)).toEqual(bodies(some(25)));
});

test("what came after the look stays: it would go round and round", async () => {
  const late = Array.from({ length: 12 }, (_, i) => message(`late${i}`, event("raw/late"), 2_000));
  const queues: Record<string, FakeMessage[]> = { dlq: [...late, ...some(3)], ingest: [] };
  const sqs = fakeSqs(queues);
  expect(await sendBack(sqs, request())).toEqual({ sent: 3, refused: 0, others: 12 });
  expect(queues.dlq).toEqual(late);
  expect((await lookInto(sqs, "dlq")).samples).toHaveLength(12);
});

test("what the trigger could make nothing of stays, before, between and after the others", async () => {
  const poison = Array.from({ length: 23 }, (_, i) => message(`p${i}`, `{ ${i}`));
  const dlq = [...poison.slice(0, 12), ...some(8), ...poison.slice(12)];
  const queues: Record<string, FakeMessage[]> = { dlq, ingest: [] };
  const sqs = fakeSqs(queues);
  expect(await lookInto(sqs, "dlq")).toMatchObject({ messages: 31, refused: 12 });
  expect(await sendBack(sqs, request())).toEqual({ sent: 8, refused: 23, others: 0 });
  expect(queues.dlq).toEqual(poison);
  expect(bodies(queues.ingest)).toEqual(bodies(some(8)));
  // To be seen again at once.
  expect((await lookInto(sqs, "dlq")).samples).toHaveLength(20);
});

test("what comes again although it is held ends nothing early, and is not sent", async () => {
  const poison = message("poison", "no JSON");
  const queues: Record<string, FakeMessage[]> = { dlq: [poison, ...some(12)], ingest: [] };
  const sqs = fakeSqs(queues, { shortHold: "poison" });
  expect(await sendBack(sqs, request())).toEqual({ sent: 12, refused: 1, others: 0 });
  expect(queues.dlq).toEqual([poison]);
});

test("messages too large for one call go one by one", async () => {
  const large = Array.from({ length: 3 }, (_, i) =>
    message(`m${i}`, event(`raw/${"x".repeat(100_000)}${i}`)),
  );
  const queues: Record<string, FakeMessage[]> = { dlq: [...large], ingest: [] };
  expect(await sendBack(fakeSqs(queues), request())).toMatchObject({ sent: 3 });
  expect(bodies(queues.ingest)).toEqual(bodies(large));
});

test("what the queue refuses stays in the dead letters, to be seen at once", async () => {
  const queues: Record<string, FakeMessage[]> = { dlq: some(3), ingest: [] };
  const sqs = fakeSqs(queues, { refuse: (body) => body === event("raw/1") });
  await expect(sendBack(sqs, request())).rejects.toThrow(
    "SQS took 2 messages back and refused the next: too long. It is still in dlq.",
  );
  expect(bodies(queues.ingest)).toEqual([event("raw/0"), event("raw/2")]);
  expect((await lookInto(sqs, "dlq")).samples).toEqual(["raw/1"]);
});

test("an interrupted one stops before the next messages", async () => {
  const queues = { dlq: some(3), ingest: [] };
  const over = AbortSignal.abort(new Error("interrupted"));
  await expect(sendBack(fakeSqs(queues), request(over))).rejects.toThrow("interrupted");
  expect(queues.dlq).toHaveLength(3);
});

test.each(["ReceiveMessage", "SendMessageBatch", "DeleteMessageBatch"])(
  "interrupted in %s, each message is in one queue or the other, and none is held",
  async (call) => {
    const poison = message("poison", "no JSON");
    const queues: Record<string, FakeMessage[]> = { dlq: [poison, ...some(25)], ingest: [] };
    const interruption = new AbortController();
    const before = (name: string) => {
      if (name === call) interruption.abort(new Error("interrupted"));
    };
    const sqs = fakeSqs(queues, { before });
    await expect(sendBack(sqs, request(interruption.signal))).rejects.toThrow("interrupted");
    expect(queues.ingest).toHaveLength(9);
    expect(bodies([...(queues.dlq ?? []), ...(queues.ingest ?? [])])).toEqual(
      bodies([poison, ...some(25)]),
    );
    expect((await lookInto(fakeSqs(queues), "dlq")).messages).toBe(17);
    expect((await lookInto(sqs, "dlq")).samples).toHaveLength(17);
  },
);

test("a deletion that fails leaves the message in both: twice is better than never", async () => {
  const queues: Record<string, FakeMessage[]> = { dlq: some(1), ingest: [] };
  const before = (name: string) => {
    if (name === "DeleteMessageBatch") throw new Error("no network");
  };
  await expect(sendBack(fakeSqs(queues, { before }), request())).rejects.toThrow("no network");
  expect([queues.dlq, queues.ingest]).toEqual([some(1), [expect.anything()]]);
});
