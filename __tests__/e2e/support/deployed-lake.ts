/** A lake that the real Terraform has deployed to a local AWS of its own, for one test file. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { S3Client, waitUntilBucketExists } from "@aws-sdk/client-s3";
import { readEnvironment } from "../../../src/config/environment";
import { namingOf } from "../../../src/config/naming-of";
import { localEnvironment } from "../../../src/local/aws-environment";
import { cdktfProgram } from "../../../src/local/cdktf";
import { startLocalAws } from "../../../src/local/local-aws";
import { machinePaths, ROOT } from "../../../src/local/paths";
import { providerSource } from "../../../src/local/provider-mirror";
import { prepare } from "../../../src/local/python-environment";
import { findToolchain } from "../../../src/local/toolchain";
import { type Names, physicalNames } from "../../../src/naming";
import { clientSettings } from "./aws-client";
import { fetchCalls, keepCalls, type RecordedCall } from "./recorded-calls";
import { runProgram } from "./run-program";

/** What main.ts needs around it; `env/` is the test's own. */
const PROJECT_PARTS = [
  ...["main.ts", "src", "stacks", "lambda", "jobs", "node_modules"],
  ...["cdktf.json", "package.json", "package-lock.json", "tsconfig.json"],
];

/** A project folder with environments of its own, and an AWS that answers it. */
export interface Project {
  /** Folder with `main.ts`, `cdktf.json` and `env/`. */
  readonly folder: string;
  readonly endpoint: string;
  /** Process of the local AWS. */
  readonly pid: number;
  /** Environment variables that turn Terraform and the SDKs to the local AWS. */
  readonly env: NodeJS.ProcessEnv;
  readonly terraform: string;
  /** Runs the stock cdktf CLI; rejects, with its output, when it fails. */
  cdktf(...args: string[]): Promise<string>;
  /** Runs Terraform in a stack's folder; resolves with the exit code too. */
  terraformIn(stack: string, ...args: string[]): Promise<{ exitCode: number; output: string }>;
  /** Rejects, with what it would change, unless Terraform's plan of the stack is empty. */
  expectNoChange(stack: string): Promise<void>;
  /** The API calls that the lake's roles have made so far. */
  calls(): Promise<readonly RecordedCall[]>;
  /** Keeps the calls where they are asked for, ends the local AWS and removes the folder. */
  close(): Promise<void>;
}

/** The `local` environment, deployed. */
export interface DeployedLake extends Project {
  readonly names: Names;
  readonly region: string;
  readonly sources: readonly string[];
}

/** How the local AWS of a project differs. */
export interface LocalAwsSettings {
  /** Seconds of a CloudWatch minute; 60 by default. */
  readonly minute?: number;
}

/** A project whose `env/` holds these files: `{ "local.tfvars": "…" }`. */
export async function createProject(
  files: Readonly<Record<string, string>>,
  settings: LocalAwsSettings = {},
): Promise<Project> {
  const paths = machinePaths(ROOT);
  const toolchain = await findToolchain(process.env);
  const closers: (() => Promise<void>)[] = [];
  const defer = (closer: () => Promise<void>) => closers.push(closer);
  await prepare({
    paths,
    env: process.env,
    python: toolchain.python,
    java: toolchain.java,
    say: console.error,
    defer,
  });
  const provider = providerSource(toolchain.terraform, process.env, paths);
  const folder = mkdtempSync(join(tmpdir(), "lake-e2e-"));
  writeProject(folder, files);
  const aws = await startLocalAws({
    paths,
    toolchain,
    env: process.env,
    minute: settings.minute,
    work: join(folder, "work"),
    log: join(folder, "local-aws.log"),
  });
  const env = localEnvironment(
    process.env,
    { endpoint: aws.endpoint, region: "us-east-1" },
    { ...provider.env, TERRAFORM_BINARY_NAME: toolchain.terraform.path, NO_COLOR: "1" },
  );
  const project: Project = {
    folder,
    endpoint: aws.endpoint,
    pid: aws.pid,
    env,
    terraform: toolchain.terraform.path,
    async cdktf(...args) {
      const said = [cdktfProgram(), ...args];
      const { exitCode, output } = await runProgram(process.execPath, said, { cwd: folder, env });
      if (exitCode !== 0) throw new Error(`cdktf ${args.join(" ")}:\n${withoutSpinner(output)}`);
      return output;
    },
    async terraformIn(stack, ...args) {
      const cwd = join(folder, "cdktf.out", "stacks", stack);
      return runProgram(toolchain.terraform.path, args, { cwd, env });
    },
    async expectNoChange(stack) {
      const { exitCode, output } = await project.terraformIn(
        stack,
        ...["plan", "-detailed-exitcode", "-no-color"],
      );
      if (exitCode !== 0 || !output.includes("No changes.")) throw new Error(output);
    },
    calls: () => fetchCalls(aws.endpoint),
    async close() {
      // A test may have ended the local AWS: then there is nobody left to ask.
      const calls = await project.calls().catch(() => []);
      keepCalls(calls, join(folder, "cdktf.out", "stacks"));
      for (const closer of closers) await closer();
      await aws.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return project;
}

/** A project with this `local.tfvars`, deployed. */
export async function deployLake(
  tfvars: string,
  settings?: LocalAwsSettings,
): Promise<DeployedLake> {
  const project = await createProject({ "local.tfvars": tfvars }, settings);
  try {
    await project.cdktf("synth");
    return { ...project, ...(await deployEnvironment(project, "local")) };
  } catch (error) {
    await project.close();
    throw error;
  }
}

/**
 * Deploys `state-<name>` and `data-lake-<name>`, which have been synthesized, by the stock CLI.
 * The lake needs the state bucket and not its lifecycle, for which the provider waits a minute.
 */
export async function deployEnvironment(
  project: Project,
  name: string,
): Promise<Pick<DeployedLake, "names" | "region" | "sources">> {
  const environment = await readEnvironment(join(project.folder, "env"), name);
  const names = physicalNames(namingOf(environment));
  const deploy = (stack: string) =>
    project.cdktf("deploy", stack, "--auto-approve", "--skip-synth");
  const state = deploy(`state-${name}`);
  // Whoever fails first is reported below.
  state.catch(() => {});
  const s3 = new S3Client(clientSettings(project.endpoint, environment.variables.aws_region));
  await Promise.race([
    waitUntilBucketExists(
      { client: s3, maxWaitTime: 120, minDelay: 1, maxDelay: 1 },
      {
        Bucket: names.bucket.state,
      },
    ),
    state,
  ]);
  await Promise.all([state, deploy(`data-lake-${name}`)]);
  const { aws_region: region, sources } = environment.variables;
  return { names, region, sources: Object.keys(sources) };
}

function writeProject(folder: string, files: Readonly<Record<string, string>>): void {
  for (const part of PROJECT_PARTS) symlinkSync(join(ROOT, part), join(folder, part));
  mkdirSync(join(folder, "env"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "env", name), text);
}

/** cdktf draws a spinner even where nobody looks. */
function withoutSpinner(output: string): string {
  return stripVTControlCharacters(output)
    .split("\n")
    .filter((line) => line.trim() !== "" && !/Synthesizing|Stacks? (deploying|waiting)/.test(line))
    .join("\n");
}
