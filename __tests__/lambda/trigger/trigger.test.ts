import { describe, expect, test } from "vitest";
import type { ExecutionInput } from "../../../lambda/trigger/contract";
import {
  executionName,
  MAX_KEYS,
  type QueueMessage,
  trigger,
} from "../../../lambda/trigger/trigger";
import type { ExecutionState } from "../../../lambda/trigger/waiting";
import { fakeLake } from "./support/fake-lake";

const REQUEST_ID = "5f3c9a10-77aa-4e0e-9f00-3b9d8c6a1b2c";
/** Of another invocation. */
const LATER = "6a4d0b21-77aa-4e0e-9f00-3b9d8c6a1b2c";

/** What EventBridge puts into the queue for one object. */
function message(
  key: string,
  { size = 10, bucket = "landing", id = key, type = "Object Created" } = {},
): QueueMessage {
  return {
    messageId: id,
    body: JSON.stringify({
      version: "0",
      "detail-type": type,
      source: "aws.s3",
      detail: { bucket: { name: bucket }, object: { key, size, etag: "e" } },
    }),
  };
}

const key = (source: string, date: string, file = "a.json") => {
  const [year, month, day] = date.split("-");
  return `raw/${source}/year=${year}/month=${month}/day=${day}/${file}`;
};

/** Runs the trigger and tells what it started, what it wants again and what it said. */
async function run(
  messages: QueueMessage[],
  refuse: (input: ExecutionInput) => boolean = () => false,
  lake = fakeLake(),
  requestId = REQUEST_ID,
) {
  const started: { name: string; input: ExecutionInput }[] = [];
  const lines: { level: string; message: string; fields: object }[] = [];
  const failed = await trigger(messages, {
    ...lake.deps,
    requestId,
    log: (level, text, fields) => lines.push({ level, message: text, fields }),
    startExecution: async (name, input) => {
      if (refuse(input)) throw new Error("ThrottlingException");
      started.push({ name, input });
      lake.states.set(name, "RUNNING");
    },
  });
  return { started, failed, lines };
}

describe("a batch of events", () => {
  test("starts one execution for each source, whatever their order", async () => {
    const { started, failed } = await run([
      message(key("flights", "2025-10-09", "b.json")),
      message(key("weather", "2025-10-09")),
      message(key("flights", "2025-10-09", "a.json")),
    ]);
    expect(failed).toEqual([]);
    expect(started.map(({ input }) => [input.batch.source, input.batch.keys.length])).toEqual([
      ["flights", 2],
      ["weather", 1],
    ]);
  });

  test("hands over the template's input shape, with the batch beside it", async () => {
    const { started } = await run([message(key("flights", "2025-10-09"))]);
    expect(started[0]?.input).toEqual({
      detail: { bucket: { name: "landing" }, object: { key: key("flights", "2025-10-09") } },
      batch: {
        source: "flights",
        partitions: ["2025-10-09"],
        pending: true,
        keys: [key("flights", "2025-10-09")],
      },
    });
  });

  test("names its days once each, sorted", async () => {
    const { started } = await run(
      ["2025-10-09", "2024-12-31", "2025-10-09", "2025-01-01"].map((date, index) =>
        message(key("flights", date, `${index}.json`)),
      ),
    );
    expect(started[0]?.input.batch.partitions).toEqual(["2024-12-31", "2025-01-01", "2025-10-09"]);
  });

  test("that holds one event twice starts one execution, with the key once", async () => {
    const twice = key("flights", "2025-10-09");
    const { started, failed } = await run([
      message(twice, { id: "1" }),
      message(twice, { id: "2" }),
    ]);
    expect(failed).toEqual([]);
    expect(started).toHaveLength(1);
    expect(started[0]?.input.batch.keys).toEqual([twice]);
  });

  test("of nothing starts nothing", async () => {
    expect(await run([])).toEqual({ started: [], failed: [], lines: [] });
  });

  test("of many days is one execution: the state machine takes as many as one run may have", async () => {
    const days = Array.from({ length: 100 }, (_, index) =>
      new Date(Date.UTC(2025, 0, 1 + index)).toISOString().slice(0, 10),
    );
    const lake = fakeLake();
    const { started } = await run(
      days.map((date) => message(key("flights", date))),
      undefined,
      lake,
    );
    expect(started).toHaveLength(1);
    expect(lake.days("flights")).toEqual(days);
  });

  test("of many files names a hundred of them: the days do the work", async () => {
    const { started } = await run(
      Array.from({ length: MAX_KEYS + 1 }, (_, i) => message(key("flights", "2025-10-09", `${i}`))),
    );
    expect(started).toHaveLength(1);
    expect(started[0]?.input.batch.keys).toHaveLength(100);
  });

  test("of a thousand long keys fits what an execution's input may have", async () => {
    const { started } = await run(
      Array.from({ length: 1000 }, (_, i) =>
        message(key("flights", "2025-10-09", `${i}${"x".repeat(900)}`)),
      ),
    );
    expect(JSON.stringify(started[0]?.input).length).toBeLessThan(256 * 1024);
  });
});

