import {
  EMRServerlessClient,
  GetApplicationCommand,
  ListJobRunsCommand,
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
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deployedIn, RunningApplication } from "../../../src/cli/deploy/application";
import { type RunInFlight, runLines } from "../../../src/cli/deploy/in-flight";
import type { Plan } from "../../../src/cli/deploy/plan";
import { localTarget } from "../../../src/cli/target";
import { variablesSchema } from "../../../src/config/schema";
import { Scope } from "../../../src/local/scope";

const ANSWER = { $metadata: {}, message: "no" };
const DEPLOYED = { applicationId: "app", stateMachineArn: "arn:machine", mappingId: "map" };
const REFUSE = { wait: false, waitMinutes: 1 };
const WAIT = { wait: true, waitMinutes: 1 };

/** What AWS is, for one test; `told` is what it was asked to change, in order. */
let aws: {
  told: string[];
  application: string;
  mapping: string;
  runs: string[];
  onAsk: (what: string) => void;
};

beforeEach(() => {
  aws = { told: [], application: "STARTED", mapping: "Enabled", runs: [], onAsk: () => {} };
  const send = (command: unknown) => Promise.resolve().then(() => answer(command));
  for (const client of [EMRServerlessClient, LambdaClient, SFNClient])
    vi.spyOn(client.prototype, "send").mockImplementation(send);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

function answer(command: unknown): unknown {
  if (command instanceof UpdateEventSourceMappingCommand) {
    const what = command.input.Enabled ? "resume" : "pause";
    aws.onAsk(what);
    aws.told.push(what);
    aws.mapping = command.input.Enabled ? "Enabled" : "Disabled";
  }
  if (command instanceof StopApplicationCommand) {
    aws.onAsk("stop");
    aws.told.push("stop");
    aws.application = "STOPPED";
  }
  if (command instanceof GetEventSourceMappingCommand) return { State: aws.mapping };
  if (command instanceof GetApplicationCommand) return { application: { state: aws.application } };
  if (command instanceof ListExecutionsCommand) {
    aws.onAsk("runs");
    return { executions: aws.runs.map((name) => ({ name, startDate: new Date() })) };
  }
  if (command instanceof ListJobRunsCommand) return { jobRuns: [] };
  return {};
}

function running(scope = new Scope(), deployed: object = {}) {
  const target = localTarget(
    { name: "local", variables: variablesSchema.parse({}) },
    "http://127.0.0.1:1",
  );
  return new RunningApplication(target, { ...DEPLOYED, ...deployed }, scope);
}

const work = async () => void aws.told.push("work");

describe("while the application is stopped", () => {
  test("ingestion is paused before, and goes on after", async () => {
    await running().whileStopped(REFUSE, work);
    expect(aws.told).toEqual(["pause", "stop", "work", "resume"]);
  });

  test("one that has stopped already is not asked to", async () => {
    aws.application = "STOPPED";
    await running().whileStopped(REFUSE, work);
    expect(aws.told).toEqual(["pause", "work", "resume"]);
  });

  test("ingestion goes on where the work fails", async () => {
    const failing = () => Promise.reject(new Error("terraform"));
    await expect(running().whileStopped(REFUSE, failing)).rejects.toThrow("terraform");
    expect(aws.told.at(-1)).toBe("resume");
  });

  test("it goes on where the work has taken the mapping away", async () => {
    aws.onAsk = (what) => {
      if (what === "resume") throw new ResourceNotFoundException(ANSWER);
    };
    await running().whileStopped(REFUSE, work);
    expect(aws.told).toEqual(["pause", "stop", "work"]);
  });

  test("nothing is paused where nothing feeds the pipeline", async () => {
    await running(new Scope(), { mappingId: undefined }).whileStopped(REFUSE, work);
    expect(aws.told).toEqual(["stop", "work"]);
  });

  test("an interruption has ingestion go on, once, also while the pause settles", async () => {
    const scope = new Scope();
    const inOrder = aws.told;
    aws.onAsk = (what) => {
      if (what === "pause") queueMicrotask(() => scope.interrupt());
    };
    await expect(running(scope).whileStopped(REFUSE, work)).rejects.toThrow();
    await scope.close();
    expect(inOrder).toEqual(["pause", "resume"]);
  });

  test("a change that still settles is waited for before the next", async () => {
    let busy = 2;
    aws.onAsk = (what) => {
      if (what === "resume" && busy-- > 0) throw new ResourceInUseException(ANSWER);
    };
    await running().whileStopped(REFUSE, work);
    expect(aws.told).toEqual(["pause", "stop", "work", "resume"]);
  });
});

describe("runs in flight", () => {
  test("are named and refused, also those that begin behind the first look", async () => {
    aws.runs = ["etl-a", "etl-b"];
    await expect(running().refuseRuns()).rejects.toThrow(
      /2 runs are in flight:\n {2}etl-a {2}RUNNING, for .*\n {2}etl-b/,
    );
    aws.runs = ["etl-c"];
    await expect(running().whileStopped(REFUSE, work)).rejects.toThrow("etl-c");
    expect(aws.told).toEqual(["pause", "resume"]);
  });

  test("are named where the stop itself is refused for one that has just begun", async () => {
    aws.onAsk = (what) => {
      if (what !== "stop") return;
      aws.runs = ["etl-late"];
      throw new ValidationException(ANSWER);
    };
    await expect(running().whileStopped(REFUSE, work)).rejects.toThrow("etl-late");
    expect(aws.told).toEqual(["pause", "resume"]);
  });

  test("are waited for, behind the pause, and each end renews the time", async () => {
    aws.runs = ["etl-a", "etl-b"];
    let looks = 0;
    vi.useFakeTimers({ toFake: ["Date"] });
    aws.onAsk = (what) => {
      if (what !== "runs") return;
      looks += 1;
      vi.advanceTimersByTime(40_000);
      // Two of 80 s each are more than the minute, and neither is alone.
      if (looks === 2 || looks === 3) aws.runs = aws.runs.slice(1);
    };
    await running().whileStopped(WAIT, work);
    vi.useRealTimers();
    expect(aws.told).toEqual(["pause", "stop", "work", "resume"]);
  });

  test("that do not end are named when the time is over", async () => {
    aws.runs = ["etl-a"];
    vi.useFakeTimers({ toFake: ["Date"] });
    aws.onAsk = (what) => {
      if (what === "runs") vi.advanceTimersByTime(40_000);
    };
    const waiting = running().whileStopped(WAIT, work);
    await expect(waiting).rejects.toThrow("After 1 minute these runs have not ended: etl-a.");
    vi.useRealTimers();
    expect(aws.told).toEqual(["pause", "resume"]);
  });

  test("are listed with their state and age", () => {
    const now = new Date("2025-10-09T12:00:00Z");
    const since = new Date("2025-10-09T11:58:48Z");
    const run: RunInFlight = { name: "etl-a", state: "job SCHEDULED", since };
    expect(runLines([run], now)).toBe("  etl-a  job SCHEDULED, for 1 min 12 s");
  });
});

test("ids are those of the state that the plan began with", () => {
  const resource = (type: string, values: Record<string, unknown>) => ({
    address: `${type}.x`,
    type,
    values,
  });
  const plan = (...resources: ReturnType<typeof resource>[]): Plan => ({
    prior_state: { values: { root_module: { resources } } },
  });
  const application = resource("aws_emrserverless_application", { id: "app" });
  expect(deployedIn({})).toBeUndefined();
  expect(deployedIn(plan(application))).toEqual({ applicationId: "app" });
  expect(
    deployedIn(
      plan(
        application,
        resource("aws_sfn_state_machine", { arn: "arn:machine" }),
        resource("aws_lambda_event_source_mapping", { uuid: "map" }),
      ),
    ),
  ).toEqual(DEPLOYED);
});
