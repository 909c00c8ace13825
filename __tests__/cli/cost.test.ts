/** `lake cost` as a user runs it, on the project's own environments. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith } from "../support/folder";
import { runLake } from "./support/lake";

const USD = String.raw`[\d,]+\.\d\d`;
const number = (text = "") => Number(text.replaceAll(",", ""));
/** Last amounts of the rows of a table: those that begin with a service, or with nothing. */
const amounts = (stdout: string) =>
  [...stdout.matchAll(new RegExp(`^(?:[A-Z]|  +\\S).* (${USD})$`, "gm"))].map(([, one]) =>
    number(one),
  );

describe("one environment", () => {
  test("line by line, the total, the budget: on stdout, no colours, no wide line", async () => {
    const { stdout, stderr, exitCode } = await runLake(["cost", "prod"]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^prod: X86_64, us-east-1\n/);
    const [, total] = new RegExp(`^total +(${USD}) USD a month`, "m").exec(stdout) ?? [];
    const rows = amounts(stdout);
    expect(rows.length).toBeGreaterThan(20);
    // Each row is rounded by itself.
    expect(rows.reduce((sum, one) => sum + one, 0)).toBeCloseTo(number(total), 0);
    expect(stdout).toMatch(/^budget +500\.00 USD, of which this is 82 %$/m);
    for (const text of [stdout, stderr])
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain("\u001b");
    expect(stderr).toContain("Prices of us-east-1 as of 2026-11-23, without free tiers");
    expect(stderr).not.toContain("warning");
  });

  test("--explain says of every line, also of what comes to nothing, where it comes from", async () => {
    const { stdout } = await runLake(["cost", "dev", "--explain"]);
    expect(stdout).toContain("122 runs × 9.13 min × (driver + 3 executors)");
    expect(stdout).toContain("0.052624 USD a vCPU-hour");
    expect(stdout).toContain('no source has layout = "parquet": nothing is crawled');
    expect(stdout).not.toContain("below a cent");
  });

  test("JSON has the lines unrounded, and they add up", async () => {
    const { stdout, exitCode } = await runLake(["cost", "dev", "--json"]);
    expect(exitCode).toBe(0);
    const { prices, environments, faults, change } = JSON.parse(stdout);
    expect(prices).toMatchObject({ region: "us-east-1", asOf: "2026-11-23" });
    expect({ faults, change }).toEqual({ faults: [], change: undefined });
    const [{ name, lines, totalUsd }] = environments;
    expect(name).toBe("dev");
    const sum = lines.reduce((total: number, { usd }: { usd: number }) => total + usd, 0);
    expect(sum).toBeCloseTo(totalUsd, 9);
  });
});

