/**
 * Stopping the EMR application: it takes no change while it is started, and a stop ends nothing
 * that runs. While it is stopped for a change, no new run may start it again.
 */
import { setTimeout as delay } from "node:timers/promises";
import {
  EMRServerlessClient,
  GetApplicationCommand,
  paginateListApplications,
  StopApplicationCommand,
  ValidationException,
} from "@aws-sdk/client-emr-serverless";
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ResourceInUseException,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { Failure } from "../../local/failure";
import type { Scope } from "../../local/scope";
import { runSteps, type Step, type StepReport } from "../steps";
import type { Target } from "../target";
import { plural, say } from "../terminal";
import { runLines, runsInFlight } from "./in-flight";
import { deployedResources, type Plan } from "./plan";

/** Milliseconds between two looks. */
const LOOK_MS = { local: 250, aws: 3_000 };
/** Milliseconds that a stop, or a pause of the ingestion, may take; both take about a minute. */
const SETTLE_MS = 10 * 60_000;
/** For what has to be done also where the command is interrupted. */
const NEVER = new AbortController().signal;

/** What is deployed and has to stand still. */
export interface Deployed {
  readonly applicationId: string;
  readonly stateMachineArn: string | undefined;
  /** Feeds the trigger from the queue. */
  readonly mappingId: string | undefined;
}

/** Ids by the state that a plan started from; undefined where there is no application. */
export function deployedIn(plan: Plan): Deployed | undefined {
  const value = (type: string, key: string) => {
    const resource = deployedResources(plan).find((one) => one.type === type);
    return resource?.values[key] as string | undefined;
  };
  const applicationId = value("aws_emrserverless_application", "id");
  return applicationId === undefined
    ? undefined
    : {
        applicationId,
        stateMachineArn: value("aws_sfn_state_machine", "arn"),
        mappingId: value("aws_lambda_event_source_mapping", "uuid"),
      };
}

/** How the application is brought to rest. */
export interface StopOptions {
  /** Wait for runs in flight instead of refusing. */
  readonly wait: boolean;
  /** Minutes that one run in flight may take. */
  readonly waitMinutes: number;
}

export class RunningApplication {
  private readonly emr: EMRServerlessClient;
  private readonly lambda: LambdaClient;
  private readonly sfn: SFNClient;
  private readonly lookMs: number;
  private paused = false;
  private resuming: Promise<void> | undefined;

  constructor(
    target: Target,
    private readonly deployed: Deployed,
    private readonly scope: Scope,
  ) {
    this.emr = new EMRServerlessClient(target.client);
    this.lambda = new LambdaClient(target.client);
    this.sfn = new SFNClient(target.client);
    this.lookMs = target.isLocal ? LOOK_MS.local : LOOK_MS.aws;
  }

  /** The application of this name that is not terminated; undefined where there is none. */
  static async idOf(target: Target): Promise<string | undefined> {
    const client = new EMRServerlessClient(target.client);
    for await (const page of paginateListApplications({ client }, {}))
      for (const { id, name, state } of page.applications ?? [])
        if (name === target.names.application.spark && state !== "TERMINATED") return id;
    return undefined;
  }

  /**
   * Runs `work` while the application is stopped and nothing can start it: the ingestion is paused
   * meanwhile, its events wait in the queue. It goes on afterwards, however `work` ends.
   * @throws Failure when runs are in flight and are not to be waited for
   */
  async whileStopped(options: StopOptions, work: () => Promise<void>): Promise<void> {
    // Before the pause: an interruption may come while it settles.
    this.scope.defer(() => (this.paused ? this.resume() : undefined));
    try {
      await this.pause();
      await this.settle(options);
      await work();
    } finally {
      await this.resume();
    }
  }

  /** Stops it, and says so; `wait` as above. */
  async settle(options: StopOptions): Promise<void> {
    // Again, behind the pause: what was on its way has started by now.
    if (!options.wait) await this.refuseRuns();
    const steps: Step[] = [{ title: "Stop the EMR application", run: (step) => this.stop(step) }];
    if (options.wait)
      steps.unshift({
        title: "Wait for runs in flight",
        run: (step) => this.awaitRuns(step, options.waitMinutes),
      });
    await runSteps(steps, this.scope);
  }

