import { describe, expect, test } from "vitest";
import { executionName, MAX_KEYS, type QueueMessage } from "../../../lambda/trigger/trigger";
import { fakeLake } from "./support/fake-lake";
import { key, message, REQUEST_ID, run } from "./support/run";

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
    expect(await run([])).toEqual({ started: [], failed: [], lines: [], error: undefined });
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
    // The dead letters tell of it, not the function's errors.
    expect((await run([bad])).error).toBeUndefined();
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

  test("is an error of the function where no message of the call could be dealt with", async () => {
    const messages = ["flights", "weather"].map((source) => message(key(source, "2025-10-09")));
    const { failed, error } = await run(messages, () => true);
    expect(failed).toHaveLength(2);
    expect(error?.message).toMatch(
      /^not one of 2 messages could be dealt with, .*: could not start: Error: ThrottlingException; expected/,
    );
  });

  test.each([
    ["a source that starts", message(key("weather", "2025-10-09"), { id: "good" })],
    ["what is no data", message(key("flights", "2025-10-09", "_SUCCESS"), { id: "good" })],
  ])("beside %s is no error of the function: only its own messages come again", async (_, good) => {
    const { failed, error } = await run(
      [message(key("flights", "2025-10-09"), { id: "f1" }), good],
      ({ batch }) => batch.source === "flights",
    );
    expect([failed, error]).toEqual([["f1"], undefined]);
  });

  test("beside messages that are no events is one: none was dealt with", async () => {
    const bad = { messageId: "bad", body: "{" };
    const { failed, error } = await run([bad, message(key("flights", "2025-10-09"))], () => true);
    expect(failed).toHaveLength(2);
    expect(error?.message).toContain("not one of 2 messages");
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
