/** `lake check` as a user runs it, on the project's own environments. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runLake } from "./support/lake";

test("prices each environment's headroom: tables on stdout, no colours, no wide line", async () => {
  const { stdout, stderr, exitCode } = await runLake(["check"]);
  expect(exitCode, stderr).toBe(0);
  const heads = [...stdout.matchAll(/^(\w+): emr-/gm)].map((match) => match[1]);
  expect(heads).toEqual(["dev", "local", "prod", "staging"]);
  expect(stdout.match(/^USD an hour/gm)).toHaveLength(4);
  expect(stdout).not.toContain("\u001b");
  for (const text of [stdout, stderr])
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stderr).toContain("4 environments valid.");
});

test("one environment with what is given over it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lake-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "more.tfvars");
  writeFileSync(file, "emr_max_workers = 8\nspark_max_executors = 4\n");
  const args = ["check", "dev", "--var-file", file, "--var", "emr_max_workers=10"];
  const { stdout, exitCode } = await runLake(args);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^vCPU +10 +20 +10 {2}50 %$/m);
  expect(stdout.match(/^USD an hour/gm)).toHaveLength(1);
});

test("a fault in some environments still prints the others, and names all of them", async () => {
  const { stdout, stderr, exitCode } = await runLake(["check"], { TF_VAR_emr_max_workers: "3" });
  expect(exitCode).toBe(1);
  expect(stdout.match(/^\w+: emr-/gm)).toEqual(["local: emr-"]);
  for (const name of ["dev", "prod", "staging"])
    expect(stderr).toContain(`${name}: TF_VAR_emr_max_workers: emr_max_workers: Spark asks`);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("JSON has the same, and the faults", async () => {
  const { stdout, exitCode } = await runLake(["check", "--json"], { TF_VAR_emr_max_workers: "3" });
  expect(exitCode).toBe(1);
  const { prices, environments, faults } = JSON.parse(stdout);
  expect(prices).toMatchObject({ region: "us-east-1", source: expect.stringMatching(/^https:/) });
  expect(environments.map(({ name }: { name: string }) => name)).toEqual(["local"]);
  expect(environments[0].headroom).toMatchObject({ vcpu: 2, memoryGb: 4, usdPerHour: 0.13 });
  expect(faults).toHaveLength(3);
  const one = await runLake(["check", "dev", "--json", "--var", "emr_max_workers=3"]);
  expect(one.exitCode).toBe(1);
  expect(JSON.parse(one.stdout)).toMatchObject({ environments: [], faults: [{ origin: "--var" }] });
});

test("a release past its support is warned of, and is no error", async () => {
  const args = ["check", "dev", "--var", "emr_release_label=emr-6.15.0"];
  const { stderr, exitCode } = await runLake(args);
  expect(exitCode).toBe(0);
  expect(stderr).toContain("warning: dev: emr-6.15.0: AWS's support ended by 2026-11-16");
  expect(stderr).toContain('To mend: set emr_release_label = "emr-7.12.0"');
  expect(stderr).toContain("warning: dev: emr-6.15.0: its metrics have no ApplicationName");
});

test("environments whose alarms nobody reads are named in one warning, without the local AWS", async () => {
  const all = await runLake(["check"]);
  expect(all.stderr.match(/^warning: .*alert_emails/gm)).toEqual([
    "warning: dev, prod, staging: alert_emails",
  ]);
  const one = await runLake(["check", "prod"]);
  expect(one.stderr).toMatch(/^warning: prod: alert_emails is empty/m);
  const told = await runLake(["check", "prod", "--var", 'alert_emails=["on@call.example"]']);
  expect(told.stderr).not.toContain("alert_emails");
  expect((await runLake(["check", "local"])).stderr).not.toContain("alert_emails");
});

test.each([
  [["check", "--var", "project=x"], "--var and --var-file are for one environment"],
  [["check", "prud"], 'There is no environment "prud". Did you mean prod?'],
  [["check", "dev", "--var", "nonsense"], "expected NAME=VALUE"],
  [["check", "dev", "prod"], "too many arguments"],
])("%j is refused, with exit code 1 and no stack", async (args, words) => {
  const { stdout, stderr, exitCode } = await runLake(args);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^\s+at /m);
});
