/**
 * Terraform's state, by the stock CLI: its bucket, the way of that bucket's own state into it, its
 * lock, and the way back from what goes wrong. The tests stand in the order of a state's life; those
 * of the lock use the lake's state while the provider waits a minute for the bucket's lifecycle.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  S3Client,
  waitUntilBucketExists,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUCKET_PARTS } from "../support/bucket-parts";
import { clientSettings } from "./support/aws-client";
import { createProject, type Project } from "./support/deployed-lake";
import { holdRequests } from "./support/held-requests";
import { applyUpToItsQuestion, cdktfThrough, lockOf, stateKey, unwrapped } from "./support/state";

const QA = 'project = "lake"\n';
const BUCKET = "lake-state-qa";
const STATE = "state-qa";
const LAKE = "data-lake-qa";
/** The bucket, that of its access logs, and what both are held by. */
const ADDRESSES = [
  "aws_s3_bucket_logging.state",
  "data.aws_caller_identity.current",
  "data.aws_partition.current",
  ...BUCKET_PARTS.flatMap((type) => [`${type}.state`, `${type}.state_logs`]),
].sort();

let project: Project;
let s3: S3Client;
/** The first deploy of the state bucket, under way. */
let bootstrap: Promise<string>;

beforeAll(async () => {
  project = await createProject({
    "qa.tfvars": QA,
    "early.tfvars": `${QA}state_in_bucket = true\n`,
  });
  s3 = new S3Client(clientSettings(project.endpoint));
  await project.cdktf("synth");
  bootstrap = project.cdktf("deploy", STATE, "--auto-approve", "--skip-synth");
  // Awaited below, by the tests that need it.
  bootstrap.catch(() => {});
  await Promise.race([
    waitUntilBucketExists({ client: s3, maxWaitTime: 60, minDelay: 1 }, { Bucket: BUCKET }),
    bootstrap,
  ]);
  await terraform(LAKE, "init", "-input=false");
});
afterAll(() => project?.close());

const deploy = (stack: string, ...options: string[]) =>
  project.cdktf("deploy", stack, "--auto-approve", "--skip-synth", ...options);

/** What cdktf says when it fails. */
const refusal = async (run: Promise<string>) =>
  unwrapped(
    (
      await run.then(
        (said) => ({ message: `no failure: ${said}` }),
        (e) => e,
      )
    ).message,
  );

/** Runs Terraform in a stack's folder; rejects, with its output, when it fails. */
async function terraform(stack: string, ...args: string[]): Promise<string> {
  const { exitCode, output } = await project.terraformIn(stack, ...args);
  if (exitCode !== 0) throw new Error(`terraform ${args.join(" ")}:\n${output}`);
  return output;
}

const addresses = async (stack: string) =>
  (await terraform(stack, "state", "list")).split("\n").sort();

/** 0: the state, the code and AWS agree; 2: they differ. */
const planned = async (stack: string, ...options: string[]) =>
  (await project.terraformIn(stack, "plan", "-detailed-exitcode", "-no-color", ...options))
    .exitCode;

/** What was changed by hand. Its exit code is no answer: Terraform 1.11 says 2 for "No changes" too. */
async function drifted(stack: string): Promise<string[]> {
  await terraform(stack, "plan", "-refresh-only", "-out=drift");
  const { resource_drift = [] } = JSON.parse(await terraform(stack, "show", "-json", "drift"));
  return resource_drift.map(({ address }: { address: string }) => address);
}

