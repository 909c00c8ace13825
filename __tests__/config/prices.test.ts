import { expect, test } from "vitest";
import { inCents, WORKER_USD_PER_HOUR, workersUsdPerHour } from "../../src/config/prices";

const WORKER = { vcpu: 4, memoryGb: 16, diskGb: 20 };

test("a worker costs its vCPU and its memory", () => {
  // By hand: 4 × 0.052624 + 16 × 0.0057785.
  expect(workersUsdPerHour(WORKER, 1, "X86_64")).toBeCloseTo(0.302952, 9);
  expect(inCents(workersUsdPerHour(WORKER, 10, "X86_64"))).toBe(3.03);
});

test("ARM costs a fifth less, for each of the two", () => {
  for (const part of ["vcpu", "memoryGb"] as const)
    expect(WORKER_USD_PER_HOUR.ARM64[part]).toBeCloseTo(WORKER_USD_PER_HOUR.X86_64[part] * 0.8, 9);
});

test("the first 20 GB of each worker's disk cost nothing, the rest does, worker by worker", () => {
  const disk = (diskGb: number) => workersUsdPerHour({ ...WORKER, diskGb }, 3, "X86_64");
  expect(disk(120) - disk(20)).toBeCloseTo(3 * 100 * 0.000111, 9);
  expect(disk(10)).toBe(disk(20));
});

test("no workers cost nothing", () => {
  expect(workersUsdPerHour(WORKER, 0, "ARM64")).toBe(0);
});
