import { describe, expect, test } from "vitest";
import { METRICS } from "../../lambda/metrics/contract";
import { costOf, type Estimate, monthlyEstimate, movesBetween } from "../../src/config/cost";
import { JOB_METRICS } from "../../src/config/costs/monitoring";
import { inCents, PRICES_OF } from "../../src/config/prices";
import { variablesSchema } from "../../src/config/schema";
import { environments, lakeWith } from "../support/lake";

const counted = (of: object) => Object.keys(of).length;

const estimate = (values: Record<string, unknown> = {}) =>
  costOf({ name: "test", variables: variablesSchema.parse(values) });
const usd = (of: Estimate, prefix: string) =>
  of.lines.filter(({ key }) => key.startsWith(prefix)).reduce((sum, one) => sum + one.usd, 0);
const NOTHING = {
  gb_per_day: 0,
  files_per_day: 0,
  runs_per_day: 0,
  queries_per_day: 0,
  gb_per_query: 0,
};

describe("the template's figures", () => {
  test.each([
    ["dev", 15, 30],
    ["prod", 350, 450],
  ])(
    "%s costs %d to %d USD a month, with the workload that its file states",
    async (name, least, most) => {
      const { [name]: one } = await environments();
      if (one === undefined) throw new Error(`no environment ${name}`);
      const { totalUsd } = costOf(one);
      expect(totalUsd).toBeGreaterThan(least);
      expect(totalUsd).toBeLessThan(most);
    },
  );

  test("every environment stays within its budget, in the twelfth month too", async () => {
    for (const one of Object.values(await environments())) {
      const { twelfthMonthUsd, budgetUsd } = costOf(one);
      expect(twelfthMonthUsd, one.name).toBeLessThan(budgetUsd);
    }
  });
});

describe("the lines", () => {
  test("have a key each, the same in every environment, and a basis in words", async () => {
    const keys = estimate().lines.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const one of Object.values(await environments()))
      expect(costOf(one).lines.map(({ key }) => key)).toEqual(keys);
    for (const { key, basis, item } of estimate().lines) {
      expect(basis, key).toMatch(/\S/);
      // What fits a table of 80 columns.
      expect(item.length, key).toBeLessThanOrEqual(28);
    }
  });

  test("are quantity times price, never below zero, and add up", () => {
    const { lines, totalUsd } = estimate({ enable_vpc: true, enable_pre_warming: true });
    for (const { key, quantity, usdPerUnit, usd: is } of lines) {
      expect(is, key).toBeCloseTo(quantity * usdPerUnit, 12);
      expect(quantity, key).toBeGreaterThanOrEqual(0);
    }
    expect(totalUsd).toBeCloseTo(
      lines.reduce((sum, one) => sum + one.usd, 0),
      9,
    );
  });

  test("say whose prices they have", () => {
    const { region, prices } = estimate({ aws_region: "eu-west-1" });
    expect({ region, prices }).toEqual({ region: "eu-west-1", prices: PRICES_OF });
  });
});

describe("what is billed for being there is as much as the stack makes:", () => {
  const quantity = (of: Estimate, key: string) =>
    of.lines.find((one) => one.key === key)?.quantity ?? Number.NaN;
  const NETWORKS = [
    {},
    { enable_vpc: true },
    { enable_vpc: true, enable_nat_gateway: true },
    { enable_vpc: true, enable_nat_gateway: true, single_nat_gateway: true },
  ].map((values) => lakeWith(values));

  test.each([
    ["cloudwatch.alarms", "aws_cloudwatch_metric_alarm", 1],
    ["cloudwatch.dashboard", "aws_cloudwatch_dashboard", 1],
    ["kms.key", "aws_kms_key", 1],
    ["vpc.nat", "aws_nat_gateway", 730],
    ["vpc.nat.addresses", "aws_eip", 730],
  ])("%s", async (key, type, hours) => {
    for (const one of [...Object.values(await environments()), ...NETWORKS])
      expect(quantity(costOf(one), key), one.name).toBe(hours * counted(one.lake.all(type)));
  });

  test("vpc.endpoints, in each subnet", () => {
    for (const one of NETWORKS) {
      const interfaces = Object.values(one.lake.all("aws_vpc_endpoint")).filter(
        ({ vpc_endpoint_type }) => vpc_endpoint_type === "Interface",
      );
      const subnets = interfaces.flatMap(({ subnet_ids }) => subnet_ids);
      expect(quantity(costOf(one), "vpc.endpoints")).toBe(730 * subnets.length);
    }
  });

  test("metrics of a source: those that a job publishes, and one while it runs", () => {
    expect(JOB_METRICS + 1).toBe(counted(METRICS));
  });
});

