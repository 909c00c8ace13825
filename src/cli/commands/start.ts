/** `npm start`: the whole lake on this machine, once, on real data. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { deploy, synth } from "../../local/cdktf";
import { Failure } from "../../local/failure";
import { startLocalAws } from "../../local/local-aws";
import { KEEP_LOGS_MS, type MachinePaths, machinePaths, ROOT } from "../../local/paths";
import { isAlive } from "../../local/processes";
import { type Scope, withScope } from "../../local/scope";
import { type QueryResult, queryAthena } from "../athena";
import { Deployment } from "../deployment";
import type { FollowedRun } from "../follow";
import { cdktfContext, type Machine, prepareMachine } from "../local-lake";
import { runSteps, type Step, type StepReport } from "../steps";
import { formatTable } from "../table";
import { describedEnvironment, LOCAL, localTarget, type Target } from "../target";
import { colors, plural, print, say, seconds } from "../terminal";
import { today } from "../upload";
import { ingestSteps, summaryLines } from "./run";

const SOURCE = "flights";
const QUESTION = "The ten airports whose flights leave latest, by mean delay in minutes";
const SQL = `SELECT origin, count(*) AS flights, round(avg(delay), 1) AS mean_delay
FROM ${SOURCE}
GROUP BY origin
HAVING count(*) >= 50
ORDER BY mean_delay DESC
LIMIT 10`;

/** Milliseconds between two looks for the bucket of the state. */
const LOOK_MS = 100;
/** Left in the folder of a start that failed, which keeps its logs. */
const FAILED = "FAILED";

/** Runs everything; leaves nothing running and no files, but the logs of a failure. */
export async function start(): Promise<void> {
  const paths = machinePaths();
  const began = Date.now();
  removeLeftovers(paths);
  const folder = join(paths.state, `start-${process.pid}`);
  const outcome = await withScope(async (scope) => {
    const environment = await describedEnvironment(LOCAL, paths);
    const machine = await prepareMachine(scope, paths);
    mkdirSync(join(folder, "tmp"), { recursive: true });
    let keep = false;
    scope.defer(() => {
      if (!keep) rmSync(folder, { recursive: true, force: true });
    });
    try {
      return await wholeLake(scope, machine, folder, (endpoint) =>
        localTarget(environment, endpoint),
      );
    } catch (error) {
      if (!scope.signal.aborted) {
        keep = true;
        writeFileSync(join(folder, FAILED), new Date().toISOString());
        say(`The logs are kept in ${relative(process.cwd(), folder) || folder}`);
      }
      throw error;
    }
  });
  tell(outcome, Date.now() - began);
}

interface Outcome {
  readonly runs: readonly FollowedRun[];
  readonly resources: number;
  readonly took: ReadonlyMap<string, number>;
}

async function wholeLake(
  scope: Scope,
  machine: Machine,
  folder: string,
  targetAt: (endpoint: string) => Target,
): Promise<Outcome> {
  const { signal } = scope;
  let endpoint = "";
  const startAws: Step = {
    title: "Start the local AWS",
    run: async (step) => {
      const aws = await startLocalAws({
        paths: machine.paths,
        toolchain: machine.toolchain,
        env: { ...process.env, TMPDIR: join(folder, "tmp") },
        work: join(folder, "work"),
        log: join(folder, "local-aws.log"),
        defer: (stop) => scope.defer(stop),
      });
      endpoint = aws.endpoint;
      step.result(endpoint);
    },
  };
  const first = await runSteps([startAws], scope);
  const target = targetAt(endpoint);
  const context = cdktfContext(scope, machine, endpoint, target.client.region, {
    output: join(folder, "cdktf.out"),
    logs: folder,
    temporary: join(folder, "tmp"),
  });
  const deployments: Deployment[] = [];
  const deployStack = (stack: string, ready: (step: StepReport) => Promise<void>): Step => ({
    title: `Deploy ${stack}`,
    run: async (step) => {
      await ready(step);
      const deployment = new Deployment((tell) => deploy(context, stack, tell));
      deployments.push(deployment);
      await deployment.whenUsable(step);
    },
  });
  const runs: FollowedRun[] = [];
  let result: QueryResult | undefined;
  const rest = await runSteps(
    [
      { title: "Synthesize the stacks", run: () => synth(context) },
      [
        deployStack(`state-${LOCAL}`, async () => {}),
        // Its state needs the bucket, not the bucket's lifecycle, which takes a minute.
        deployStack(`data-lake-${LOCAL}`, (step) => {
          step.now("waiting for the bucket of its state");
          return bucketExists(target, signal);
        }),
      ],
      ...ingestSteps(
        target,
        { source: SOURCE, files: [FLIGHTS], date: today(new Date()) },
        signal,
        (ended) => runs.push(...ended),
      ),
      {
        title: "Query the table",
        run: async (step) => {
          result = await queryAthena(target, SQL, signal);
          step.result(plural(result.rows.length, "row"));
        },
      },
    ],
    scope,
  );
  if (!result) throw new Failure("the query gave no result");
  if (result.rows.length === 0) throw new Failure("The query found no rows.");
  tellRows(result);
  let resources = 0;
  const last: Step = {
    title: "Wait until Terraform has ended",
    run: async (step) => {
      for (const deployment of deployments) resources += await deployment.whenEnded(step);
      step.result(plural(resources, "resource"));
    },
  };
  const end = await runSteps([last], scope);
  return { runs, resources, took: new Map([...first, ...rest, ...end]) };
}

async function bucketExists(target: Target, signal: AbortSignal): Promise<void> {
  const s3 = new S3Client(target.client);
  for (;;) {
    try {
      await s3.send(new HeadBucketCommand({ Bucket: target.names.bucket.state }));
      return;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "NotFound") throw error;
    }
    await delay(LOOK_MS, undefined, { signal });
  }
}

/** Twenty thousand domestic flights in the United States of the year 2001. */
const FLIGHTS = join(ROOT, "node_modules", "vega-datasets", "data", "flights-20k.json");

/** As soon as they are there: the rest is Terraform's, which waits for confirmations. */
function tellRows({ columns, rows }: QueryResult): void {
  say();
  say(colors.bold(QUESTION));
  print(formatTable(columns, rows));
  say();
}

function tell({ runs, resources, took }: Outcome, milliseconds: number): void {
  say();
  for (const run of runs) for (const line of summaryLines(run)) say(line);
  say(
    `${plural(resources, "resource")} deployed, ${seconds(milliseconds)} in all. Nothing is left running.`,
  );
  for (const [title, ms] of took) say(colors.dim(`  ${seconds(ms).padStart(11)}  ${title}`));
  say();
  say("What to type next:");
  say("  npx lake local up                               the local AWS, to work with");
  say("  npx lake deploy local --auto-approve            the lake in it");
  say("  npx lake run local --source flights FILE        your own data");
  say('  npx lake query local "SELECT * FROM flights"');
  say("  npm test                                        every test");
}

/** Removes what killed starts left, and the logs of failed ones after some days. */
function removeLeftovers(paths: MachinePaths): void {
  mkdirSync(paths.state, { recursive: true });
  for (const name of readdirSync(paths.state)) {
    const folder = join(paths.state, name);
    const pid = Number(/^start-(\d+)$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid) && !isFreshFailure(folder))
      rmSync(folder, { recursive: true, force: true });
  }
}

function isFreshFailure(folder: string): boolean {
  const mark = statSync(join(folder, FAILED), { throwIfNoEntry: false });
  return mark !== undefined && Date.now() - mark.mtimeMs < KEEP_LOGS_MS;
}
