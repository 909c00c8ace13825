import { expect, test } from "vitest";
import { inWords, lookInto, sendBack } from "../../../src/cli/redrive/dead-letters";
import { type FakeMessage, fakeSqs, message } from "../support/fake-clients";

const NEVER = new AbortController().signal;
const SINCE = new Date(1_000);

const event = (key: string) => JSON.stringify({ detail: { object: { key } } });
const some = (count: number, sentAt = 0): FakeMessage[] =>
  Array.from({ length: count }, (_, i) => message(`m${i}`, `body ${i}`, sentAt));
const bodies = (messages: readonly FakeMessage[] = []) => messages.map(({ Body }) => Body).sort();

test("a message is told by the object that it speaks of, and by why it was not delivered", () => {
  expect(inWords(message("1", event("raw/a b+c.json")))).toBe("raw/a b+c.json");
  expect(inWords(message("1", event("raw/a"), 0, "access denied"))).toBe(
    "raw/a  (not delivered: access denied)",
  );
  expect(inWords(message("1", event("raw/\u001b[2J")))).toBe("raw/?[2J");
});

test.each(["no JSON", "null", '{"detail": {}}', "[]"])("%s is told as it is", (body) => {
  expect(inWords(message("1", body))).toBe(`no event of S3, it will come back: ${body}`);
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
    ...{ name: "dlq", url: undefined, messages: 0, samples: [] },
  });
});

test("everything goes back, once", async () => {
  const queues: Record<string, FakeMessage[]> = { dlq: some(25), ingest: [] };
  expect(await sendBack(fakeSqs(queues), "dlq", "ingest", SINCE, NEVER)).toBe(25);
  expect(queues.dlq).toEqual([]);
  expect(bodies(queues.ingest)).toEqual(bodies(some(25)));
});

test("what came after the look stays: it would go round and round", async () => {
  const late = message("late", "late", 2_000);
  const queues: Record<string, FakeMessage[]> = { dlq: [...some(3), late], ingest: [] };
  const sqs = fakeSqs(queues);
  expect(await sendBack(sqs, "dlq", "ingest", SINCE, NEVER)).toBe(3);
  expect(queues.dlq).toEqual([late]);
  expect((await lookInto(sqs, "dlq")).messages).toBe(1);
});

test("what the queue refuses stays in the dead letters, to be seen at once", async () => {
  const queues: Record<string, FakeMessage[]> = { dlq: some(3), ingest: [] };
  const sqs = fakeSqs(queues, (body) => body === "body 1");
  await expect(sendBack(sqs, "dlq", "ingest", SINCE, NEVER)).rejects.toThrow(
    "SQS took 2 messages back and refused the next: too long. It is still in dlq.",
  );
  expect(bodies(queues.ingest)).toEqual(["body 0", "body 2"]);
  expect((await lookInto(sqs, "dlq")).samples).toHaveLength(1);
});

test("an interrupted one stops before the next messages", async () => {
  const queues = { dlq: some(3), ingest: [] };
  const over = AbortSignal.abort(new Error("interrupted"));
  await expect(sendBack(fakeSqs(queues), "dlq", "ingest", SINCE, over)).rejects.toThrow(
    "interrupted",
  );
  expect(queues.dlq).toHaveLength(3);
});
