import { describe, expect, test } from "vitest";
import {
  type CapacityInput,
  capacityOf,
  containerMemoryGb,
  largestHeap,
  sparkMemoryMb,
  WORKER_VCPU,
  workerMemoryGb,
  workerMemorySizes,
} from "../../src/config/capacity";

/** The template's dev figures: 8 of 10 vCPU, 32 of 40 GB. */
const DEV: CapacityInput = {
  emr_max_workers: 5,
  emr_worker_cpu: 2,
  emr_worker_memory: 8,
  emr_worker_disk: 20,
  spark_driver_cores: 2,
  spark_driver_memory: "7g",
  spark_executor_cores: 2,
  spark_executor_memory: "7g",
  spark_max_executors: 3,
};

describe("sizes that EMR Serverless offers", () => {
  test("workers have 1, 2, 4, 8 or 16 vCPU", () => {
    expect(WORKER_VCPU).toEqual([1, 2, 4, 8, 16]);
  });

  test.each([
    [1, [2, 3, 4, 5, 6, 7, 8]],
    [2, [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]],
    [8, [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60]],
    [16, [32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120]],
  ])("a worker of %i vCPU has one of these GB", (vcpu, sizes) => {
    expect(workerMemorySizes(vcpu)).toEqual(sizes);
  });

  test("a worker of 4 vCPU has 8 to 30 GB by 1", () => {
    const sizes = workerMemorySizes(4);
    expect([sizes[0], sizes[1], sizes.at(-1), sizes.length]).toEqual([8, 9, 30, 23]);
  });

  test.each([0, 3, 5, 32])("there is no worker of %i vCPU", (vcpu) => {
    expect(workerMemorySizes(vcpu)).toEqual([]);
    expect(workerMemoryGb(vcpu, "1g")).toBeNaN();
  });
});

describe("Spark's size strings", () => {
  test.each([
    ["512m", 512],
    ["4g", 4096],
    ["4G", 4096],
    ["1t", 1024 * 1024],
    ["0g", 0],
  ])("%s is %i MB", (size, mb) => {
    expect(sparkMemoryMb(size)).toBe(mb);
  });

  test.each(["4", "4gb", "4 g", "g", "", "-4g", "1.5g", "4k", "4g\n"])("%j is no size", (size) => {
    expect(sparkMemoryMb(size)).toBeNaN();
  });
});

describe("a container", () => {
  test("is the heap plus 384 MB where 10 % is less", () => {
    expect(containerMemoryGb("1g")).toBe((1024 + 384) / 1024);
    expect(containerMemoryGb("3839m")).toBe((3839 + 384) / 1024);
  });

  test("is the heap plus 384 MB where 10 % is as much", () => {
    expect(containerMemoryGb("3840m")).toBe((3840 + 384) / 1024);
  });

  test("is the heap plus 10 % in whole MB where that is more", () => {
    expect(containerMemoryGb("3850m")).toBe((3850 + 385) / 1024);
    expect(containerMemoryGb("7g")).toBe((7168 + 716) / 1024);
  });

  test("runs on the smallest worker that holds it", () => {
    expect(workerMemoryGb(2, "1g")).toBe(4);
    expect(workerMemoryGb(2, "7g")).toBe(8);
    expect(workerMemoryGb(8, "15g")).toBe(20);
    expect(workerMemoryGb(16, "30g")).toBe(40);
  });

  test("that fits a size to the MB runs on it, and with one MB more on the next", () => {
    // 3712 + 384 MB are 4 GB.
    expect(workerMemoryGb(2, "3712m")).toBe(4);
    expect(workerMemoryGb(2, "3713m")).toBe(5);
  });

  test("that is larger than every worker of its cores runs nowhere", () => {
    expect(workerMemoryGb(1, "7g")).toBe(8);
    expect(workerMemoryGb(1, "8g")).toBeNaN();
  });
});

test.each([
  [4, "3g"],
  [8, "7g"],
  [16, "14g"],
  [30, "27g"],
  [120, "109g"],
  [2, "1g"],
])("the largest heap on a worker of %i GB is %s, and one GB more does not fit", (memory, heap) => {
  expect(largestHeap(memory)).toBe(heap);
  expect(containerMemoryGb(heap)).toBeLessThanOrEqual(memory);
  expect(containerMemoryGb(`${Number.parseInt(heap, 10) + 1}g`)).toBeGreaterThan(memory);
});

describe("Spark in EMR's capacity", () => {
  test("asks for the driver and all executors, in vCPU, memory and disk", () => {
    expect(capacityOf(DEV)).toEqual({
      driver: { vcpu: 2, memoryGb: 8, diskGb: 20 },
      executor: { vcpu: 2, memoryGb: 8, diskGb: 20 },
      asked: { vcpu: 8, memoryGb: 32, diskGb: 80 },
      available: { vcpu: 10, memoryGb: 40, diskGb: 100 },
      fits: true,
    });
  });

  test("fits where it asks for all there is", () => {
    const { asked, available, fits } = capacityOf({ ...DEV, spark_max_executors: 4 });
    expect(asked).toEqual(available);
    expect(fits).toBe(true);
  });

  test("does not fit with one executor more", () => {
    expect(capacityOf({ ...DEV, spark_max_executors: 5 }).fits).toBe(false);
  });

  test.each([
    ["vCPU", { emr_worker_cpu: 1 }],
    // 12 GB each, 48 of 40.
    ["memory", { spark_executor_memory: "10g", spark_driver_memory: "10g" }],
  ])("does not fit where %s alone is short", (_, change) => {
    expect(capacityOf({ ...DEV, ...change }).fits).toBe(false);
  });

  test("does not fit where disk alone is short", () => {
    // One driver and five small executors on half as many large workers.
    const { asked, available, fits } = capacityOf({
      ...DEV,
      emr_max_workers: 3,
      emr_worker_cpu: 4,
      emr_worker_memory: 16,
      spark_max_executors: 4,
    });
    expect(asked.vcpu).toBeLessThanOrEqual(available.vcpu);
    expect(asked.memoryGb).toBeLessThanOrEqual(available.memoryGb);
    expect(asked.diskGb).toBeGreaterThan(available.diskGb);
    expect(fits).toBe(false);
  });

  test("does not fit where a container runs on no worker at all", () => {
    expect(capacityOf({ ...DEV, spark_executor_memory: "200g" }).fits).toBe(false);
  });
});
