/** `lake local up|down|status`: a local AWS that stays. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { shellLines } from "../../local/aws-environment";
import { Failure } from "../../local/failure";
import { CUSTOMARY_PORT, endProcess, isPortTaken, startLocalAws } from "../../local/local-aws";
import { type LocalRecord, localStatus, removeRecord, writeRecord } from "../../local/local-record";
import { lockFile } from "../../local/lock-file";
import { type MachinePaths, machinePaths } from "../../local/paths";
import { providerSource } from "../../local/provider-mirror";
import { type Scope, withScope } from "../../local/scope";
import { findTerraform } from "../../local/tools/terraform";
import { cdktfContext, prepareMachine } from "../local-lake";
import { runSteps } from "../steps";
import { describedEnvironment, LOCAL } from "../target";
import { print, say, seconds } from "../terminal";

/** Starts a local AWS that stays, unless one runs; prints the variables that lead to it. */
export async function up(port: number | undefined): Promise<void> {
  const paths = machinePaths();
  mkdirSync(paths.state, { recursive: true });
  const release = await lockFile(paths.localRecord, `${paths.localRecord}.lock`);
  try {
    const status = await localStatus(paths);
    if (status.state === "running" && status.record.ready) {
      if (port !== undefined && port !== status.record.port)
        throw new Failure(
          `The local AWS already runs at ${status.record.endpoint}. To change its port: npx lake local down`,
        );
      say(
        `The local AWS already runs at ${status.record.endpoint} (process ${status.record.pid}).`,
      );
      await tell(paths, status.record);
      return;
    }
    if (status.state !== "none") await clean(paths, status.state, status.record);
    await tell(paths, await withScope((scope) => start(scope, paths, port)));
  } finally {
    await release();
  }
}

async function start(
  scope: Scope,
  paths: MachinePaths,
  port: number | undefined,
): Promise<LocalRecord> {
  const environment = await describedEnvironment(LOCAL, paths);
  const region = environment.variables.aws_region;
  let record: LocalRecord | undefined;
  if (port !== undefined && (await isPortTaken(port)))
    throw new Failure(`Port ${port} is taken by another program. Name another, or none.`);
  const machine = await prepareMachine(scope, paths);
  forget(paths);
  await runSteps(
    [
      {
        title: "Start the local AWS",
        run: async (step) => {
          const wanted = port ?? ((await isPortTaken(CUSTOMARY_PORT)) ? undefined : CUSTOMARY_PORT);
          rmSync(paths.localLog, { force: true });
          const aws = await startLocalAws({
            paths,
            toolchain: machine.toolchain,
            env: process.env,
            port: wanted,
            work: paths.localWork,
            log: paths.localLog,
            detached: true,
            defer: (stop) =>
              scope.defer(async () => {
                if (record?.ready) return;
                await stop();
                forget(paths);
              }),
          });
          record = {
            pid: aws.pid,
            port: Number(new URL(aws.endpoint).port),
            endpoint: aws.endpoint,
            startedAt: new Date().toISOString(),
            region,
            ready: false,
          };
          writeRecord(paths, record);
          step.result(aws.endpoint);
        },
      },
      {
        title: "Make the bucket of the Terraform state",
        run: async (step) => {
          if (!record) throw new Failure("the local AWS did not start");
          const { deploy, synth } = await import("../../local/cdktf");
          const { describe } = await import("../../local/terraform-progress");
          const output = join(paths.root, "cdktf.out");
          const context = cdktfContext(scope, machine, record.endpoint, region, {
            output,
            logs: paths.localWork,
          });
          step.now("synthesizing");
          await synth(context);
          await deploy(context, `state-${LOCAL}`, (progress) => step.now(describe(progress)));
          record = { ...record, ready: true };
          writeRecord(paths, record);
        },
      },
    ],
    scope,
  );
  if (!record) throw new Failure("the local AWS did not start");
  return record;
}

/** Variables on stdout; to a terminal, what to do with them. */
async function tell(paths: MachinePaths, record: LocalRecord): Promise<void> {
  const found = await findTerraform(process.env);
  const extra = found.ok ? providerSource(found.tool, process.env, paths).env : {};
  if (found.ok && found.tool.name === "tofu") extra.TERRAFORM_BINARY_NAME = found.tool.path;
  for (const line of shellLines(record, extra)) print(line);
  if (!process.stdout.isTTY) return;
  say();
  say(`The lines above point a shell at it. To run them in this one:  eval "$(npx lake local up)"`);
  say("lake's own commands find it by themselves:");
  say(`  npx lake deploy ${LOCAL} --auto-approve`);
  say("It runs until:  npx lake local down");
}

/** Stops it, if it runs. */
export async function down(paths: MachinePaths = machinePaths()): Promise<void> {
  const status = await localStatus(paths);
  if (status.state === "none") {
    say("The local AWS is not running.");
    return;
  }
  await clean(paths, status.state, status.record);
}

/** Ends what the record names, where it is ours, and forgets it. */
async function clean(
  paths: MachinePaths,
  state: "running" | "silent" | "gone",
  record: LocalRecord,
): Promise<void> {
  if (state === "gone") {
    say(`The local AWS (process ${record.pid}) had ended by itself; its record is removed.`);
  } else {
    const since = Date.now();
    await endProcess(record.pid);
    say(`The local AWS (process ${record.pid}) is stopped, in ${seconds(Date.now() - since)}.`);
  }
  forget(paths);
}

/** Removes what tells of a local AWS that has ended: its record, its files, its bucket's state. */
function forget(paths: MachinePaths): void {
  removeRecord(paths);
  rmSync(paths.localWork, { recursive: true, force: true });
  const state = join(paths.root, `terraform.state-${LOCAL}.tfstate`);
  for (const file of [state, `${state}.backup`]) rmSync(file, { force: true });
}

/** Says whether it runs; exit code 1 where it does not. */
export async function status(paths: MachinePaths = machinePaths()): Promise<void> {
  const found = await localStatus(paths);
  if (found.state === "running") {
    const { endpoint, pid, startedAt, ready } = found.record;
    say(
      `The local AWS ${ready ? "runs" : "is being set up"} (process ${pid}, since ${startedAt}):`,
    );
    print(endpoint);
    return;
  }
  process.exitCode = 1;
  if (found.state === "none") return say("The local AWS is not running.");
  if (found.state === "silent")
    return say(
      `The local AWS (process ${found.record.pid}) does not answer at ${found.record.endpoint}. Its log: ${paths.localLog}. To end it: npx lake local down`,
    );
  removeRecord(paths);
  say(`The local AWS (process ${found.record.pid}) has ended by itself; its record is removed.`);
}
