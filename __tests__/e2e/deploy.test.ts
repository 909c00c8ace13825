/**
 * `lake plan`, `deploy`, `stop` and `destroy` on a lake of their own, by the real Terraform. One
 * deployment serves the file, so the tests stand in the order of a lake's life.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { waitUntilBucketExists } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnvironment } from "../../src/config/environment";
import { namingOf } from "../../src/config/naming-of";
import { ROOT } from "../../src/local/paths";
import { isAlive } from "../../src/local/processes";
import { physicalNames } from "../../src/naming";
import { createProject, type DeployedLake, type Project } from "./support/deployed-lake";
import { handlesOf, waitingJob } from "./support/handles";
import { holdRequests } from "./support/held-requests";
import { type LakeCommand, lakeCommand } from "./support/lake-command";
import { eventually } from "./support/pipeline";

const TFVARS = readFileSync(join(ROOT, "env", "local.tfvars"), "utf8");
const OTHER_ACCOUNT = TFVARS.replaceAll("123456789012", "999999999999");
const STACK = "data-lake-local";
const UPDATE_APPLICATION = /^PATCH \/applications\//;
/** One idle timeout after the other: what it is matters to no test. */
const idle = (minutes: number) => ["--var", `emr_idle_timeout_minutes=${minutes}`];

let project: Project;
let lake: LakeCommand;
let aws: ReturnType<typeof handlesOf>;
let names: DeployedLake["names"];
let state: Promise<string>;

beforeAll(async () => {
  project = await createProject({ "local.tfvars": TFVARS, "other.tfvars": OTHER_ACCOUNT });
  lake = lakeCommand(project);
  const environment = await readEnvironment(join(project.folder, "env"), "local");
  names = physicalNames(namingOf(environment));
  aws = handlesOf({ ...project, names, region: "us-east-1", sources: [] });
});
afterAll(() => project?.close());

describe("before anything is read", () => {
  it.each([["plan"], ["deploy", "--auto-approve"]])(
    "refuses the wrong account: %s",
    async (...args) => {
      const [verb = "", ...options] = args;
      const { exitCode, stdout, stderr } = await lake(verb, "other", ...options);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toContain("credentials are those of account 123456789012 (arn:aws:");
      expect(stderr).toContain("other may touch 999999999999 alone");
      expect(existsSync(join(project.folder, "cdktf.out"))).toBe(false);
    },
  );

  it("refuses variables that cannot be, with the numbers", async () => {
    const { stderr } = await lake.refused("plan", "local", "--var", "emr_max_workers=1");
    expect(stderr).toContain("emr_max_workers");
    expect(stderr).toMatch(/\b4 vCPU/);
  });

  it("refuses to destroy what is to be kept", async () => {
    const { stderr } = await lake.refused("destroy", "local", "--var", "retain_data=true");
    expect(stderr).toContain("local has retain_data = true");
    expect(stderr).toContain("set retain_data = false in env/local.tfvars");
  });

  it("refuses options that nobody takes", async () => {
    const { stderr } = await lake.refused("deploy", "local", "--auto-aprove");
    expect(stderr).toContain("Did you mean --auto-approve?");
    expect(existsSync(join(project.folder, "cdktf.out"))).toBe(false);
  });

  it("says how the bucket of the state is made", async () => {
    const { stderr } = await lake.refused("plan", "local");
    expect(stderr).toContain("npx cdktf deploy state-local");
  });
});

describe("deploy", () => {
  it("makes the lake, and the next plan is empty", async () => {
    state = project.cdktf("deploy", "state-local", "--auto-approve", "--skip-synth");
    state.catch(() => {});
    await waitUntilBucketExists(
      { client: aws.s3, maxWaitTime: 120, minDelay: 1, maxDelay: 1 },
      { Bucket: names.bucket.state },
    );
    const told = await lake.deploys(...idle(15));
    expect(told.stdout).toContain("Apply complete!");
    expect(told.stderr).toMatch(/A month is expected to cost [\d.]+ USD; npx lake cost local/);
    await state;
    expect(await aws.isSettled()).toBe(true);
  });

  it("asks, and where nobody can answer changes nothing", async () => {
    const told = await lake.refused("deploy", "local", ...idle(20));
    expect(told.stderr).toContain("there is no terminal to ask");
    expect(told.stdout).toContain("15 -> 20");
    expect(await aws.idleMinutes()).toBe(15);
  });

  it("changes the EMR application while it is started, where the stock CLI fails", async () => {
    await aws.startApplication();
    writeFileSync(
      join(project.folder, "env", "local.tfvars"),
      `${TFVARS}\nemr_idle_timeout_minutes = 16\n`,
    );
    const stock = project.cdktf("deploy", STACK, "--auto-approve");
    await expect(stock).rejects.toThrow(/must\s+be in one of the following/);
    expect(await aws.idleMinutes()).toBe(15);

    const told = await lake.deploys();
    expect(told.stderr).toMatch(
      /Ingestion is paused[\s\S]*Stop the EMR application: done[\s\S]*STOPPED[\s\S]*Ingestion goes on/,
    );
    expect(await aws.idleMinutes()).toBe(16);
    expect(await aws.ingestion()).toBe("Enabled");
    expect(await aws.isSettled()).toBe(true);
  });

  it("leaves the application and the ingestion alone where the plan does", async () => {
    await aws.startApplication();
    const told = await lake.deploys("--var", "athena_scan_limit_gb=7");
    expect(told.stderr).not.toMatch(/Ingestion|Stop/);
    expect((await aws.application()).state).toBe("STARTED");
  });
});

