import { expect, test } from "vitest";
import { headroomOf } from "../../src/config/headroom";
import { variablesSchema } from "../../src/config/schema";

const roomOf = (values: Record<string, unknown> = {}) =>
  headroomOf({ name: "test", variables: variablesSchema.parse(values) });

test("asked, available and headroom add up, in USD too", () => {
  const { asked, available, headroom } = roomOf();
  expect(asked).toEqual({ vcpu: 8, memoryGb: 32, diskGb: 80, usdPerHour: 0.61 });
  expect(available).toEqual({ vcpu: 10, memoryGb: 40, diskGb: 100, usdPerHour: 0.76 });
  expect(headroom).toEqual({ vcpu: 2, memoryGb: 8, diskGb: 20, usdPerHour: 0.15 });
});

test("USD of the columns add up where each is rounded", () => {
  for (let workers = 5; workers < 60; workers += 1) {
    const { asked, available, headroom } = roomOf({ emr_max_workers: workers });
    expect((asked.usdPerHour + headroom.usdPerHour).toFixed(2)).toBe(
      available.usdPerHour.toFixed(2),
    );
  }
});

test("ARM and disk beyond 20 GB change the price and nothing else", () => {
  const plain = roomOf();
  const arm = roomOf({ emr_architecture: "ARM64" });
  expect(arm.available.usdPerHour).toBe(0.61);
  expect(arm.available.vcpu).toBe(plain.available.vcpu);
  expect(roomOf({ emr_worker_disk: 200 }).available.usdPerHour).toBe(0.86);
});

test("runs at once are the pipeline's, beside what would fit", () => {
  expect(roomOf({ emr_max_workers: 50, max_concurrent_runs: 2 })).toMatchObject({
    runsAtOnce: 2,
    runsThatFit: 12,
  });
});

test("workers that are kept warm are priced; without them nothing is said", () => {
  expect(roomOf({ enable_pre_warming: true }).preWarmed).toEqual({
    executors: 2,
    usdPerHour: 0.45,
  });
  expect(roomOf()).not.toHaveProperty("preWarmed");
});
