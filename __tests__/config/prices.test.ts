import { expect, test } from "vitest";
import {
  inCents,
  PAGES,
  PRICES,
  runCostUsd,
  runPrices,
  workersUsdPerHour,
} from "../../src/config/prices";

const WORKER = { vcpu: 4, memoryGb: 16, diskGb: 20 };

test("a worker costs its vCPU and its memory", () => {
  // By hand: 4 × 0.052624 + 16 × 0.0057785.
  expect(workersUsdPerHour(WORKER, 1, "X86_64")).toBeCloseTo(0.302952, 9);
  expect(inCents(workersUsdPerHour(WORKER, 10, "X86_64"))).toBe(3.03);
});

test("ARM costs a fifth less, for each of the two; disk costs the same", () => {
  const [x86, arm] = [runPrices("X86_64"), runPrices("ARM64")];
  for (const part of ["vcpuHour", "memoryGbHour"] as const)
    expect(arm[part]).toBeCloseTo(x86[part] * 0.8, 9);
  expect(arm.storageGbHour).toBe(x86.storageGbHour);
});

test("the first 20 GB of each worker's disk cost nothing, the rest does, worker by worker", () => {
  const disk = (diskGb: number) => workersUsdPerHour({ ...WORKER, diskGb }, 3, "X86_64");
  expect(disk(120) - disk(20)).toBeCloseTo(3 * 100 * 0.000111, 9);
  expect(disk(10)).toBe(disk(20));
});

test("no workers cost nothing", () => {
  expect(workersUsdPerHour(WORKER, 0, "ARM64")).toBe(0);
});

test("a run costs what was billed of it, disk as billed: EMR has taken the free part off", () => {
  // By hand: 0.5 × 0.052624 + 2 × 0.0057785 + 10 × 0.000111.
  const billed = { vCPUHour: 0.5, memoryGBHour: 2, storageGBHour: 10 };
  expect(runCostUsd(billed, "X86_64")).toBeCloseTo(0.038979, 9);
  expect(runCostUsd({}, "X86_64")).toBe(0);
});

test("every price is above zero and names a page of AWS's own", () => {
  for (const [name, { usd, unit, page }] of Object.entries(PRICES)) {
    expect(usd, name).toBeGreaterThan(0);
    expect(unit, name).not.toBe("");
    expect(PAGES[page].aws, name).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/$/);
    for (const one of PAGES[page].read) expect(one, name).toMatch(/^https:\/\//);
  }
});
