import { describe, expect, test } from "vitest";
import { brokenRules } from "../../src/config/rules";
import { type Variables, variablesSchema } from "../../src/config/schema";

/** The template's dev figures, and what the test changes. */
function input(change: Record<string, unknown> = {}): Variables {
  return variablesSchema.parse({ project: "lake", ...change });
}

function faults(change: Record<string, unknown> = {}, environment = "dev") {
  return brokenRules({ given: input(change), environment }).map(({ variable, message }) => ({
    variable,
    message,
  }));
}

const broken = (change: Record<string, unknown>) => faults(change).map(({ variable }) => variable);

test("the defaults break no rule", () => {
  expect(faults()).toEqual([]);
});

describe("worker pairs", () => {
  test.each([
    [1, 2],
    [1, 8],
    [2, 4],
    [2, 16],
    [4, 8],
    [4, 30],
    [8, 16],
    [8, 20],
    [8, 60],
    [16, 32],
    [16, 120],
  ])("%i vCPU with %i GB is offered", (emr_worker_cpu, emr_worker_memory) => {
    const cores = { spark_driver_cores: 1, spark_executor_cores: 1 };
    expect(broken({ emr_worker_cpu, emr_worker_memory, ...cores })).not.toContain(
      "emr_worker_memory",
    );
  });

  test.each([
    [1, 9, 8],
    [2, 3, 4],
    [2, 17, 16],
    [4, 7, 8],
    [4, 31, 30],
    [8, 15, 16],
    [8, 17, 16],
    [8, 61, 60],
    [16, 31, 32],
    [16, 44, 40],
  ])(
    "%i vCPU with %i GB is not offered, %i GB is the nearest that is",
    (emr_worker_cpu, emr_worker_memory, nearest) => {
      const [fault] = faults({ emr_worker_cpu, emr_worker_memory });
      expect(fault?.variable).toBe("emr_worker_memory");
      expect(fault?.message).toContain(
        `got ${emr_worker_memory}. Set emr_worker_memory = ${nearest}`,
      );
    },
  );
});

describe("one container on one worker", () => {
  test.each(["driver", "executor"])("the %s's cores are at most a worker's", (kind) => {
    const [fault] = faults({ [`spark_${kind}_cores`]: 4, emr_max_workers: 50 });
    expect(fault).toEqual({
      variable: `spark_${kind}_cores`,
      message: `one ${kind} runs on one worker: 4 cores do not fit a worker of emr_worker_cpu = 2. Set spark_${kind}_cores = 2 or emr_worker_cpu = 4`,
    });
  });

  test("a worker of more cores comes with the memory that it needs", () => {
    const [fault] = faults({ spark_driver_cores: 8, emr_max_workers: 50 });
    expect(fault?.message).toContain("or emr_worker_cpu = 8 with emr_worker_memory = 16");
  });

  test.each(["driver", "executor"])(
    "the %s's heap with its overhead is at most a worker's memory",
    (kind) => {
      expect(broken({ [`spark_${kind}_memory`]: "7447m", emr_max_workers: 50 })).toEqual([]);
      // 7448 + 744 MB are 8 GB to the MB.
      expect(broken({ [`spark_${kind}_memory`]: "7448m", emr_max_workers: 50 })).toEqual([]);
      expect(faults({ [`spark_${kind}_memory`]: "7449m", emr_max_workers: 50 })).toEqual([
        {
          variable: `spark_${kind}_memory`,
          message: `one ${kind} runs on one worker: a heap of 7449m with its overhead is 8.001 GB and does not fit emr_worker_memory = 8. Set spark_${kind}_memory = "7g" or emr_worker_memory = 9`,
        },
      ]);
    },
  );

  test("a heap that no worker of its cores holds is said so, also on larger workers", () => {
    const change = { emr_worker_cpu: 4, emr_worker_memory: 30, emr_max_workers: 50 };
    const [fault] = faults({ ...change, spark_executor_memory: "15g" });
    expect(fault?.message).toBe(
      'EMR Serverless gives 2 vCPU at most 16 GB: a heap of 15g with its overhead is 16.5 GB. Set spark_executor_memory = "14g" or spark_executor_cores = 4',
    );
  });
});

