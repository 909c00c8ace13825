/** EMR Serverless: what jobs use, and what is kept warm between them. */
import { type BilledResources, billedHours } from "../prices";
import type { Variables } from "../schema";
import type { Day } from "./day";
import { amount, type Line, line, MONTH_DAYS } from "./line";

const MINUTES_OF_DAY = 24 * 60;

export function jobLines(variables: Variables, day: Day): Line[] {
  return [...usedByJobs(variables, day), ...keptWarm(variables, day)];
}

function usedByJobs(variables: Variables, day: Day): Line[] {
  const { driver, executor, executors, minutesPerRun } = day;
  const hours = (day.runs * MONTH_DAYS * minutesPerRun) / 60;
  const used = sum(billedHours(driver, 1, hours), billedHours(executor, executors, hours));
  const basis = `${amount(day.runs * MONTH_DAYS)} runs × ${amount(minutesPerRun)} min × (driver + ${executors} executors): a run reads ${amount(day.gbPerRun)} GB, at ${variables.workload.vcpu_hours_per_gb} vCPU-hours a GB, and a minute to start`;
  return resourceLines("emr.jobs", "jobs", variables, used, basis);
}

/**
 * Pre-warmed workers are billed while the application is started and they are idle: until the
 * timeout after a run, or the next run. https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/pre-init-capacity.html
 */
function keptWarm(variables: Variables, day: Day): Line[] {
  const { runs, minutesPerRun } = day;
  const pause = runs === 0 ? 0 : Math.max(0, MINUTES_OF_DAY / runs - minutesPerRun);
  const idle = Math.min(variables.emr_idle_timeout_minutes, pause);
  const hours = variables.enable_pre_warming ? (runs * MONTH_DAYS * idle) / 60 : 0;
  const executors = variables.spark_executor_instances;
  const warm = sum(billedHours(day.driver, 1, hours), billedHours(day.executor, executors, hours));
  const basis = !variables.enable_pre_warming
    ? "enable_pre_warming = false: nothing is"
    : `${amount(hours)} h idle: ${amount(idle)} min after each run × (driver + ${executors} executors)`;
  return resourceLines("emr.idle", "kept warm", variables, warm, basis);
}

function resourceLines(
  key: string,
  what: string,
  variables: Variables,
  used: Required<BilledResources>,
  basis: string,
): Line[] {
  const isArm = variables.emr_architecture === "ARM64";
  const [vcpu, memory] = isArm
    ? (["emrVcpuArm", "emrMemoryArm"] as const)
    : (["emrVcpu", "emrMemory"] as const);
  return [
    line(`${key}.vcpu`, vcpu, `${what}: vCPU`, used.vCPUHour ?? 0, basis),
    line(`${key}.memory`, memory, `${what}: memory`, used.memoryGBHour ?? 0, basis),
    line(`${key}.disk`, "emrDisk", `${what}: disk above 20 GB`, used.storageGBHour ?? 0, basis),
  ];
}

function sum(one: Required<BilledResources>, other: Required<BilledResources>) {
  return {
    vCPUHour: (one.vCPUHour ?? 0) + (other.vCPUHour ?? 0),
    memoryGBHour: (one.memoryGBHour ?? 0) + (other.memoryGBHour ?? 0),
    storageGBHour: (one.storageGBHour ?? 0) + (other.storageGBHour ?? 0),
  };
}
