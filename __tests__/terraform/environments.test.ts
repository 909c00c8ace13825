/** Every environment's JSON before the real Terraform; and one with all options on, deployed. */
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../../src/local/paths";
import { clientSettings } from "../e2e/support/aws-client";
import { createProject, deployEnvironment, type Project } from "../e2e/support/deployed-lake";

const FILES = Object.fromEntries(
  readdirSync(join(ROOT, "env")).map((file) => [
    file,
    readFileSync(join(ROOT, "env", file), "utf8"),
  ]),
);
/** Everything that an environment can ask for, and free to be destroyed. */
const FULL = `
project            = "full"
bucket_suffix      = "x1"
enable_vpc         = true
enable_nat_gateway = true
enable_pre_warming = true
retain_data        = false
alert_emails       = ["ops@example.com", "data@example.com"]
tags               = { Team = "data" }
sources            = { a = { format = "csv" }, b = { format = "json", schema = "id BIGINT" } }
`;
const STACKS = [...Object.keys(FILES), "full.tfvars"]
  .map((file) => file.replace(".tfvars", ""))
  .flatMap((name) => [`state-${name}`, `data-lake-${name}`]);

let project: Project;

beforeAll(async () => {
  project = await createProject({ ...FILES, "full.tfvars": FULL });
  await project.cdktf("synth");
});
afterAll(() => project?.close());

describe("terraform validate", () => {
  it.each(STACKS)("accepts %s", async (stack) => {
    // A copy: init without its backend would stand in the way of deploying the stack itself.
    const copy = `validate-${stack}`;
    const stacks = join(project.folder, "cdktf.out", "stacks");
    cpSync(join(stacks, stack), join(stacks, copy), { recursive: true });
    const init = await project.terraformIn(copy, "init", "-backend=false", "-input=false");
    expect(init.output).toContain("has been successfully initialized");
    const { exitCode, output } = await project.terraformIn(copy, "validate", "-no-color");
    // A warning today is an error of the next provider.
    expect(output.trim()).toBe("Success! The configuration is valid.");
    expect(exitCode).toBe(0);
  });
});

describe("an environment with every option on", () => {
  it("deploys, shows no change on a second plan, and is destroyed without a rest", async () => {
    const { names } = await deployEnvironment(project, "full");
    await project.expectNoChange("data-lake-full");
    const state = await project.terraformIn("data-lake-full", "state", "list");
    expect(state.output).toContain("aws_nat_gateway.nat_b");

    await project.cdktf("destroy", "data-lake-full", "--auto-approve", "--skip-synth");
    expect((await project.terraformIn("data-lake-full", "state", "list")).output).toBe("");
    const s3 = new S3Client(clientSettings(project.endpoint));
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name).sort()).toEqual(
      [names.bucket.stateLogs, names.bucket.state].sort(),
    );
  });

  it("refuses to destroy its state bucket", async () => {
    // Terraform itself: of a long plan cdktf shows the first words, not the last.
    const { exitCode, output } = await project.terraformIn(
      "state-full",
      ...["plan", "-destroy", "-input=false", "-no-color"],
    );
    expect(exitCode).toBe(1);
    expect(output).toContain("Instance cannot be destroyed");
  });
});