  /** @throws Failure that names the runs in flight */
  async refuseRuns(): Promise<void> {
    const runs = await this.runs();
    if (runs.length > 0)
      throw new Failure(
        `Nothing was changed. The EMR application has to be stopped, and ${plural(runs.length, "run")} ${runs.length === 1 ? "is" : "are"} in flight:\n${runLines(runs, new Date())}\nRun this again when they have ended, or with --wait.`,
      );
  }

  private async awaitRuns(step: StepReport, minutes: number): Promise<void> {
    let runs = await this.runs();
    // Runs that wait for their turn go one after the other: each end renews the time.
    while (runs.length > 0) {
      const names = runs.map(({ name }) => name);
      const late = `these runs have not ended: ${names.join(", ")}`;
      await this.until(minutes * 60_000, late, async () => {
        runs = await this.runs();
        step.now(runs.map(({ name, state }) => `${name} ${state}`).join(", "));
        return names.some((name) => runs.every((run) => run.name !== name));
      });
    }
  }

  private runs() {
    return runsInFlight({ emr: this.emr, sfn: this.sfn, ...this.deployed });
  }

  private async stop(step: StepReport): Promise<void> {
    const { applicationId } = this.deployed;
    const state = async () => {
      const { application } = await this.emr.send(new GetApplicationCommand({ applicationId }));
      return application?.state ?? "unknown";
    };
    const before = await state();
    if (before === "STARTED" || before === "STARTING")
      await this.emr.send(new StopApplicationCommand({ applicationId })).catch(async (error) => {
        // EMR Serverless stops nothing that runs: a run may have begun a moment ago.
        if (error instanceof ValidationException) await this.refuseRuns();
        throw error;
      });
    let now = before;
    await this.until(SETTLE_MS, "the application has not stopped", async () => {
      now = await state();
      step.now(now);
      return !["STARTED", "STARTING", "STOPPING"].includes(now);
    });
    step.result(
      before === now ? `it was ${now}` : `${now}; the next run starts it again by itself`,
    );
  }

  private async pause(): Promise<void> {
    if (this.deployed.mappingId === undefined) return;
    this.paused = true;
    await this.setIngestion(false, this.scope.signal);
    say("Ingestion is paused: events wait in the queue.");
  }

  /** Once, whoever asks first: the end of the work, or an interruption. */
  private resume(): Promise<void> {
    this.resuming ??= (async () => {
      if (!this.paused) return;
      try {
        await this.setIngestion(true, NEVER);
        say("Ingestion goes on.");
      } catch (error) {
        // The plan has replaced or destroyed it.
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
    })();
    return this.resuming;
  }

  private async setIngestion(enabled: boolean, signal: AbortSignal): Promise<void> {
    const UUID = this.deployed.mappingId;
    const wanted = enabled ? "Enabled" : "Disabled";
    let asked = false;
    await this.until(
      SETTLE_MS,
      `the ingestion is not ${wanted.toLowerCase()}`,
      async () => {
        // While one change settles, Lambda takes no other.
        asked ||= await this.ask(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }));
        if (!asked) return false;
        const { State } = await this.lambda.send(new GetEventSourceMappingCommand({ UUID }));
        return State === wanted;
      },
      signal,
    );
  }

  private async ask(command: UpdateEventSourceMappingCommand): Promise<boolean> {
    try {
      await this.lambda.send(command);
      return true;
    } catch (error) {
      if (error instanceof ResourceInUseException) return false;
      throw error;
    }
  }

  private async until(
    milliseconds: number,
    otherwise: string,
    reached: () => Promise<boolean>,
    signal: AbortSignal = this.scope.signal,
  ): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!(await reached())) {
      if (Date.now() > end)
        throw new Failure(`After ${plural(milliseconds / 60_000, "minute")} ${otherwise}.`);
      await delay(this.lookMs, undefined, { signal });
    }
    signal.throwIfAborted();
  }
}
