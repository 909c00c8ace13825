import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { CreateBucketCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { down, status } from "../../src/cli/commands/local";
import { Failure } from "../../src/local/failure";
import { type LocalAws, startLocalAws } from "../../src/local/local-aws";
import { localStatus, writeRecord } from "../../src/local/local-record";
import { machinePaths } from "../../src/local/paths";
import { isAlive } from "../../src/local/processes";
import { prepare } from "../../src/local/python-environment";
import { findToolchain, type Toolchain } from "../../src/local/toolchain";
import { temporaryFolder } from "./support/fake-tools";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await findToolchain(process.env);
  const { python, java } = toolchain;
  const paths = machinePaths();
  await prepare({
    paths,
    env: process.env,
    python,
    java,
    say: () => {},
    progress: () => {},
    defer: () => {},
  });
}, 900_000);

/** Paths whose records and logs lie in a folder of the test's own; the tools are the project's. */
function testPaths() {
  const real = machinePaths();
  const own = machinePaths(temporaryFolder());
  const { root, venv, requirements, pythonPath, jars, environments } = real;
  return {
    ...own,
    root: own.root,
    venv,
    requirements,
    pythonPath,
    jars,
    environments,
    project: root,
  };
}

async function startOne(
  options: Partial<Parameters<typeof startLocalAws>[0]> = {},
): Promise<{ aws: LocalAws; work: string; paths: ReturnType<typeof testPaths> }> {
  const paths = testPaths();
  const work = join(paths.state, "work");
  const aws = await startLocalAws({
    paths,
    toolchain,
    env: process.env,
    work,
    log: join(paths.state, "local-aws.log"),
    ...options,
  });
  onTestFinished(() => aws.stop());
  return { aws, work, paths };
}

function clientOf(aws: LocalAws): S3Client {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new S3Client({ region: "us-east-1", endpoint: aws.endpoint, credentials });
}

test("two local AWS side by side know nothing of each other, and stop leaves nothing", async () => {
  const [one, two] = await Promise.all([startOne(), startOne()]);
  const bucketOf = (aws: LocalAws) =>
    clientOf(aws).send(new HeadBucketCommand({ Bucket: "only-here" }));
  await clientOf(one.aws).send(new CreateBucketCommand({ Bucket: "only-here" }));
  await bucketOf(one.aws);
  await expect(bucketOf(two.aws)).rejects.toMatchObject({ name: "NotFound" });
  await Promise.all([one.aws.stop(), two.aws.stop()]);
  expect([one.aws.pid, two.aws.pid].filter(isAlive)).toEqual([]);
  // Whoever has the port by now, it is not this one: the system gives free ports to anybody.
  await expect(bucketOf(one.aws)).rejects.toThrow();
  expect(readdirSync(one.work)).toEqual([]);
});

test("a port that is taken is a failure with the reason and the log", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const error = await startOne({ port }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  expect((error as Failure).text()).toMatch(/ended at its start.*\n.*cannot listen on .*in use/i);
});

test("one that was left running is found, and `down` ends it", async () => {
  const { aws, paths } = await startOne({ detached: true });
  const { port } = new URL(aws.endpoint);
  writeRecord(paths, {
    pid: aws.pid,
    port: Number(port),
    endpoint: aws.endpoint,
    startedAt: new Date().toISOString(),
    region: "us-east-1",
    ready: true,
  });
  expect((await localStatus(paths)).state).toBe("running");
  await down(paths);
  expect(isAlive(aws.pid)).toBe(false);
  expect((await localStatus(paths)).state).toBe("none");
});

test("a record of a process that is another program now is stale, and that program is spared", async () => {
  const paths = testPaths();
  const other: ChildProcess = spawn("sleep", ["600"]);
  onTestFinished(() => void other.kill());
  writeRecord(paths, {
    pid: other.pid ?? 0,
    port: 4566,
    endpoint: "http://127.0.0.1:4566",
    startedAt: new Date(0).toISOString(),
    region: "us-east-1",
    ready: true,
  });
  expect((await localStatus(paths)).state).toBe("gone");
  await down(paths);
  expect(existsSync(paths.localRecord)).toBe(false);
  expect(isAlive(other.pid ?? 0)).toBe(true);
});

test("status removes a stale record and exits with 1; a broken record counts as none", async () => {
  const paths = testPaths();
  writeRecord(paths, {
    pid: 2 ** 22 + 1,
    port: 4566,
    endpoint: "http://127.0.0.1:4566",
    startedAt: new Date(0).toISOString(),
    region: "us-east-1",
    ready: true,
  });
  onTestFinished(() => {
    process.exitCode = undefined;
  });
  await status(paths);
  expect(process.exitCode).toBe(1);
  expect(existsSync(paths.localRecord)).toBe(false);
  writeFileSync(paths.localRecord, "{");
  expect((await localStatus(paths)).state).toBe("none");
});