describe("what is not data", () => {
  test.each([
    ["a folder", `${key("flights", "2025-10-09", "")}`, 10],
    ["an empty object", key("flights", "2025-10-09"), 0],
    ["a marker", key("flights", "2025-10-09", "_SUCCESS"), 10],
    ["a temporary file", key("flights", "2025-10-09", "_temporary/0/a.json"), 10],
    ["a hidden file", key("flights", "2025-10-09", ".a.json.crc"), 10],
  ])("%s starts nothing and is not delivered again", async (_, name, size) => {
    const { started, failed } = await run([message(name, { size })]);
    expect(started).toEqual([]);
    expect(failed).toEqual([]);
  });
});

describe("a message that can never be ingested", () => {
  test.each<[what: string, bad: QueueMessage]>([
    ["is not JSON", { messageId: "bad", body: "{" }],
    ["is not an event", { messageId: "bad", body: "{}" }],
    ["is JSON of nothing", { messageId: "bad", body: "null" }],
  ])("because it %s is reported alone, and the rest starts", async (_, bad) => {
    const good = message(key("flights", "2025-10-09"), { id: "good" });
    const { started, failed, lines } = await run([bad, good]);
    expect(failed).toEqual(["bad"]);
    expect(started).toHaveLength(1);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: "error",
        fields: expect.objectContaining({ messageId: "bad" }),
      }),
    );
  });
});

describe("an execution that does not start", () => {
  test("returns its own messages, all of them, and no others", async () => {
    const { started, failed, lines } = await run(
      [
        message(key("flights", "2025-10-09", "a"), { id: "f1" }),
        message(key("weather", "2025-10-09"), { id: "w1" }),
        message(key("flights", "2025-10-10", "b"), { id: "f2" }),
      ],
      ({ batch }) => batch.source === "flights",
    );
    expect(failed.sort()).toEqual(["f1", "f2"]);
    expect(started.map(({ input }) => input.batch.source)).toEqual(["weather"]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: "could not start",
        fields: expect.objectContaining({ error: "Error: ThrottlingException" }),
      }),
    );
  });
});

describe("keys are taken as EventBridge writes them, not decoded", () => {
  test.each(["my file.json", "a+b.json", "100%25.json", "%zz", "k=v.json", "données-日本.json"])(
    "%s",
    async (file) => {
      const { started, failed } = await run([message(key("flights", "2025-10-09", file))]);
      expect(failed).toEqual([]);
      expect(started[0]?.input.batch.keys).toEqual([key("flights", "2025-10-09", file)]);
    },
  );
});

describe("an execution's name", () => {
  test("begins with etl- and the first eight characters of the request's id", async () => {
    const { started } = await run([message(key("flights", "2025-10-09"))]);
    expect(started[0]?.name).toBe("etl-5f3c9a10-20251009-123456-0-flights");
  });

  test("is one of its own for each execution of an invocation", async () => {
    const { started } = await run(
      ["flights", "weather"].map((source) => message(key(source, "2025-10-09"))),
    );
    expect(started.map(({ name }) => name)).toEqual([
      "etl-5f3c9a10-20251009-123456-0-flights",
      "etl-5f3c9a10-20251009-123456-1-weather",
    ]);
  });

  test("has at most 80 characters, and still tells executions apart that a long source names", () => {
    const at = (index: number) =>
      executionName(REQUEST_ID, new Date("2025-10-09T12:34:56Z"), index, "s".repeat(63));
    expect(at(0)).toHaveLength(80);
    expect(at(0)).not.toBe(at(1));
    expect(at(999)).toHaveLength(80);
  });

  test("holds only characters that Step Functions takes", () => {
    expect(executionName(REQUEST_ID, new Date(), 12, "flights_20k")).toMatch(/^[A-Za-z0-9_-]+$/);
  });
});

