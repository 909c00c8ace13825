/** What AWS charges, with the date and the source; nothing else in the project holds a price. */
import type { Resources } from "./capacity";

/** Day on which the prices were looked up, the region that they hold for, and where they stand. */
export const PRICES_OF = {
  asOf: "2026-11-23",
  region: "us-east-1",
  source: "https://aws.amazon.com/emr/pricing/",
} as const;

/** Processor of the workers. */
export type Architecture = "X86_64" | "ARM64";

/** USD for an hour of one vCPU and of one GB of memory of an EMR Serverless worker. */
export const WORKER_USD_PER_HOUR: Readonly<
  Record<Architecture, { readonly vcpu: number; readonly memoryGb: number }>
> = {
  X86_64: { vcpu: 0.052624, memoryGb: 0.0057785 },
  // 20 % less.
  ARM64: { vcpu: 0.0420992, memoryGb: 0.0046228 },
};

/** USD for an hour of one GB of disk, beyond what each worker has for nothing. */
export const DISK_USD_PER_GB_HOUR = 0.000111;
/** GB of disk of each worker that cost nothing. */
export const FREE_DISK_GB = 20;

const CENTS = 100;

/** USD for an hour of `count` such workers; billed by the second while they run. */
export function workersUsdPerHour(
  worker: Resources,
  count: number,
  architecture: Architecture,
): number {
  const price = WORKER_USD_PER_HOUR[architecture];
  const one =
    worker.vcpu * price.vcpu +
    worker.memoryGb * price.memoryGb +
    Math.max(0, worker.diskGb - FREE_DISK_GB) * DISK_USD_PER_GB_HOUR;
  return count * one;
}

/** An amount in whole cents. */
export function inCents(usd: number): number {
  return Math.round(usd * CENTS) / CENTS;
}

/** USD for an hour of one vCPU, one GB of memory, and one GB of disk beyond the free one. */
export interface RunPrices {
  readonly vcpuHour: number;
  readonly memoryGbHour: number;
  readonly storageGbHour: number;
}

/** What a job's billed hours cost. */
export function runPrices(architecture: Architecture): RunPrices {
  const { vcpu, memoryGb } = WORKER_USD_PER_HOUR[architecture];
  return { vcpuHour: vcpu, memoryGbHour: memoryGb, storageGbHour: DISK_USD_PER_GB_HOUR };
}
