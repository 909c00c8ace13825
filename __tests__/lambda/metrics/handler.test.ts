/** The function as Lambda runs it: its calls of AWS over HTTP, and what it leaves on stdout. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { ROOT } from "../../support/lake";
import { extracted } from "./support";

const HANDLER = pathToFileURL(`${ROOT}/lambda/metrics/handler.ts`).href;
const JOB = {
  jobRun: {
    applicationId: "app",
    jobRunId: "j1",
    state: "SUCCESS",
    createdAt: 1_700_000_000,
    startedAt: 1_700_000_060,
    totalExecutionDurationSeconds: 75,
    billedResourceUtilization: { vCPUHour: 1, memoryGBHour: 4, storageGBHour: 10 },
    jobDriver: {
      sparkSubmit: {
        entryPoint: "s3://etl/spark/jobs/etl.py",
        entryPointArguments: ["--run-id", "etl-1", "--source", "orders"],
      },
    },
  },
};
const SUMMARY = { rows_read: 4, rows_written: 3, rows_quarantined: 1, bytes_read: 99 };
const ENVIRONMENT = {
  LAKE: "lake-dev",
  APPLICATION_ID: "app",
  ETL_BUCKET: "etl",
  SOURCES_KEY: "config/sources.json",
  RUNS_PREFIX: "runs/",
  USD_PER_VCPU_HOUR: "0.05",
  USD_PER_MEMORY_GB_HOUR: "0.005",
  USD_PER_STORAGE_GB_HOUR: "0.0001",
};
const ENDED = {
  "detail-type": "EMR Serverless Job Run State Change",
  detail: { applicationId: "app", jobRunId: "j1", state: "SUCCESS" },
};

type Answers = Readonly<Record<string, readonly [status: number, body: string]>>;

const ANSWERS: Answers = {
  "/applications/app/jobruns/j1": [200, JSON.stringify(JOB)],
  "/applications/app/jobruns": [200, JSON.stringify({ jobRuns: [{ id: "j1" }] })],
  "/etl/config/sources.json": [200, JSON.stringify({ orders: { format: "json" } })],
  "/etl/runs/etl-1/summary.json": [200, JSON.stringify(SUMMARY)],
};

/** Calls the handler in a process of its own, whose console is Lambda's with JSON logs. */
async function invoke(event: unknown, answers: Answers = ANSWERS, environment = ENVIRONMENT) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    const path = new URL(request.url ?? "", "http://aws").pathname;
    const [status, body] = answers[path] ?? [404, "<Error><Code>NoSuchKey</Code></Error>"];
    request.resume().on("end", () => response.writeHead(status).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const script = `
    for (const level of ["debug", "info", "log", "warn", "error"])
      console[level] = (message) =>
        process.stdout.write(JSON.stringify({ timestamp: "t", level, requestId: "r", message }) + "\\n");
    const { handler } = await import(${JSON.stringify(HANDLER)});
    await handler(JSON.parse(process.argv[1]));`;
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "-e", script, JSON.stringify(event)],
    {
      cwd: ROOT,
      reject: false,
      extendEnv: false,
      env: {
        PATH: process.env.PATH ?? "",
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "x",
        AWS_SECRET_ACCESS_KEY: "x",
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
        ...environment,
      },
    },
  );
  const lines = stdout.split("\n").filter((line) => line !== "");
  return { lines, metrics: lines.flatMap(extracted), asked, stderr, exitCode };
}

test("the end of a job becomes metrics that CloudWatch finds among the log's lines", async () => {
  const { lines, metrics, stderr, exitCode } = await invoke(ENDED);
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(lines).toHaveLength(2);
  expect(Object.fromEntries(metrics.map(({ name, value }) => [name, value]))).toEqual({
    RowsWritten: 3,
    RowsQuarantined: 1,
    QuarantinedPercent: 25,
    BytesRead: 99,
    JobSeconds: 75,
    // By hand: 0.05 + 4 × 0.005 + 10 × 0.0001.
    CostUsd: expect.closeTo(0.071, 9),
  });
  for (const { dimensions } of metrics)
    expect(dimensions).toEqual({ Lake: "lake-dev", Source: "orders" });
});

test("a look at what runs asks for those that run, and publishes their age", async () => {
  const running = { ...JOB, jobRun: { ...JOB.jobRun, state: "RUNNING" } };
  const { metrics, asked } = await invoke(
    { "detail-type": "Scheduled Event" },
    { ...ANSWERS, "/applications/app/jobruns/j1": [200, JSON.stringify(running)] },
  );
  expect(asked[0]).toBe("/applications/app/jobruns?states=RUNNING");
  const since = (Date.now() - 1_700_000_060_000) / 60_000;
  expect(metrics.map(({ name }) => name)).toEqual(["RunningMinutes"]);
  expect(metrics[0]?.value).toBeGreaterThan(since - 2);
  expect(metrics[0]?.value).toBeLessThanOrEqual(since);
});

test("a summary that is not there costs the rows and no more", async () => {
  const { "/etl/runs/etl-1/summary.json": _, ...answers } = ANSWERS;
  const { metrics, lines, exitCode } = await invoke(ENDED, answers);
  expect(exitCode).toBe(0);
  expect(metrics.map(({ name }) => name)).toEqual(["JobSeconds", "CostUsd"]);
  // The log's own lines are wrapped, and are no metrics.
  expect(lines.filter((line) => line.includes("no summary that can be read"))).toHaveLength(1);
});

test("a summary that it may not read makes it fail: the role is wrong, not the run", async () => {
  const { metrics, exitCode } = await invoke(ENDED, {
    ...ANSWERS,
    "/etl/runs/etl-1/summary.json": [403, "<Error><Code>AccessDenied</Code></Error>"],
  });
  expect([metrics, exitCode]).toEqual([[], 1]);
});

test("without the sources it fails, and publishes nothing", async () => {
  const { "/etl/config/sources.json": _, ...answers } = ANSWERS;
  const { metrics, exitCode } = await invoke(ENDED, answers);
  expect([metrics, exitCode]).toEqual([[], 1]);
});

test("without a price it does not begin, and says which", async () => {
  const { stderr, asked } = await invoke(ENDED, ANSWERS, { ...ENVIRONMENT, USD_PER_VCPU_HOUR: "" });
  expect(stderr).toContain("USD_PER_VCPU_HOUR: expected USD for an hour, got");
  expect(asked).toEqual([]);
});
