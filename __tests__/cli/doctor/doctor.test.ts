/** `lake doctor` as a user runs it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fakeTerraform, program, temporaryFolder } from "../../local/support/fake-tools";
import { fakeAws } from "../support/fake-aws";
import { runLake } from "../support/lake";

/** No credentials from anywhere of this machine. */
const NOBODY = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_PROFILE: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_ENDPOINT_URL: undefined,
};
const levels = (stdout: string) =>
  Object.fromEntries(
    [...stdout.matchAll(/^(ok|warning|missing) +(\S+(?: \S+)*?)(?: {2,}| (?=\.venv))/gm)].map(
      ([, level, topic]) => [topic, level],
    ),
  );

const somebody = async (aws: Parameters<typeof fakeAws>[0]) => ({
  ...NOBODY,
  AWS_ACCESS_KEY_ID: "a",
  AWS_SECRET_ACCESS_KEY: "b",
  AWS_ENDPOINT_URL: await fakeAws(aws),
});

test("without credentials nothing that npm start needs is missing", async () => {
  const { stdout, stderr, exitCode } = await runLake(["doctor"], NOBODY);
  expect(exitCode, stdout).toBe(0);
  expect(levels(stdout)).toMatchObject({
    Java: "ok",
    Python: "ok",
    "Python packages": "ok",
    Disk: "ok",
    Environments: "ok",
    "AWS account": "warning",
  });
  expect(stderr).toContain("Nothing that npm start needs is missing");
  expect(stdout).not.toContain("\u001b");
  const wide = stdout.split("\n").filter((line) => line.length > 80);
  expect(wide.filter((line) => !line.startsWith(" ".repeat(9)))).toEqual([]);
});

test("the same stops the deploy of an environment on AWS, and Java does not", async () => {
  const folder = temporaryFolder();
  fakeTerraform(folder, "1.13.0");
  const env = { ...NOBODY, PATH: folder, JAVA_HOME: folder };
  const { stdout, stderr, exitCode } = await runLake(["doctor", "dev"], env);
  expect(exitCode).toBe(1);
  expect(levels(stdout)).toMatchObject({
    Terraform: "ok",
    Python: "warning",
    "AWS account": "missing",
  });
  expect(levels(stdout)).not.toHaveProperty("Local AWS");
  expect(stderr).toContain("1 thing missing for npx lake deploy dev");
});

test("a machine without Terraform and Python is told all of it at once", async () => {
  const { stdout, exitCode } = await runLake(["doctor"], { ...NOBODY, PATH: temporaryFolder() });
  expect(exitCode).toBe(1);
  expect(levels(stdout)).toMatchObject({ Terraform: "missing", Python: "missing" });
  expect(stdout).toContain("to mend:");
});

test("the account and the state bucket of the environment are looked at", async () => {
  const env = await somebody({
    account: "111111111111",
    buckets: { "data-lake-state-dev": 200 },
  });
  const { stdout, exitCode } = await runLake(["doctor", "dev"], env);
  expect(exitCode, stdout).toBe(0);
  expect(levels(stdout)).toMatchObject({
    "AWS endpoint": "warning",
    "AWS account": "ok",
    "State bucket": "ok",
  });
});

test("the wrong account is missing the right one, and its buckets are not asked for", async () => {
  const env = {
    ...(await somebody({ account: "111111111111" })),
    TF_VAR_account_id: "222222222222",
  };
  const { stdout, exitCode } = await runLake(["doctor", "dev"], env);
  expect(exitCode).toBe(1);
  expect(levels(stdout)).toMatchObject({ "AWS account": "missing" });
  expect(levels(stdout)).not.toHaveProperty("State bucket");
  expect(stdout.replace(/\s+/g, " ")).toContain("dev may touch 222222222222 alone");
});

test("an environment with a fault is missing; for npm start another's fault is a warning", async () => {
  const env = { ...NOBODY, TF_VAR_emr_max_workers: "3" };
  const dev = await runLake(["doctor", "dev"], env);
  expect([dev.exitCode, levels(dev.stdout).Environments]).toEqual([1, "missing"]);
  expect(dev.stdout).toContain("npx lake check dev");
  const start = await runLake(["doctor"], env);
  expect([start.exitCode, levels(start.stdout).Environments]).toEqual([0, "warning"]);
});

test("a program for credentials that hangs does not hold the doctor", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "config");
  // It ends with the test, whose folder goes.
  const helper = program(join(folder, "helper"), `while [ -d ${folder} ]; do sleep 0.2; done`);
  writeFileSync(file, `[default]\ncredential_process = ${helper}\n`);
  const began = Date.now();
  const { stdout, exitCode } = await runLake(["doctor", "dev"], {
    ...NOBODY,
    AWS_CONFIG_FILE: file,
  });
  expect(exitCode).toBe(1);
  expect(stdout).toContain("AWS does not answer: no answer within 10 s");
  expect(Date.now() - began).toBeLessThan(40_000);
});

test("an unknown environment is refused in one line", async () => {
  const { stdout, stderr, exitCode } = await runLake(["doctor", "deev"], NOBODY);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
  expect(stderr).toContain("Did you mean dev?");
});
