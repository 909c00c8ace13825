import { describe, expect, test } from "vitest";
import { dayAdvice, dayOf } from "../../../src/config/costs/day";
import { variablesSchema } from "../../../src/config/schema";
import { environments } from "../../support/lake";

const day = (workload: Record<string, number>, more: Record<string, unknown> = {}) =>
  dayOf(variablesSchema.parse({ ...more, workload }));

/** Two sources with an equal share of the runs. */
const TWO = { sources: { a: { format: "json" }, b: { format: "csv" } } };

describe("what runs read", () => {
  test.each([
    // The only run reads all of it, however seldom it comes.
    [1, 1],
    [0.5, 1],
    // The first of four reads a quarter, the last all: 1/4 + 2/4 + 3/4 + 4/4.
    [4, 2.5],
    [24, 12.5],
  ])("%d runs a day read the day %d times", (runs, times) => {
    expect(day({ runs_per_day: runs }).rereads).toBe(times);
    expect(day({ runs_per_day: runs, gb_per_day: 8 }).gbPerRun).toBeCloseTo((8 * times) / runs, 9);
  });

  test("runs of two sources read their own source's day alone", () => {
    expect(day({ runs_per_day: 8 }, TWO).rereads).toBe(day({ runs_per_day: 4 }).rereads);
  });

  test("no run reads nothing", () => {
    expect(day({ runs_per_day: 0 })).toMatchObject({ runs: 0, gbPerRun: 0 });
  });
});

describe("the executors of a run", () => {
  const executors = (gb: number, more = {}) =>
    day({ runs_per_day: 1, gb_per_day: gb }, { emr_max_workers: 50, ...more }).executors;

  test("are those that it starts with, while there is little to do", () => {
    expect(executors(0.001)).toBe(2);
    expect(executors(0.001, { spark_executor_instances: 0 })).toBe(1);
  });

  test("are one for as many tasks of 128 MB as it has cores, up to the most", () => {
    const wide = { spark_max_executors: 20 };
    // 1.28 GB are ten tasks, for executors of two cores.
    expect(executors(1.28, wide)).toBe(5);
    expect(executors(1.29, wide)).toBe(6);
    expect(executors(100, wide)).toBe(20);
  });
});

describe("the minutes of a run", () => {
  test("are one to start, and the work over the cores", () => {
    const work = { runs_per_day: 1, gb_per_day: 3, vcpu_hours_per_gb: 2 };
    // 6 vCPU-hours on three executors of two vCPU.
    expect(day(work).minutesPerRun).toBeCloseTo(1 + 60, 9);
  });

  test("are by default those of the template's benchmark: 500 MB on six vCPU in 5 to 8", () => {
    // Three executors, as in the template's dev.
    const { minutesPerRun, executors } = day(
      { runs_per_day: 1, gb_per_day: 0.5 },
      { emr_max_workers: 6, spark_max_executors: 4, spark_executor_instances: 3 },
    );
    expect(executors).toBe(3);
    expect(minutesPerRun - 1).toBeGreaterThan(5);
    expect(minutesPerRun - 1).toBeLessThan(8);
  });

  test("are the one that is billed at least where there is nothing to read", () => {
    expect(day({ gb_per_day: 0 }).minutesPerRun).toBe(1);
  });
});

describe("a day that does not hold", () => {
  const advice = (workload: Record<string, number>, more = {}) =>
    dayAdvice(variablesSchema.parse({ ...more, workload }));

  test("is one whose runs are cancelled, or take longer than the day", () => {
    // 12 vCPU-hours on six cores.
    const long = { gb_per_day: 6, runs_per_day: 1, vcpu_hours_per_gb: 2 };
    expect(advice(long)).toEqual([
      "a run reads 6 GB on 3 executors in 121 min, and is cancelled after job_timeout_minutes = 120. Raise spark_max_executors, or lower workload.runs_per_day",
    ]);
    expect(advice(long, { job_timeout_minutes: 121 })).toEqual([]);
    const many = { ...long, runs_per_day: 24 };
    expect(advice(many)[0]).toContain("24 of them, 1 at once, take 25.4 hours of each day");
  });

  test("is none where runs are few and short, or there are none", async () => {
    for (const one of Object.values(await environments()))
      expect(dayAdvice(one.variables)).toEqual([]);
    expect(advice({ gb_per_day: 1e6, runs_per_day: 0 })).toEqual([]);
  });
});