describe("a lock that an apply holds", () => {
  const LANDING = "-target=aws_s3_bucket.landing";

  it("refuses a deploy, naming the holder, since when, what it does and the lock", async () => {
    const first = await applyUpToItsQuestion(project, LAKE, LANDING);
    const { ID, Who, Created } = await lockOf(s3, BUCKET, LAKE);
    const said = await refusal(deploy(LAKE));
    expect(said).toContain("Error acquiring the state lock");
    expect(said).toContain(`ID: ${ID}`);
    expect(said).toContain(`Who: ${Who}`);
    expect(said).toContain("Operation: OperationTypeApply");
    expect(said).toContain(`Created: ${Created.replace("T", " ").replace("Z", " +0000 UTC")}`);

    expect(await first.approve()).toContain("Resources: 1 added, 0 changed, 0 destroyed.");
    expect(await planned(LAKE, LANDING)).toBe(0);
    await expect(lockOf(s3, BUCKET, LAKE)).rejects.toThrow(/specified key does not exist/);
  });

  it("is left behind by one that is killed, and freed by its ID alone", async () => {
    const killed = await applyUpToItsQuestion(project, LAKE, "-target=aws_sns_topic.alerts");
    await killed.kill();
    const { ID } = await lockOf(s3, BUCKET, LAKE);
    expect(await refusal(deploy(LAKE))).toContain(`ID: ${ID}`);

    const other = await project.terraformIn(LAKE, "force-unlock", "-force", "no-such-lock");
    expect(unwrapped(other.output)).toContain(
      `lock ID 'no-such-lock' does not match the existing lock ID '${ID}'`,
    );
    expect(await lockOf(s3, BUCKET, LAKE)).toMatchObject({ ID });
    await terraform(LAKE, "force-unlock", "-force", ID);
    expect(await planned(LAKE, LANDING)).toBe(0);
  });
});

describe("the state of the state bucket", () => {
  it("is not moved into a bucket that does not exist, and nothing is made", async () => {
    expect(await refusal(deploy("state-early"))).toContain(
      'S3 bucket "lake-state-early" does not exist',
    );
    expect(existsSync(join(project.folder, "terraform.state-early.tfstate"))).toBe(false);
  });

  it("lies beside the output folder at first", async () => {
    await bootstrap;
    const state = JSON.parse(readFileSync(localState(), "utf8"));
    expect(state.resources).toHaveLength(ADDRESSES.length);
  });

  it("keeps replaced versions for 90 days", async () => {
    expect(await s3.send(new GetBucketVersioningCommand({ Bucket: BUCKET }))).toMatchObject({
      Status: "Enabled",
    });
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: BUCKET }));
    expect(Rules).toMatchObject([{ NoncurrentVersionExpiration: { NoncurrentDays: 90 } }]);
  });

  it("is not moved by a deploy that was not told to", async () => {
    writeFileSync(join(project.folder, "env/qa.tfvars"), `${QA}state_in_bucket = true\n`);
    await project.cdktf("synth");
    expect(await refusal(deploy(STATE))).toContain("Backend configuration changed");
    expect(await keysOfStates()).not.toContain(stateKey(STATE));
  });

  it("moves into the bucket by --migrate-state, whole; the old file is needed no more", async () => {
    const before = readFileSync(localState(), "utf8");
    await deploy(STATE, "--migrate-state");
    expect(await keysOfStates()).toEqual([stateKey(LAKE), stateKey(STATE)]);
    expect(readFileSync(localState(), "utf8")).toBe(before);
    rmSync(localState());
    expect(await addresses(STATE)).toEqual(ADDRESSES);
    expect(await planned(STATE)).toBe(0);
    expect(existsSync(localState())).toBe(false);
  });

  it("is found by a folder that knows nothing of the move", async () => {
    await forget(STATE);
    expect(await addresses(STATE)).toEqual(ADDRESSES);
  });

  it("is pushed by hand where the folder knew nothing of the old file, and once only", async () => {
    const old = join(project.folder, "old.tfstate");
    writeFileSync(old, await terraform(STATE, "state", "pull"));
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: stateKey(STATE) }));
    await forget(STATE);
    expect((await project.terraformIn(STATE, "state", "list")).output).toContain("No state file");
    await terraform(STATE, "state", "push", old);
    expect(await addresses(STATE)).toEqual(ADDRESSES);
    const again = await project.terraformIn(STATE, "state", "push", old);
    expect(unwrapped(again.output)).toContain("over unrelated state with lineage");
  });

  /** Makes the stack's folder one that has just been synthesized elsewhere. */
  const forget = async (stack: string) => {
    rmSync(join(project.folder, "cdktf.out", "stacks", stack, ".terraform"), { recursive: true });
    await terraform(stack, "init", "-input=false");
  };
  const localState = () => join(project.folder, `terraform.${STATE}.tfstate`);
});