describe("a change", () => {
  test("stands beside what is now, with what moved and the sum of it", async () => {
    const file = join(folderWith({}), "more.tfvars");
    writeFileSync(file, "enable_pre_warming = false\n");
    const { stdout, exitCode } = await runLake(["cost", "prod", "--var-file", file]);
    expect(exitCode).toBe(0);
    const rows = [
      ...stdout.matchAll(new RegExp(`^(.+?) {2,}(${USD}) +(${USD}) +([+-]${USD})$`, "gm")),
    ];
    expect(rows.map(([, name]) => name?.trim().replace(/ {2,}/, " "))).toEqual([
      "EMR Serverless kept warm: vCPU",
      "EMR Serverless kept warm: memory",
      "total",
    ]);
    const moved = rows.map(([, , from, to, difference]) => [
      number(from),
      number(to),
      number(difference),
    ]);
    for (const [from = 0, to = 0, difference] of moved)
      expect(to - from).toBeCloseTo(difference ?? 0, 1);
    expect(moved[0]?.[2]).toBeLessThan(-20);
    expect(stdout).not.toMatch(/Nothing moved|No line moved/);
  });

  test("of a limit moves nothing, and it is said why", async () => {
    const { stdout, exitCode } = await runLake(["cost", "prod", "--var", "emr_max_workers=200"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`total +(${USD}) +\\1 +\\+0\\.00$`, "m"));
    expect(stdout).toContain(
      "No line moved:\n  emr_max_workers bounds what runs at once at most: the workers that run are billed",
    );
  });

  test.each([
    [
      "aws_region=eu-west-1",
      "changes the bill, and not this estimate: it has the prices of us-eas",
    ],
    [
      "raw_glacier_days=400",
      "counts from the second year on: this estimate is of the first 365 da",
    ],
    ['alert_emails=["a@b.example"]', "moves no line of this estimate by a cent"],
  ])("that moves no line is not said to be free: %s", async (given, words) => {
    const { stdout } = await runLake(["cost", "dev", "--var", given]);
    const [, before, after, difference] =
      new RegExp(`^ +total +(${USD}) +(${USD}) +([+-]${USD})$`, "m").exec(stdout) ?? [];
    // As the reader would reckon it from what is shown.
    expect(difference).toBe(`+${(number(after) - number(before)).toFixed(2)}`);
    expect(stdout).toContain(`No line moved:\n  ${given.split("=")[0]} ${words}`);
  });

  test("that is none is said to be none", async () => {
    const { stdout } = await runLake(["cost", "prod", "--var", "emr_max_workers=100"]);
    expect(stdout).toContain(
      "Nothing moved: these are the values that the environment has already.",
    );
  });

  test("in JSON has both, and what moved", async () => {
    const args = ["cost", "dev", "--json", "--var", "enable_vpc=true"];
    const { environments, change } = JSON.parse((await runLake(args)).stdout);
    const endpoints = { key: "vpc.endpoints", beforeUsd: 0, afterUsd: 29.2 };
    expect(change.moved[0]).toEqual(endpoints);
    expect(change.differenceUsd).toBeCloseTo(environments[0].totalUsd - change.before.totalUsd, 9);
  });
});

test("all environments: their totals beside their budgets", async () => {
  const { stdout, stderr, exitCode } = await runLake(["cost"]);
  expect(exitCode, stderr).toBe(0);
  const names = [
    ...stdout.matchAll(new RegExp(`^(\\w+) +(${USD}) +(${USD}) +(${USD}) +\\d+ %`, "gm")),
  ];
  expect(names.map(([, name]) => name)).toEqual(["dev", "local", "prod", "staging"]);
});

test("a budget below the estimate is a warning, here and in check, and no error", async () => {
  for (const command of ["cost", "check"]) {
    const { stderr, exitCode } = await runLake([command, "dev", "--var", "monthly_budget_usd=10"]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      new RegExp(
        `^warning: dev: a month is expected to cost ${USD} USD, more than monthly_budget_usd = 10, .*To mend: raise monthly_budget_usd to \\d+ or more`,
        "m",
      ),
    );
  }
});

test("what is many times the budget is said in times", async () => {
  const { stdout } = await runLake(["cost", "dev", "--var", "workload={gb_per_day=90000}"]);
  const [, total] = new RegExp(`total .* (${USD}) +[+-]${USD}$`, "m").exec(stdout) ?? [];
  const times = Math.round(number(total) / 50).toLocaleString("en-US");
  expect(times).toMatch(/,/);
  expect(stdout).toContain(`budget   50.00 USD, of which this is ${times} times`);
});

test("another region than the prices' is said plainly", async () => {
  const { stderr, exitCode } = await runLake(["cost", "dev", "--var", "aws_region=eu-west-1"]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(
    "warning: dev is in eu-west-1, and the prices are those of us-east-1: eu-west-1 has its own",
  );
});

test("faults are named after what is sound is printed", async () => {
  const { stdout, stderr, exitCode } = await runLake(["cost"], { TF_VAR_emr_max_workers: "3" });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^local /m);
  expect(stderr).toContain("prod: TF_VAR_emr_max_workers: emr_max_workers: Spark asks");
});

test.each([
  [["cost", "--var", "project=x"], "--var and --var-file are for one environment"],
  [["cost", "--explain"], "--explain is for one environment: npx lake cost ENV --explain"],
  [["cost", "prud"], 'There is no environment "prud". Did you mean prod?'],
  [["cost", "dev", "--var", "workload={gb_per_dya=1}"], "Did you mean gb_per_day?"],
])("%j is refused, with exit code 1 and no stack", async (args, words) => {
  const { stdout, stderr, exitCode } = await runLake(args);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^\s+at /m);
});
