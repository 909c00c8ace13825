/**
 * A lake with room for two Spark jobs and one run slot: what keeps its jobs apart here is the slot
 * alone. One deployment serves the file.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetJobRunCommand,
  ListApplicationsCommand,
  ListJobRunsCommand,
} from "@aws-sdk/client-emr-serverless";
import { StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT } from "../../src/local/paths";
import { type DeployedLake, deployLake } from "./support/deployed-lake";
import { locksOf, mostAtOnce } from "./support/locks";
import { eventually, pipelineOf } from "./support/pipeline";

const DAY = "year=2025/month=10/day=09";
const SLOTS = "run-slots";

const TFVARS = readFileSync(join(ROOT, "env", "local.tfvars"), "utf8")
  .replace(
    /sources = \{/,
    `sources = {
  trains = { format = "json" }
  ships  = { format = "json" }
  broken = { format = "json", schema = "this is no DDL" }`,
  )
  .replace(/^emr_max_workers .*$/m, "emr_max_workers = 4\nmax_concurrent_runs = 1");

let lake: DeployedLake;
let pipeline: ReturnType<typeof pipelineOf>;
let locks: ReturnType<typeof locksOf>;

beforeAll(async () => {
  lake = await deployLake(TFVARS);
  pipeline = pipelineOf(lake);
  locks = locksOf(lake, lake.names.table.locks);
  for (const source of ["flights", "trains", "ships"])
    await pipeline.put(`raw/${source}/${DAY}/one.json`, '{"origin": "A", "delay": 1}\n');
  await pipeline.put(`raw/broken/${DAY}/one.json`, '{"a": 1}\n');
  // What the uploads start themselves is not what is looked at here.
  for (const { executionArn } of await eventually("the runs of the uploads", async () => {
    const found = await pipeline.executions();
    return found.length === 4 ? found : undefined;
  }))
    await pipeline.ended(executionArn);
});
afterAll(() => lake?.close());

it("shows no change on a second plan", async () => {
  await lake.expectNoChange("data-lake-local");
});

it("runs Spark for one of three executions at a time, until each has had its turn", async () => {
  // Of three sources: runs of one would wait for each other without a slot.
  const arns = await Promise.all([
    start("flights", "a"),
    start("trains", "b"),
    start("ships", "c"),
  ]);
  const ended = await Promise.all(arns.map((arn) => pipeline.ended(arn)));
  expect(ended.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
  const jobs = await Promise.all(["a", "b", "c"].map(jobNamed));
  expect(mostAtOnce(jobs)).toBe(1);
  expect(await locks.owners(SLOTS)).toEqual([]);
});

it("has its slot back from a run whose job failed", async () => {
  const run = await pipeline.ended(await start("broken", "fails"));
  expect(run).toMatchObject({ status: "FAILED", error: "StartEMRJobFailed" });
  expect(run.states).toContain("ReleaseRunSlotAfterFailure");
  expect(await locks.owners(SLOTS)).toEqual([]);
});

it("takes the slot of a run that was stopped, once its job has ended", async () => {
  const stopped = await start("flights", "stopped");
  await eventually("the job of the run to stop", () => jobNamed("stopped").catch(() => undefined));
  expect(await locks.owners(SLOTS)).toEqual([stopped]);
  await pipeline.sfn.send(new StopExecutionCommand({ executionArn: stopped }));

  const run = await pipeline.ended(await start("flights", "after"));
  expect(run).toMatchObject({ status: "SUCCEEDED" });
  expect(run.states).toEqual(
    expect.arrayContaining(["PutOutDeadSourceLockOwner", "ReclaimDays", "PutOutDeadRunSlotOwner"]),
  );
  expect(mostAtOnce([await jobNamed("stopped"), await jobNamed("after")])).toBe(1);
  expect(await locks.owners(SLOTS)).toEqual([]);
  expect(await locks.owners("source#flights")).toEqual([]);
});

async function start(source: string, name: string): Promise<string> {
  const { executionArn = "" } = await pipeline.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: pipeline.stateMachineArn,
      name,
      input: JSON.stringify({
        detail: {
          bucket: { name: lake.names.bucket.landing },
          object: { key: `raw/${source}/${DAY}/one.json` },
        },
      }),
    }),
  );
  return executionArn;
}

/** From when to when EMR Serverless had the job of an execution; rejects while there is none. */
async function jobNamed(name: string): Promise<{ start: number; end: number }> {
  const { applications = [] } = await pipeline.emr.send(new ListApplicationsCommand({}));
  const applicationId = applications[0]?.id;
  const { jobRuns = [] } = await pipeline.emr.send(new ListJobRunsCommand({ applicationId }));
  const jobRunId = jobRuns.find((one) => one.name === name)?.id;
  const { jobRun } = await pipeline.emr.send(new GetJobRunCommand({ applicationId, jobRunId }));
  const at = (date: Date | undefined) => date?.getTime() ?? Number.NaN;
  return { start: at(jobRun?.createdAt), end: at(jobRun?.updatedAt) };
}