describe("two deploys at once", () => {
  /** Takes away the tag that was set by hand. */
  const MENDING = /^PUT \/lake-state-qa\/?\?tagging/;

  it("mend what was changed by hand once: one does it, the other names it and goes", async () => {
    expect(await drifted(STATE)).toEqual([]);
    await s3.send(
      new PutBucketTaggingCommand({
        Bucket: BUCKET,
        Tagging: { TagSet: [{ Key: "Owner", Value: "someone" }] },
      }),
    );
    expect(await drifted(STATE)).toEqual(["aws_s3_bucket.state"]);
    expect(await planned(STATE)).toBe(2);

    const { endpoint, held, release } = await holdRequests(project.endpoint, MENDING);
    const options = ["--auto-approve", "--skip-synth"];
    const first = cdktfThrough(endpoint, project, "deploy", STATE, ...options);
    // A first that fails before it has the lock would leave the test waiting.
    await Promise.race([held, first]);
    const { ID } = await lockOf(s3, BUCKET, STATE);
    expect(await refusal(deploy(STATE))).toContain(`ID: ${ID}`);
    release();

    const { exitCode, output } = await first;
    expect(output).toContain("Resources: 0 added, 1 changed, 0 destroyed.");
    expect(exitCode).toBe(0);
    expect(await planned(STATE)).toBe(0);
  });
});

describe("a state that went wrong", () => {
  it("is as before when an older version is copied over it", async () => {
    const [version] = await versionsOf(stateKey(STATE));
    await terraform(STATE, "state", "rm", "aws_s3_bucket.state", "aws_s3_bucket_policy.state");
    expect(await addresses(STATE)).not.toContain("aws_s3_bucket.state");
    expect((await versionsOf(stateKey(STATE)))[0]).not.toBe(version);

    const Key = stateKey(STATE);
    const CopySource = `${BUCKET}/${Key}?versionId=${version}`;
    await s3.send(new CopyObjectCommand({ Bucket: BUCKET, Key, CopySource }));
    expect(await addresses(STATE)).toEqual(ADDRESSES);
    expect(await planned(STATE)).toBe(0);
  });

  it("takes in a bucket that exists", async () => {
    await terraform(STATE, "state", "rm", "aws_s3_bucket.state");
    expect(await planned(STATE)).not.toBe(0);
    await terraform(STATE, "import", "-no-color", "aws_s3_bucket.state", BUCKET);
    expect(await planned(STATE)).toBe(0);
  });

  it("follows an address that moved, by hand and by a block in the code", async () => {
    const [from, to] = ["aws_s3_bucket.former", "aws_s3_bucket.state"];
    await terraform(STATE, "state", "mv", to, from);
    expect(await addresses(STATE)).toContain(from);
    const block = join(project.folder, "cdktf.out", "stacks", STATE, "moved.tf.json");
    writeFileSync(block, JSON.stringify({ moved: [{ from, to }] }));
    expect(await terraform(STATE, "apply", "-auto-approve", "-no-color")).toContain(
      "Resources: 0 added, 0 changed, 0 destroyed.",
    );
    rmSync(block);
    expect(await addresses(STATE)).toEqual(ADDRESSES);
  });
});

/** Versions of an object, the newest first. */
async function versionsOf(key: string): Promise<string[]> {
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: key }),
  );
  return Versions.filter(({ Key }) => Key === key).map(({ VersionId = "" }) => VersionId);
}

/** States that lie in the bucket now. */
async function keysOfStates(): Promise<string[]> {
  const keys = [stateKey(LAKE), stateKey(STATE)];
  const there = await Promise.all(
    keys.map((Key) =>
      s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key })).then(
        () => true,
        () => false,
      ),
    ),
  );
  return keys.filter((_, index) => there[index]);
}