describe("a source for which an execution waits", () => {
  const day = (date: string) => message(key("flights", date));

  test("gets its days into that one, and no second execution", async () => {
    const lake = fakeLake();
    expect((await run([day("2025-10-09")], undefined, lake)).started).toHaveLength(1);
    const later = await run([day("2025-10-10")], undefined, lake, LATER);
    expect(later).toMatchObject({ started: [], failed: [] });
    expect(lake.days("flights")).toEqual(["2025-10-09", "2025-10-10"]);
  });

  test("is no matter of another source", async () => {
    const lake = fakeLake();
    await run([day("2025-10-09")], undefined, lake);
    const other = await run([message(key("weather", "2025-10-09"))], undefined, lake);
    expect(other.started).toHaveLength(1);
  });

  test("gets the next execution once that one has left the queue", async () => {
    const lake = fakeLake();
    const { started } = await run([day("2025-10-09")], undefined, lake);
    lake.leave("flights", started[0]?.name ?? "");
    expect((await run([day("2025-10-09")], undefined, lake)).started).toHaveLength(1);
  });

  test.each<[what: string, state: ExecutionState, startedAt: number, starts: number]>([
    ["has ended without a word", "ENDED", 0, 1],
    ["is not there yet, since it is being started", "UNKNOWN", 0, 0],
    ["never came, since its trigger died", "UNKNOWN", -121, 1],
  ])("when that one %s", async (_, state, startedAt, starts) => {
    const lake = fakeLake();
    lake.register("flights", "etl-other", startedAt + 120);
    lake.states.set("etl-other", state);
    const { started, failed } = await run([day("2025-10-09")], undefined, lake);
    expect(failed).toEqual([]);
    expect(started).toHaveLength(starts);
    expect(lake.days("flights")).toEqual(["2025-10-09"]);
  });

  test("is waited for by nobody when the start failed, so that the next event starts one", async () => {
    const lake = fakeLake();
    const refused = await run([day("2025-10-09")], () => true, lake);
    expect(refused.failed).toHaveLength(1);
    expect(lake.waiter("flights")).toBeUndefined();
    expect((await run([day("2025-10-10")], undefined, lake, LATER)).started).toHaveLength(1);
    expect(lake.days("flights")).toEqual(["2025-10-09", "2025-10-10"]);
  });
});

test("a deleted object's day is ingested again", async () => {
  const deleted = message(key("flights", "2025-10-09"), { type: "Object Deleted" });
  const { started } = await run([deleted]);
  expect(started[0]?.input.batch.partitions).toEqual(["2025-10-09"]);
});

describe("objects that no source takes", () => {
  const STRAYS = [
    ["raw/file.json", "outside raw/<source>/year=YYYY/month=MM/day=DD/"],
    ["raw/flights/a.json", "outside raw/<source>/year=YYYY/month=MM/day=DD/"],
    [key("flights", "2025-02-30"), "outside raw/<source>/year=YYYY/month=MM/day=DD/"],
    [key("unheard_of", "2025-10-09"), 'no source "unheard_of"'],
  ] as const;

  test("are told of in one message with each key, its reason and the remedy, and start nothing", async () => {
    const lake = fakeLake();
    const { started, failed } = await run(
      STRAYS.map(([name]) => message(name)),
      undefined,
      lake,
    );
    expect({ started, failed }).toEqual({ started: [], failed: [] });
    expect(lake.published).toEqual([
      {
        subject: "ETL Objects not ingested",
        message: {
          objects: STRAYS.map(([name, reason]) => ({ key: name, reason })),
          more: 0,
          remedy: expect.stringContaining("copy each to raw/<source>/year=YYYY"),
        },
      },
    ]);
  });

  test("are told of once, however often they are delivered", async () => {
    const lake = fakeLake();
    const twice = ["1", "2"].map((id) => message("raw/file.json", { id }));
    await run(twice, undefined, lake);
    await run([message("raw/file.json", { id: "3" })], undefined, lake);
    expect(lake.published).toHaveLength(1);
  });

  test("are told of later when the topic is out of reach, and the rest starts", async () => {
    const lake = fakeLake();
    lake.breakTopic(true);
    const messages = [message("raw/file.json", { id: "s" }), message(key("flights", "2025-10-09"))];
    const first = await run(messages, undefined, lake);
    expect(first.failed).toEqual(["s"]);
    expect(first.started).toHaveLength(1);
    lake.breakTopic(false);
    expect((await run(messages.slice(0, 1), undefined, lake)).failed).toEqual([]);
    expect(lake.published).toHaveLength(1);
  });

  test("are named up to twenty, and the others counted", async () => {
    const lake = fakeLake();
    await run(
      Array.from({ length: 25 }, (_, i) => message(`raw/${i}.json`)),
      undefined,
      lake,
    );
    expect(lake.published[0]?.message).toMatchObject({ more: 5 });
    expect(lake.published[0]?.message).toHaveProperty("objects.length", 20);
  });

  test("are nobody's business once they are deleted", async () => {
    const lake = fakeLake();
    await run([message("raw/file.json", { type: "Object Deleted" })], undefined, lake);
    expect(lake.published).toEqual([]);
  });
});

test("a run that timed out or was stopped is told of, once", async () => {
  const lake = fakeLake();
  const ended = (id: string, status: string): QueueMessage => ({
    messageId: id,
    body: JSON.stringify({
      "detail-type": "Step Functions Execution Status Change",
      source: "aws.states",
      detail: { executionArn: "arn:run", name: "run", status, input: '{"batch":{"source":"a"}}' },
    }),
  });
  expect((await run([ended("1", "TIMED_OUT")], undefined, lake)).failed).toEqual([]);
  await run([ended("2", "TIMED_OUT")], undefined, lake);
  expect(lake.published).toEqual([
    {
      subject: "ETL Failure",
      message: {
        run: "run",
        execution: "arn:run",
        error: "TIMED_OUT",
        cause: expect.stringContaining("longer than it may"),
        input: { batch: { source: "a" } },
      },
    },
  ]);
});
