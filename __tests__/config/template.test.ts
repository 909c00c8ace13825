/** What the template says of configuration, by its own text. */
import { describe, expect, test } from "vitest";
import { capacityOf } from "../../src/config/capacity";
import { readEnvironment } from "../../src/config/environment";
import type { EnvironmentError } from "../../src/config/faults";
import { folderWith } from "../support/folder";

const DEV = `# terraform.tfvars.dev
emr_max_workers          = 5
emr_worker_cpu           = 2
emr_worker_memory        = 8
spark_driver_cores       = 2
spark_executor_cores     = 2
spark_max_executors      = 3
enable_vpc               = false  # Save ~$70/month
enable_pre_warming       = false
# Cost: ~$15-30/month
`;

const PROD = `# terraform.tfvars.prod
emr_max_workers          = 100
emr_worker_cpu           = 4
emr_worker_memory        = 16
spark_driver_cores       = 4
spark_executor_cores     = 4
spark_max_executors      = 20
enable_vpc               = true
enable_pre_warming       = true
# Cost: ~$350-450/month
`;

const read = (text: string) => readEnvironment(folderWith({ "it.tfvars": text }), "it");

describe("the template's example files paste in unchanged", () => {
  test("dev", async () => {
    const { variables } = await read(DEV);
    expect(variables).toMatchObject({
      emr_max_workers: 5,
      emr_worker_cpu: 2,
      emr_worker_memory: 8,
      spark_driver_cores: 2,
      spark_executor_cores: 2,
      spark_max_executors: 3,
      enable_vpc: false,
      enable_pre_warming: false,
    });
    expect(capacityOf(variables).asked.vcpu).toBe(8);
  });

  test("prod", async () => {
    const { variables } = await read(PROD);
    expect(variables).toMatchObject({
      emr_max_workers: 100,
      emr_worker_cpu: 4,
      emr_worker_memory: 16,
      spark_driver_cores: 4,
      spark_executor_cores: 4,
      spark_max_executors: 20,
      enable_vpc: true,
      enable_pre_warming: true,
    });
    expect(capacityOf(variables).available.vcpu).toBe(400);
  });
});

describe("the template's failing example, 2 driver + 10 executors × 4 cores on 5 × 2", () => {
  const FAILING = {
    emr_max_workers: 5,
    emr_worker_cpu: 2,
    emr_worker_memory: 8,
    spark_driver_cores: 2,
    spark_executor_cores: 4,
    spark_max_executors: 10,
  };
  const text = (values: Record<string, unknown>) =>
    Object.entries(values)
      .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
      .join("");

  test("is rejected with both totals and two ways out", async () => {
    await expect(read(text(FAILING))).rejects.toThrow(
      /42 vCPU \(driver 2 \+ 10 executors × 4\) where EMR allows 10 \(5 workers × 2\).* Set spark_max_executors = 4 with spark_executor_cores = 2 or emr_max_workers = 11 with emr_worker_cpu = 4$/m,
    );
  });

  test("is rejected for executors larger than a worker too, in the same fault", async () => {
    const error = await read(text(FAILING)).catch((e: unknown) => e);
    expect((error as EnvironmentError).faults).toHaveLength(1);
    expect((error as EnvironmentError).message).toContain(
      "one executor runs on one worker: 4 cores do not fit a worker of emr_worker_cpu = 2",
    );
  });

  test.each([
    { spark_max_executors: 4, spark_executor_cores: 2 },
    { emr_max_workers: 11, emr_worker_cpu: 4 },
    // The template's own: 2 driver + 3 executors × 2 cores.
    { spark_max_executors: 3, spark_executor_cores: 2 },
  ])("is sound with %o", async (change) => {
    const { variables } = await read(text({ ...FAILING, ...change }));
    expect(capacityOf(variables).fits).toBe(true);
  });
});

test("initialExecutors above maxExecutors, the template's allocation conflict, is rejected", async () => {
  await expect(read("spark_executor_instances = 3\n")).rejects.toThrow(
    "spark_max_executors (3) must be at least spark_executor_instances + 1 (4)",
  );
});