describe("runs in flight", () => {
  it("are named; --wait lets them end, and what lands meanwhile is ingested afterwards", async () => {
    const go = join(project.folder, "go");
    await aws.put("spark/jobs/etl.py", waitingJob(go), names.bucket.etl);
    await aws.put("raw/flights/year=2025/month=10/day=09/a.json", '{"a": 1}\n');
    const run = await eventually("a run on Spark", async () => {
      const [execution] = await aws.executions();
      return execution && (await aws.application()).state === "STARTED" ? execution : undefined;
    });

    const runs = await lake.refused("deploy", "local", "--auto-approve", ...idle(17));
    expect(runs.stderr).toContain("1 run is in flight");
    expect(runs.stderr).toMatch(new RegExp(`${run.name}  job (SCHEDULED|RUNNING), for `));
    expect(runs.stderr).toContain("--wait");
    expect((await lake("stop", "local")).stderr).toContain(run.name);
    expect(await aws.idleMinutes()).toBe(16);
    expect(await aws.ingestion()).toBe("Enabled");

    const waiting = lake.start("deploy", "local", "--auto-approve", "--wait", ...idle(17));
    await waiting.said("Wait for runs in flight");
    expect(await aws.ingestion()).toBe("Disabled");
    await aws.put("raw/flights/year=2025/month=10/day=10/b.json", '{"b": 1}\n');
    writeFileSync(go, "");
    expect(await waiting.ended).toMatchObject({ exitCode: 0 });
    expect(await aws.idleMinutes()).toBe(17);
    expect(await aws.ingestion()).toBe("Enabled");
    const late = await eventually("the run of what landed meanwhile", async () =>
      (await aws.executions()).find(({ name }) => name !== run.name),
    );
    expect((await aws.ended(late.executionArn)).status).toBe("SUCCEEDED");
  });
});

describe("stop", () => {
  it("stops the application, waits for it, and says when there is nothing to stop", async () => {
    await aws.startApplication();
    const told = await lake("stop", "local");
    expect(told).toMatchObject({ exitCode: 0 });
    expect((await aws.application()).state).toBe("STOPPED");
    expect((await lake("stop", "local")).stderr).toContain("it was STOPPED");
  });
});

describe("a plan that loses something", () => {
  it("is told by plan, in words, and refused by deploy, for each address that is not allowed", async () => {
    const vpc = ["--var", "enable_vpc=true", ...idle(17)];
    await project.terraformIn(STACK, "taint", "aws_s3_bucket.landing");
    const planned = await lake("plan", "local", ...vpc);
    expect(planned.exitCode).toBe(0);
    expect(planned.stderr).toContain("aws_s3_bucket.landing would be destroyed and made anew");
    expect(planned.stderr).toMatch(
      /aws_emrserverless_application\.spark would be .* because network_configuration.* changes from/,
    );
    expect(planned.stderr).toMatch(/by \+29\.\d\d USD, from .*:\n +\+29\.20 {2}vpc\.endpoints\n/);
    const allowed = ["--allow-replace", "aws_emrserverless_application.spark"];
    const lost = await lake.refused("deploy", "local", "--auto-approve", ...vpc, ...allowed);
    expect(lost.stderr).toContain("--allow-replace aws_s3_bucket.landing");
    expect(lost.stderr).not.toContain("aws_emrserverless_application.spark would");

    const kept = await lake.refused("plan", "local", "--var", "retain_data=true");
    expect(kept.stderr).toContain("what retain_data = true keeps:\n  aws_s3_bucket.landing\n");
    await project.terraformIn(STACK, "untaint", "aws_s3_bucket.landing");
  });

  it("is applied where each address is allowed; one that is not lost is a mistake", async () => {
    await aws.startApplication();
    const before = (await aws.application()).id;
    const spark = "aws_emrserverless_application.spark";
    await project.terraformIn(STACK, "taint", spark);
    const allow = ["--allow-replace", spark];
    const mistaken = await lake.refused(
      ...["deploy", "local", "--auto-approve", ...idle(17), ...allow],
      ...["--allow-replace", "aws_emrserverless_application.sparks"],
    );
    expect(mistaken.stderr).toContain(`Did you mean ${spark}?`);

    await lake.deploys(...idle(17), ...allow);
    expect((await aws.application()).id).not.toBe(before);
    expect(await aws.isSettled()).toBe(true);
  });
});

