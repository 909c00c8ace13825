import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RunMetrics, type RunMetricsProps } from "../../src/observability/run-metrics";
import { KEY } from "../support/aws";
import { folderWith } from "../support/folder";
import { ref, statements, synthScope } from "../support/synth";

function synth(change: Partial<RunMetricsProps> = {}) {
  const props: RunMetricsProps = {
    functionName: "lake-metrics-dev",
    roleName: "lake-metrics-role",
    logGroupName: "/aws/lambda/lake-metrics-dev",
    rules: { jobEnded: "lake-job-ended-dev", metricsSchedule: "lake-schedule-dev" },
    zipPath: join(folderWith({ "metrics.zip": "zip" }), "metrics.zip"),
    lake: "lake-dev",
    application: { id: "00f1", arn: "arn:application" },
    etl: { name: "etl-bucket", arn: "arn:etl" },
    prices: { vcpuHour: 0.05, memoryGbHour: 0.005, storageGbHour: 0.0001 },
    watchRunning: true,
    key: KEY,
    logRetentionDays: 30,
    ...change,
  };
  return synthScope((scope) => new RunMetrics(scope, "run-metrics", props));
}

test("the function is told the lake, the application, where runs are, and the prices", () => {
  expect(synth().the("aws_lambda_function").environment.variables).toEqual({
    LAKE: "lake-dev",
    APPLICATION_ID: "00f1",
    ETL_BUCKET: "etl-bucket",
    SOURCES_KEY: "config/sources.json",
    RUNS_PREFIX: "runs/",
    USD_PER_VCPU_HOUR: "0.05",
    USD_PER_MEMORY_GB_HOUR: "0.005",
    USD_PER_STORAGE_GB_HOUR: "0.0001",
  });
});

test("it has time to wait for a bill", () => {
  // Two minutes of waiting, and its calls.
  expect(synth().the("aws_lambda_function").timeout).toBeGreaterThan(120 + 30);
});

test("it may read job runs, sources and summaries, and nothing more", () => {
  const granted = (watchRunning: boolean) =>
    statements(synth({ watchRunning }).the("aws_iam_role_policy").policy).map(
      ({ Sid, Action, Resource }) => [Sid, Action, Resource],
    );
  const logs = `${ref("aws_cloudwatch_log_group.metrics.arn")}:*`;
  const always = [
    ["WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], logs],
    ["ReadJobRuns", "emr-serverless:GetJobRun", "arn:application/jobruns/*"],
    ["ReadSources", "s3:GetObject", "arn:etl/config/sources.json"],
    ["SummariesList", "s3:ListBucket", "arn:etl"],
    ["SummariesRead", "s3:GetObject", ["arn:etl/runs/*"]],
    ["UseKey", ["kms:Decrypt"], KEY.arn],
  ];
  expect(granted(false)).toEqual(always);
  expect(granted(true)).toEqual([
    ...always.slice(0, 2),
    ["ListJobRuns", "emr-serverless:ListJobRuns", "arn:application"],
    ...always.slice(2),
  ]);
});

describe("it is called", () => {
  test("when a job of the application has ended, and for no other", () => {
    const rule = synth().resource("aws_cloudwatch_event_rule", "job_ended");
    expect(rule.name).toBe("lake-job-ended-dev");
    expect(JSON.parse(rule.event_pattern)).toEqual({
      source: ["aws.emr-serverless"],
      "detail-type": ["EMR Serverless Job Run State Change"],
      detail: { applicationId: ["00f1"], state: ["SUCCESS", "FAILED", "CANCELLED"] },
    });
  });

  test("every five minutes where a source's time is watched, and not else", () => {
    const { schedule_expression, name } = synth().resource(
      "aws_cloudwatch_event_rule",
      "metrics_schedule",
    );
    expect([name, schedule_expression]).toEqual(["lake-schedule-dev", "rate(5 minutes)"]);
    const addresses = synth({ watchRunning: false }).addresses();
    expect(addresses.filter((address) => address.includes("metrics_schedule"))).toEqual([]);
  });

  test.each(["job_ended", "metrics_schedule"])("by the rule %s, which alone may", (name) => {
    const stack = synth();
    expect(stack.resource("aws_cloudwatch_event_target", name)).toMatchObject({
      rule: ref(`aws_cloudwatch_event_rule.${name}.name`),
      arn: ref("aws_lambda_function.metrics.arn"),
      // Lambda would refuse the first events.
      depends_on: [`aws_lambda_permission.${name}`],
    });
    expect(stack.resource("aws_lambda_permission", name)).toEqual({
      statement_id: name,
      action: "lambda:InvokeFunction",
      function_name: ref("aws_lambda_function.metrics.function_name"),
      principal: "events.amazonaws.com",
      source_arn: ref(`aws_cloudwatch_event_rule.${name}.arn`),
    });
  });
});
