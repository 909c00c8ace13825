import { describe, expect, test } from "vitest";
import type { QueueMessage } from "../../../lambda/trigger/trigger";
import { fakeLake } from "./support/fake-lake";
import { key, LATER, message, run } from "./support/run";

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

  test("gets another one when that one has ended without a word", async () => {
    const lake = fakeLake();
    lake.register("flights", "etl-other");
    lake.states.set("etl-other", "ENDED");
    const { started, failed } = await run([day("2025-10-09")], undefined, lake);
    expect(failed).toEqual([]);
    expect(started.map(({ name }) => name)).toEqual([lake.waiter("flights")]);
    expect(lake.waiter("flights")).not.toBe("etl-other");
    expect(lake.days("flights")).toEqual(["2025-10-09"]);
  });

  test("has it started under its name where it never came, since its trigger died", async () => {
    const lake = fakeLake();
    lake.register("flights", "etl-other");
    const { started, failed } = await run([day("2025-10-09")], undefined, lake);
    expect(failed).toEqual([]);
    expect(started.map(({ name }) => name)).toEqual(["etl-other"]);
    expect(lake.waiter("flights")).toBe("etl-other");
    expect(lake.days("flights")).toEqual(["2025-10-09"]);
  });

  test("gets none when another trigger has replaced the ended one meanwhile", async () => {
    const lake = fakeLake();
    lake.register("flights", "etl-ended");
    lake.states.set("etl-new", "RUNNING");
    const stateOf = async (execution: string) => {
      if (execution !== "etl-ended") return lake.states.get(execution) ?? "UNKNOWN";
      lake.register("flights", "etl-new");
      return "ENDED";
    };
    const racing = { ...lake, deps: { ...lake.deps, stateOf } };
    const { started } = await run([day("2025-10-09")], undefined, racing);
    expect(started).toEqual([]);
    expect(lake.waiter("flights")).toBe("etl-new");
  });

  test("is started by the next event when the start failed", async () => {
    const lake = fakeLake();
    const refused = await run([day("2025-10-09")], () => true, lake);
    expect(refused.failed).toHaveLength(1);
    const registered = lake.waiter("flights");
    const { started } = await run([day("2025-10-10")], undefined, lake, LATER);
    expect(started.map(({ name }) => name)).toEqual([registered]);
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

const ended = (id: string, status: string, error?: string): QueueMessage => ({
  messageId: id,
  body: JSON.stringify({
    "detail-type": "Step Functions Execution Status Change",
    source: "aws.states",
    detail: {
      ...{ executionArn: "arn:run", name: "run", status, error },
      input: '{"batch":{"source":"a"}}',
    },
  }),
});

test.each([
  ["StartEMRJobFailed", 0],
  ["Untold", 1],
  ["States.Runtime", 1],
])("a run that ended in %s is told of %i times", async (error, times) => {
  const lake = fakeLake();
  expect((await run([ended("1", "FAILED", error)], undefined, lake)).failed).toEqual([]);
  expect(lake.published).toHaveLength(times);
});

test.each([
  ["StartEMRJobFailed", 0],
  ["States.Runtime", 1],
])(
  "a run whose event does not say how it ended is asked: %s is told of %i times",
  async (error, times) => {
    const lake = fakeLake();
    lake.outcomes.set("arn:run", { error, cause: "c" });
    expect((await run([ended("1", "FAILED")], undefined, lake)).failed).toEqual([]);
    expect(lake.published.map(({ message }) => message)).toEqual(
      Array.from({ length: times }, () => expect.objectContaining({ error, cause: "c" })),
    );
  },
);

test("a run that timed out or was stopped is told of, once", async () => {
  const lake = fakeLake();
  expect((await run([ended("1", "TIMED_OUT")], undefined, lake)).failed).toEqual([]);
  await run([ended("2", "TIMED_OUT")], undefined, lake);
  expect(lake.published).toEqual([
    {
      subject: "ETL Failure",
      message: {
        run: "run",
        execution: "arn:run",
        error: "TIMED_OUT",
        cause: "the run took longer than it may",
        remedy: expect.stringContaining("npx lake redrive"),
        input: { batch: { source: "a" } },
      },
    },
  ]);
});