describe("by hand", () => {
  test("jobs: runs × minutes × workers, at the price of their processor", () => {
    // One run a day reads 3 GB: 6 vCPU-hours on six cores are an hour, and a minute to start.
    const values = { workload: { gb_per_day: 3, runs_per_day: 1, vcpu_hours_per_gb: 2 } };
    const hours = ((730 / 24) * 61) / 60;
    const worker = 2 * 0.052624 + 8 * 0.0057785;
    expect(usd(estimate(values), "emr.jobs")).toBeCloseTo(hours * 4 * worker, 9);
    expect(usd(estimate({ ...values, emr_architecture: "ARM64" }), "emr.jobs")).toBeCloseTo(
      hours * 4 * worker * 0.8,
      9,
    );
  });

  test("disk: what each worker has above 20 GB", () => {
    const values = { workload: { gb_per_day: 0, runs_per_day: 60 }, emr_worker_disk: 120 };
    // A minute each: an hour a day, of a driver and two executors.
    expect(usd(estimate(values), "emr.jobs.disk")).toBeCloseTo((730 / 24) * 3 * 100 * 0.000111, 9);
  });

  test("kept warm: after each run until the timeout, or the next run", () => {
    const warm = (runs: number, more = {}) =>
      usd(
        estimate({
          enable_pre_warming: true,
          workload: { gb_per_day: 0, runs_per_day: runs },
          ...more,
        }),
        "emr.idle",
      );
    const anHour = 3 * (2 * 0.052624 + 8 * 0.0057785);
    expect(warm(4)).toBeCloseTo((730 / 24) * anHour, 9);
    expect(warm(4, { emr_idle_timeout_minutes: 30 })).toBeCloseTo(2 * (730 / 24) * anHour, 9);
    // A run of one minute every ten: nine of them idle.
    expect(warm(144)).toBeCloseTo((730 / 24) * 24 * 0.9 * anHour, 9);
    // Back to back: never idle, and never less than nothing.
    expect(warm(1440)).toBeCloseTo(0, 9);
    expect(warm(5000)).toBeCloseTo(0, 9);
    expect(warm(0)).toBe(0);
  });

  test("network: 29.20 for four endpoints, 73 more for two NAT gateways with their addresses", () => {
    const network = (values = {}) =>
      usd(estimate({ workload: { runs_per_day: 0 }, ...values }), "vpc.");
    expect(network()).toBe(0);
    expect(network({ enable_vpc: true })).toBeCloseTo(29.2, 9);
    const nat = { enable_vpc: true, enable_nat_gateway: true };
    expect(network(nat)).toBeCloseTo(29.2 + 2 * 730 * 0.05, 9);
    expect(network({ ...nat, single_nat_gateway: true })).toBeCloseTo(29.2 + 730 * 0.05, 9);
    expect(network({ enable_nat_gateway: true })).toBe(0);
  });

  test("NAT's data: 100 MB a run, where there is NAT", () => {
    const data = (values = {}) =>
      usd(estimate({ workload: { runs_per_day: 24 }, ...values }), "vpc.nat.data");
    expect(data({ enable_vpc: true })).toBe(0);
    const nat = { enable_vpc: true, enable_nat_gateway: true };
    expect(data(nat)).toBeCloseTo(730 * 0.1 * 0.045, 9);
    expect(data({ ...nat, single_nat_gateway: true })).toBeCloseTo(730 * 0.1 * 0.045, 9);
  });

  test("logs: of each run's driver, however many executors it has", () => {
    const logs = (executors: number) =>
      usd(
        estimate({
          workload: { gb_per_day: 0, runs_per_day: 24 },
          spark_executor_instances: executors,
        }),
        "logs.ingested",
      );
    expect(logs(3)).toBeCloseTo(730 * 0.0021 * 0.5, 9);
    expect(logs(0)).toBe(logs(3));
  });

  test("the queue: each event sent, and ten at a time received and deleted", () => {
    const requests = (runs: number, files: number) =>
      usd(estimate({ workload: { runs_per_day: runs, files_per_day: files } }), "sqs.requests") -
      usd(estimate({ workload: NOTHING }), "sqs.requests");
    expect(requests(1, 1000)).toBeCloseTo((((730 / 24) * 1200) / 1e6) * 0.4, 9);
    // Each run's events are received and deleted, however few.
    expect(requests(24, 24)).toBeCloseTo(((730 * 3) / 1e6) * 0.4, 9);
  });

  test("functions: a second each, and two minutes that a run's bill is waited for", () => {
    const workload = { ...NOTHING, runs_per_day: 24 };
    // Trigger, validation and metrics of 730 runs.
    expect(usd(estimate({ workload }), "lambda.duration")).toBeCloseTo(
      730 * (3 + 120) * 0.25 * 0.0000133334,
      9,
    );
  });

  test("queries: 5 USD a TB, 10 MB at least each, and no more than the workgroup lets them read", () => {
    const read = (gb: number, more = {}) =>
      usd(estimate({ workload: { queries_per_day: 24, gb_per_query: gb }, ...more }), "athena.");
    expect(read(1)).toBeCloseTo((730 * 5) / 1024, 9);
    expect(read(0)).toBeCloseTo((730 * 5 * 10) / 1024 / 1024, 9);
    expect(read(50, { athena_scan_limit_gb: 2 })).toBeCloseTo((730 * 5 * 2) / 1024, 9);
  });

  test("crawls: plain sources alone, ten minutes of two DPU for each of their runs", () => {
    const crawl = (...layouts: string[]) =>
      usd(
        estimate({
          workload: { runs_per_day: 24 },
          sources: Object.fromEntries(
            layouts.map((layout, index) => [`s${index}`, { format: "json", layout }]),
          ),
        }),
        "glue.crawler",
      );
    expect(crawl("iceberg")).toBe(0);
    expect(crawl("parquet")).toBeCloseTo((730 * 2 * 0.44) / 6, 9);
    expect(crawl("parquet", "iceberg")).toBeCloseTo((730 * 0.44) / 6, 9);
  });
});

