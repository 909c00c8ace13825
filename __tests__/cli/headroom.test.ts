import { expect, test } from "vitest";
import { formatHeadroom } from "../../src/cli/headroom";
import { headroomOf } from "../../src/config/headroom";
import { variablesSchema } from "../../src/config/schema";

const textOf = (values: Record<string, unknown> = {}) =>
  formatHeadroom(headroomOf({ name: "dev", variables: variablesSchema.parse(values) }));

test("an environment's headroom, as it is printed", () => {
  expect(textOf()).toBe(
    [
      "dev: emr-7.12.0, X86_64, us-east-1",
      "             asked  available  headroom",
      "---------------------------------------------",
      "vCPU             8         10         2  20 %",
      "memory, GB      32         40         8  20 %",
      "disk, GB        80        100        20  20 %",
      "USD an hour   0.61       0.76      0.15  19 %",
      "driver     2 vCPU, 8 GB, 20 GB disk",
      "executors  up to 3 of 2 vCPU, 8 GB, 20 GB disk",
      "workers    5 of 2 vCPU, 8 GB, 20 GB disk",
      "at once    1 run",
    ].join("\n"),
  );
});

test("what is kept warm, and runs that would fit beside those allowed, have their words", () => {
  const text = textOf({ enable_pre_warming: true, emr_max_workers: 50, max_concurrent_runs: 2 });
  expect(text).toContain("at once    2 runs; 12 would fit");
  expect(text).toContain("kept warm  1 driver, 2 executors: 0.45 USD an hour");
});

test("the widest environment there can be fits 80 columns", () => {
  const text = textOf({
    emr_max_workers: 10_000,
    emr_worker_cpu: 16,
    emr_worker_memory: 120,
    emr_worker_disk: 200,
    spark_driver_cores: 16,
    spark_executor_cores: 16,
    spark_executor_instances: 9_998,
    spark_max_executors: 9_999,
    enable_pre_warming: true,
    aws_region: "ap-northeast-1",
  });
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toContain("1,200,000");
});
