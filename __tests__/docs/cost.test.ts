/** The figures in docs/cost.md are those that `lake cost` prints. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { costOf } from "../../src/config/cost";
import { runPrices } from "../../src/config/prices";
import { variablesSchema } from "../../src/config/schema";
import { environments, ROOT } from "../support/lake";

const PAGE = readFileSync(join(ROOT, "docs", "cost.md"), "utf8");

const usd = (value: number, digits = 2) =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The total of an environment with this laid over it; `workload` key by key. */
async function totalOf(name: string, over: { workload?: object; [key: string]: unknown }) {
  const { [name]: one } = await environments();
  if (one === undefined) throw new Error(`no environment ${name}`);
  const workload = { ...one.variables.workload, ...over.workload };
  const given = { ...one.variables, ...over, workload };
  return costOf({ name, variables: variablesSchema.parse(given) }).totalUsd;
}

test.each(["dev", "staging", "prod"])("the row of %s", async (name) => {
  const { [name]: one } = await environments();
  if (one === undefined) throw new Error(`no environment ${name}`);
  const { totalUsd, twelfthMonthUsd } = costOf(one);
  expect(PAGE).toContain(`| \`${name}\` | ${usd(totalUsd)} | ${usd(twelfthMonthUsd)} |`);
});

test("what the number of runs costs prod", async () => {
  const of = async (runs_per_day: number) =>
    usd(await totalOf("prod", { workload: { runs_per_day } }), 0);
  expect(PAGE).toContain(
    `cost \`prod\` ${await of(1)} USD a month in one run, ${await of(6)} in six, ${await of(24)} in twenty-four`,
  );
});

test("what the template's figures are held against", async () => {
  const benchmark = { gb_per_day: 5, files_per_day: 500, runs_per_day: 1 };
  const nat = { enable_vpc: true, enable_nat_gateway: true };
  const { vcpuHour, memoryGbHour } = runPrices("X86_64");
  for (const words of [
    `| prod 350 to 450 | ${usd(await totalOf("prod", {}))} |`,
    `prod costs ${usd(await totalOf("prod", { workload: benchmark }), 0)} |`,
    `| ${usd(await totalOf("dev", { enable_vpc: true }))}, with NAT ${usd(await totalOf("dev", nat))} |`,
    `would cost ${usd(100 * 730 * (4 * vcpuHour + 16 * memoryGbHour), 0)} USD`,
  ])
    expect(PAGE).toContain(words);
});
