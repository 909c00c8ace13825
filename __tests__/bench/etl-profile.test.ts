/** Spark's event log and the JVM's log of its collections, read as they are written. */
import { expect, test } from "vitest";
import { heapHeld, profileOf, skewOf } from "./etl-profile";

/** The end of a task, with the keys that Spark 3.5 writes. */
function task(stage: number, seconds: number, metrics: Record<string, unknown> = {}): string {
  return JSON.stringify({
    Event: "SparkListenerTaskEnd",
    "Stage ID": stage,
    "Stage Attempt ID": 0,
    "Task Info": { "Launch Time": 5000, "Finish Time": 5000 + seconds * 1000 },
    "Task Metrics": {
      "Memory Bytes Spilled": 0,
      "Disk Bytes Spilled": 0,
      "Shuffle Write Metrics": { "Shuffle Bytes Written": 0 },
      "Input Metrics": { "Bytes Read": 0, "Records Read": 0 },
      ...metrics,
    },
  });
}

const completed = (stage: number, name: string) =>
  JSON.stringify({
    Event: "SparkListenerStageCompleted",
    "Stage Info": { "Stage ID": stage, "Stage Attempt ID": 0, "Stage Name": name },
  });

test("sums what the tasks of each stage and of all stages read, shuffled and spilled", async () => {
  const input = (bytes: number) => ({ "Input Metrics": { "Bytes Read": bytes } });
  const profile = await profileOf([
    '{"Event":"SparkListenerLogStart","Spark Version":"3.5.6"}',
    task(0, 1, input(100)),
    task(1, 2, { "Shuffle Write Metrics": { "Shuffle Bytes Written": 7 }, ...input(30) }),
    task(0, 3, input(50)),
    task(1, 1, { "Memory Bytes Spilled": 11, "Disk Bytes Spilled": 5 }),
    completed(0, "json at a.py:1"),
    completed(1, "count at b.py:2"),
    "",
  ]);
  expect(
    profile.stages.map(({ id, name, tasks, inputBytes }) => [id, name, tasks, inputBytes]),
  ).toEqual([
    [0, "json at a.py:1", 2, 150],
    [1, "count at b.py:2", 2, 30],
  ]);
  expect(profile).toMatchObject({
    ...{ tasks: 4, inputBytes: 180, shuffleBytes: 7 },
    ...{ spilledMemoryBytes: 11, spilledDiskBytes: 5 },
  });
});

test("the largest stage is the one whose tasks took longest together; its skew is of its tasks", async () => {
  const profile = await profileOf([
    ...[1, 1, 1, 1, 6].map((seconds) => task(3, seconds)),
    task(4, 9),
  ]);
  expect(profile.largest?.id).toBe(3);
  expect(profile.largest && skewOf(profile.largest)).toBe(6);
});

test("attempts of a stage are apart, and a task that was lost has no metrics", async () => {
  const lost = JSON.parse(task(2, 4));
  delete lost["Task Metrics"];
  const again = { ...JSON.parse(task(2, 2)), "Stage Attempt ID": 1 };
  const profile = await profileOf([lost, again].map((event) => JSON.stringify(event)));
  expect(profile.stages.map(({ tasks, seconds }) => [tasks, seconds])).toEqual([
    [1, 4],
    [1, 2],
  ]);
});

test("a run without tasks has no largest stage, and tasks of no time are even", async () => {
  expect((await profileOf([])).largest).toBeUndefined();
  const { largest } = await profileOf([task(0, 0)]);
  expect(largest && skewOf(largest)).toBe(1);
});

test.each(['{"Event":"SparkListenerTas', "null", "[1"])(
  "a line that is no object is named: %s",
  async (line) => {
    const reading = profileOf(['{"Event":"SparkListenerLogStart"}', line]);
    await expect(reading).rejects.toThrow(
      `event log, line 2: expected a JSON object, found ${JSON.stringify(line)}`,
    );
  },
);

test("what stood in the heap is taken after collections, in any unit", () => {
  const log = [
    "[0.005s][info][gc] Using G1",
    "[1.2s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 900M->120M(1024M) 5.1ms",
    "[1.9s][info][gc] GC(1) Concurrent Mark Cycle 2.3ms",
    "[2.2s][info][gc] GC(2) Pause Remark 800M->300M(1024M) 1.0ms",
    "[9.2s][info][gc] GC(3) Pause Full (System.gc()) 4G->200000K(7G) 80.0ms",
  ].join("\n");
  expect(heapHeld(log)).toBe(300 * 1024 ** 2);
  expect(heapHeld("[0.005s][info][gc] Using G1")).toBe(0);
  expect(heapHeld("[1s][info][gc] GC(0) Pause Young (Normal) 5G->2G(7G) 1ms")).toBe(2 * 1024 ** 3);
});