describe("two deploys at once", () => {
  it("let one win, and tell the other who holds the state, since when and for what", async () => {
    const gate = await holdRequests(project.endpoint, UPDATE_APPLICATION);
    lake.through(gate.endpoint);
    const first = lake.start("deploy", "local", "--auto-approve", ...idle(18));
    await gate.held;
    const second = await lake.refused("deploy", "local", "--auto-approve", ...idle(18));
    expect(second.stderr).toMatch(/is locked by \S+@\S+ since \d{4}-\d\d-\d\d \S+ UTC \(apply\)/);
    expect(second.stderr).toMatch(/terraform force-unlock [0-9a-f-]{36}/);
    gate.release();
    expect(await first.ended).toMatchObject({ exitCode: 0 });
    expect(await aws.isSettled()).toBe(true);
  });
});

describe("a deploy that is interrupted", () => {
  it("by Ctrl-C gives the lock back, lets the ingestion go on, and runs again", async () => {
    const gate = await holdRequests(project.endpoint, UPDATE_APPLICATION);
    lake.through(gate.endpoint);
    const from = await aws.idleMinutes();
    const deploy = lake.start("deploy", "local", "--auto-approve", ...idle(from + 1));
    await gate.held;
    deploy.kill("SIGINT");
    // As npm and the terminal do: a second one must not make Terraform drop everything.
    deploy.kill("SIGINT");
    expect((await deploy.ended).exitCode).toBe(130);
    expect(await aws.ingestion()).toBe("Enabled");
    expect(await aws.idleMinutes()).toBe(from);
    gate.release();

    await lake.deploys(...idle(from + 1));
    expect(await aws.idleMinutes()).toBe(from + 1);
    expect(await aws.isSettled()).toBe(true);
  });

  it("by SIGKILL lets Terraform end what it is at; the next one repairs the ingestion", async () => {
    const gate = await holdRequests(project.endpoint, UPDATE_APPLICATION);
    lake.through(gate.endpoint);
    const from = await aws.idleMinutes();
    const deploy = lake.start("deploy", "local", "--auto-approve", ...idle(from + 1));
    await gate.held;
    deploy.kill("SIGKILL");
    await deploy.ended;
    expect(isAlive(deploy.pid)).toBe(false);
    expect(await aws.ingestion()).toBe("Disabled");
    gate.release();
    const told = await eventually("the lock to be given back", async () => {
      const { exitCode, stdout, stderr } = await lake("plan", "local", ...idle(from + 1));
      if (stderr.includes("is locked by")) return undefined;
      return { exitCode, stdout };
    });
    expect(told.exitCode).toBe(0);
    expect(told.stdout).toMatch(/enabled\s+= false -> true/);
    expect(told.stdout).toContain("Plan: 0 to add, 1 to change, 0 to destroy.");
    expect(await aws.idleMinutes()).toBe(from + 1);

    await lake.deploys(...idle(from + 1));
    expect(await aws.ingestion()).toBe("Enabled");
    expect(await aws.isSettled()).toBe(true);
  });
});

describe("destroy", () => {
  it("refuses where the buckets were deployed to keep their objects", async () => {
    await lake.deploys("--var", "retain_data=true");
    const stands = await lake.refused("destroy", "local", "--auto-approve");
    expect(stands.stderr).toContain("5 buckets of local are deployed with retain_data = true");
    expect(await aws.buckets()).toHaveLength(8);
    await lake.deploys();
  });

  it("takes everything but the bucket of the state, also from a started application", async () => {
    await aws.startApplication();
    expect((await lake("destroy", "local")).stderr).toContain("there is no terminal to ask");
    expect(await lake("destroy", "local", "--auto-approve")).toMatchObject({ exitCode: 0 });
    expect((await project.terraformIn(STACK, "state", "list")).output).toBe("");
    expect(await aws.buckets()).toEqual([names.bucket.stateLogs, names.bucket.state].sort());
    expect((await lake("stop", "local")).stderr).toContain("local is not deployed");
  });

  it("has nothing to do a second time", async () => {
    const told = await lake("destroy", "local", "--auto-approve");
    expect(told).toMatchObject({ exitCode: 0 });
    expect(told.stdout).toContain("No changes.");
  });
});