describe("Spark in EMR's capacity", () => {
  test("the driver and all executors may use every worker", () => {
    expect(faults({ spark_max_executors: 4 })).toEqual([]);
  });

  test("one executor more is a fault that names what is short, with both totals", () => {
    const [fault, ...others] = faults({ spark_max_executors: 5 });
    expect(others).toEqual([]);
    expect(fault).toEqual({
      variable: "spark_max_executors",
      message:
        "Spark asks for 12 vCPU (driver 2 + 5 executors × 2) where EMR allows 10 (5 workers × 2), " +
        "48 GB of memory (driver 8 + 5 executors × 8) where EMR allows 40 (5 workers × 8), " +
        "120 GB of disk (driver 20 + 5 executors × 20) where EMR allows 100 (5 workers × 20): " +
        "the job would hang in SCHEDULED. Set spark_max_executors = 4 or emr_max_workers = 6",
    });
  });

  test("only what is short is named", () => {
    const [fault] = faults({
      emr_max_workers: 3,
      emr_worker_cpu: 4,
      emr_worker_memory: 16,
      spark_driver_memory: "2g",
      spark_executor_memory: "2g",
      spark_max_executors: 4,
    });
    expect(fault?.message).toMatch(/^Spark asks for 100 GB of disk .* allows 60/);
    expect(fault?.message).not.toMatch(/vCPU|memory/);
  });

  test("fewer executors than a job starts with come with fewer to start with", () => {
    const [fault] = faults({ emr_max_workers: 3, spark_max_executors: 5 });
    expect(fault?.message).toContain(
      "Set spark_max_executors = 2 with spark_executor_instances = 1 or emr_max_workers = 6",
    );
  });

  test("where not one executor fits, fewer executors alone are no remedy", () => {
    const [fault] = faults({ emr_max_workers: 1, spark_max_executors: 3 });
    expect(fault?.message).toMatch(
      /SCHEDULED\. Set emr_max_workers = 4 or emr_max_workers = 2 with spark_max_executors = 1 and spark_executor_instances = 0$/,
    );
  });

  test("what else is wrong with Spark is part of that fault, and of each way out", () => {
    const all = faults({
      spark_executor_cores: 4,
      spark_max_executors: 10,
      spark_executor_instances: 12,
      spark_min_executors: 13,
    });
    expect(all).toHaveLength(1);
    expect(all[0]?.message).toMatch(
      /SCHEDULED; besides, one executor runs .*; besides, dynamic allocation .*; besides, a run starts .*\. Set spark_max_executors = 4 with spark_executor_cores = 2 and spark_executor_instances = 3 and spark_min_executors = 3 or emr_max_workers = 14 with emr_worker_cpu = 4 and spark_max_executors = 13 and spark_min_executors = 12$/,
    );
  });
});

describe("executors", () => {
  test("the most are at least one more than those a job starts with", () => {
    expect(faults({ spark_max_executors: 3, spark_executor_instances: 2 })).toEqual([]);
    expect(faults({ spark_max_executors: 3, spark_executor_instances: 3 })).toEqual([
      {
        variable: "spark_max_executors",
        message:
          "dynamic allocation needs room to grow: spark_max_executors (3) must be at least spark_executor_instances + 1 (4). Set spark_max_executors = 4 or spark_executor_instances = 2",
      },
    ]);
  });
});

describe("the landing bucket's days", () => {
  test("ascend", () => {
    const days = (first: number, second: number) =>
      broken({ raw_intelligent_tiering_days: first, raw_glacier_days: second });
    expect(days(364, 365)).toEqual([]);
    expect(days(365, 365)).toEqual(["raw_glacier_days"]);
    expect(days(366, 365)).toEqual(["raw_glacier_days"]);
  });
});

describe("names", () => {
  // "-raw-object-created-dev" are 23 characters, so 41 are left of an EventBridge rule's 64.
  test("a project fits whose every name has a length that AWS takes", () => {
    expect(broken({ project: "p".repeat(41) })).toEqual([]);
  });

  test("one character more does not", () => {
    const [fault, ...others] = faults({ project: "p".repeat(42) });
    expect(others).toEqual([]);
    expect(fault?.variable).toBe("project");
    expect(fault?.message).toMatch(
      /^the rule name .* has 65 characters, AWS allows 64\. Shorten project by 1$/,
    );
  });

  // "-athena-results-dev-abc" are 23 characters, so 40 are left of a bucket's 63.
  test("a bucket suffix counts, and may be what to shorten", () => {
    expect(broken({ project: "p".repeat(40), bucket_suffix: "abc" })).toEqual([]);
    const [fault] = faults({ project: "p".repeat(40), bucket_suffix: "abcd" });
    expect(fault?.message).toMatch(/Shorten project or bucket_suffix by 1$/);
  });
});

test("every broken rule is told, not the first alone", () => {
  const all = faults({
    emr_worker_memory: 3,
    spark_max_executors: 2,
    raw_glacier_days: 1,
    project: "p".repeat(60),
  });
  expect(new Set(all.map(({ variable }) => variable))).toEqual(
    new Set(["emr_worker_memory", "spark_max_executors", "raw_glacier_days", "project"]),
  );
});
