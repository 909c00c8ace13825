/** What `lake status` exits with, on the project's own `dev`. */
import { STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { status } from "../../../src/cli/commands/status";
import { findTarget } from "../../../src/cli/target";
import { ACCOUNT, awsWith, refuse } from "./aws";

let before: typeof process.exitCode;
let printed: string[];
beforeEach(() => {
  before = process.exitCode;
  process.exitCode = undefined;
  printed = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  process.exitCode = before;
  vi.restoreAllMocks();
});

/** Asks a lake that does well but for `alarms` that ring; resolves with the exit code. */
async function asked(alarms: number, { exitCode = true, isRefused = false } = {}) {
  const { names, environment } = await findTarget("dev");
  const topic = `arn:aws:sns:${environment.variables.aws_region}:${ACCOUNT}:${names.topic.alerts}`;
  const ringing = Array.from({ length: alarms }, (_, index) => ({
    ...{ AlarmName: `${environment.variables.project}-${index}-dev`, StateValue: "ALARM" },
    ...{ AlarmActions: [topic], StateTransitionedTimestamp: new Date(0) },
  }));
  awsWith({
    ListApplications: () => ({
      applications: [{ id: "app", name: names.application.spark, state: "STARTED" }],
    }),
    DescribeAlarms: () => (isRefused ? refuse() : { MetricAlarms: ringing }),
  });
  vi.spyOn(STSClient.prototype, "send").mockImplementation((async () => ({
    Account: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:user/tester`,
  })) as never);
  await status("dev", { json: true, runs: 5, exitCode });
  const { advice } = JSON.parse(printed.join(""));
  return { advice: advice.length, exitCode: process.exitCode };
}

test("--exit-code: 2 from the first thing that needs somebody on", async () => {
  expect(await asked(1)).toEqual({ advice: 1, exitCode: 2 });
});

test("--exit-code: none where nothing does", async () => {
  expect(await asked(0)).toEqual({ advice: 0, exitCode: undefined });
});

test("without --exit-code whatever needs somebody is no failure", async () => {
  expect(await asked(2, { exitCode: false })).toEqual({ advice: 2, exitCode: undefined });
});

test("what could not be asked is 1, with --exit-code too", async () => {
  expect(await asked(0, { isRefused: true })).toMatchObject({ exitCode: 1 });
});
