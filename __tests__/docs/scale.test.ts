/**
 * The figures in docs/scale.md are those of the capacity formula and of `lake cost`, at the speed
 * that the page says was measured: `npx vitest run --project unit __tests__/docs -u` writes them.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { capacityOf, runsThatFit } from "../../src/config/capacity";
import { costOf } from "../../src/config/cost";
import { dayAdvice, dayOf } from "../../src/config/costs/day";
import { type Variables, variablesSchema } from "../../src/config/schema";
import { ROOT } from "../support/lake";

const FILE = join(ROOT, "docs", "scale.md");
const PAGE = readFileSync(FILE, "utf8");
const [BEGIN, END] = ["<!-- figures -->", "<!-- end of the figures -->"];
/** Of EMR Serverless, vCPU at once in an account: the page has its address. */
const VCPU_QUOTA = 16;

/** Such as "measured: 2.5 MB/s per vCPU", once on the page: the one figure that nothing here gives. */
const MB_PER_VCPU_SECOND = Number(/measured: (\d+(?:\.\d+)?) MB\/s per vCPU/.exec(PAGE)?.[1]);
const VCPU_HOURS_PER_GB = 1000 / MB_PER_VCPU_SECOND / 3600;

const one = { format: "json" };
/** Sizes of the page, each as an environment's file would have it. */
const STEPS: Readonly<Record<string, Record<string, unknown>>> = {
  "1 GB": {
    workload: { gb_per_day: 1, files_per_day: 100, runs_per_day: 4 },
  },
  "100 GB": {
    ...{ emr_max_workers: 12, emr_worker_cpu: 4, emr_worker_memory: 16 },
    ...{ spark_driver_cores: 4, spark_executor_cores: 4, spark_max_executors: 10 },
    workload: {
      ...{ gb_per_day: 100, files_per_day: 1000, runs_per_day: 4 },
      ...{ queries_per_day: 200, gb_per_query: 2 },
    },
  },
  "10 TB": {
    // Many feeds rather than one: each is read once, and a run is of half a TB.
    sources: Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`feed_${at + 1}`, one])),
    ...{ emr_max_workers: 104, emr_worker_cpu: 4, emr_worker_memory: 16, emr_worker_disk: 50 },
    ...{ spark_driver_cores: 4, spark_executor_cores: 4, spark_max_executors: 50 },
    ...{ raw_intelligent_tiering_days: 0, raw_glacier_days: 30 },
    workload: {
      ...{ gb_per_day: 10_000, files_per_day: 40_000, runs_per_day: 20 },
      ...{ queries_per_day: 1000, gb_per_query: 10 },
    },
  },
};

function variablesOf(over: Record<string, unknown>, workload: object = {}): Variables {
  const own = { ...(over.workload as object), vcpu_hours_per_gb: VCPU_HOURS_PER_GB, ...workload };
  return variablesSchema.parse({ ...over, workload: own });
}

const number = (value: number, digits = 0) =>
  value.toLocaleString("en-US", { maximumFractionDigits: digits });

/** Rows of the first table: what is in them, and how it comes about of an environment. */
const ROWS: Readonly<Record<string, (variables: Variables) => string>> = {
  sources: ({ sources }) => number(Object.keys(sources).length),
  "executions a day": (v) => number(dayOf(v).runs),
  "GB that one reads, and all in a day": (v) => {
    const { gbPerRun, runs } = dayOf(v);
    return `${number(gbPerRun, 2)}; ${number(gbPerRun * runs, 1)}`;
  },
  "executors of a run": (v) => {
    const { executors, executor } = dayOf(v);
    return `${executors} × ${executor.vcpu} vCPU, ${executor.memoryGb} GB`;
  },
  "minutes of a run": (v) => number(dayOf(v).minutesPerRun, 1),
  "runs at once": (v) => number(Math.min(runsThatFit(v), v.max_concurrent_runs)),
  "vCPU at once, of all runs": (v) => number(vcpuAtOnce(v)),
  "application, vCPU": (v) => number(capacityOf(v).available.vcpu),
  "USD a month": (v) => number(costOf({ name: "scale", variables: v }).totalUsd),
  "USD in the twelfth month": (v) =>
    number(costOf({ name: "scale", variables: v }).twelfthMonthUsd),
  "of a month: EMR Serverless": (v) => shareOf(v, /^EMR/),
  "of a month: S3": (v) => shareOf(v, /^(Amazon )?S3/),
  "of a month: Athena": (v) => shareOf(v, /Athena/),
};

function vcpuAtOnce(variables: Variables): number {
  return capacityOf(variables).asked.vcpu * variables.max_concurrent_runs;
}

function shareOf(variables: Variables, service: RegExp): string {
  const { lines, totalUsd } = costOf({ name: "scale", variables });
  const of = lines.filter((line) => service.test(line.service));
  if (of.length === 0) throw new Error(`no line of ${service}`);
  return `${number((100 * of.reduce((sum, { usd }) => sum + usd, 0)) / totalUsd)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

test("the page's figures", async () => {
  expect(MB_PER_VCPU_SECOND, "docs/scale.md: measured: N MB/s per vCPU").toBeGreaterThan(0);
  const steps = Object.values(STEPS).map((over) => variablesOf(over));
  const sizes = table(
    ["a day", ...Object.keys(STEPS)],
    Object.entries(ROWS).map(([what, of]) => [what, ...steps.map(of)]),
  );
  const middle = STEPS["100 GB"] ?? {};
  const often = table(
    ["100 GB a day in", "GB read in a day", "minutes of a run", "USD a month"],
    [1, 4, 24, 96].map((runs_per_day) => {
      const variables = variablesOf(middle, { runs_per_day });
      const { gbPerRun, runs, minutesPerRun } = dayOf(variables);
      const { totalUsd } = costOf({ name: "scale", variables });
      const runsText = runs === 1 ? "1 run" : `${runs} runs`;
      return [runsText, number(gbPerRun * runs), number(minutesPerRun, 1), number(totalUsd)];
    }),
  );
  const figures = `One GB takes ${number(VCPU_HOURS_PER_GB, 3)} vCPU-hours of executors, which is \`workload.vcpu_hours_per_gb\`.\n\n${sizes}\n\nHow often a day is run decides:\n\n${often}`;
  const block = new RegExp(`${BEGIN}[^]*${END}`);
  if (!block.test(PAGE)) throw new Error(`docs/scale.md: no ${BEGIN} … ${END}`);
  await expect(PAGE.replace(block, `${BEGIN}\n${figures}\n${END}`)).toMatchFileSnapshot(FILE);
});

test.each(Object.entries(STEPS))("the environment of %s holds what it is to hold", (_, over) => {
  const variables = variablesOf(over);
  const { fits, asked, available } = capacityOf(variables);
  expect(fits, JSON.stringify({ asked, available })).toBe(true);
  expect(dayAdvice(variables)).toEqual([]);
});

test("which steps the account's first quota stops, as the page says", () => {
  const stopped = Object.keys(STEPS).filter(
    (name) => vcpuAtOnce(variablesOf(STEPS[name] ?? {})) > VCPU_QUOTA,
  );
  expect(stopped).toEqual(["100 GB", "10 TB"]);
  expect(PAGE).toContain(`Max concurrent vCPUs per account: ${VCPU_QUOTA}`);
});