test("a lake that nobody uses costs its key, its alarms, its dashboard and its queue's pollers", () => {
  const { lines } = estimate({ workload: NOTHING });
  expect(lines.filter(({ usd: is }) => is > 0).map(({ key }) => key)).toEqual([
    "sqs.requests",
    "kms.key",
    "cloudwatch.alarms",
    "cloudwatch.dashboard",
  ]);
});

test.each(["gb_per_day", "files_per_day", "runs_per_day", "queries_per_day", "gb_per_query"])(
  "more of workload.%s costs more",
  (key) => {
    const of = (value: number) =>
      estimate({ spark_executor_instances: 0, workload: { [key]: value } }).totalUsd;
    expect(of(50)).toBeGreaterThan(of(5));
    expect(of(500)).toBeGreaterThan(of(50));
  },
);

test("capacity is a limit and no bill", () => {
  const { lines } = estimate();
  expect(estimate({ emr_max_workers: 200, emr_worker_cpu: 2 }).lines).toEqual(lines);
});

test("what the deployed lake carries is in whole cents, sorted, without what comes to nothing", () => {
  const carried = monthlyEstimate({ name: "test", variables: variablesSchema.parse({}) });
  expect(Object.keys(carried)).toEqual([...Object.keys(carried)].sort());
  for (const [key, value] of Object.entries(carried)) {
    expect(value, key).toBe(inCents(value));
    expect(value, key).toBeGreaterThan(0);
  }
  const sum = Object.values(carried).reduce((total, one) => total + one, 0);
  expect(sum).toBeCloseTo(estimate().totalUsd, 0);
});

test("moves are what differs by a cent, the largest first, also what is new or gone", () => {
  const before = { same: 1, gone: 2, less: 10, noise: 0.1 + 0.2 };
  const after = { same: 1, new: 0.5, less: 4, noise: 0.3 };
  expect(movesBetween(before, after)).toEqual([
    { key: "less", beforeUsd: 10, afterUsd: 4 },
    { key: "gone", beforeUsd: 2, afterUsd: 0 },
    { key: "new", beforeUsd: 0, afterUsd: 0.5 },
  ]);
});
