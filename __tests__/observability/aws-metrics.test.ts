import { expect, test } from "vitest";
import { isPublished, metricOf, PUBLISHED } from "../../src/observability/aws-metrics";

const JOBS = { ApplicationId: "00f1", ApplicationName: "lake-spark-dev" };

test("a metric with its dimensions, in whatever order, is published", () => {
  const { ApplicationId, ApplicationName } = JOBS;
  expect(isPublished(metricOf("jobs", "FailedJobs", { ApplicationName, ApplicationId }))).toBe(
    true,
  );
});

test.each([
  ["without one of its dimensions", { dimensions: { ApplicationId: "00f1" } }],
  ["with a dimension more", { dimensions: { ...JOBS, JobId: "j" } }],
  ["without any", { dimensions: {} }],
  ["of the template's name", { name: "JobsFailed" }],
  ["in another namespace", { namespace: "AWS/ElasticMapReduce" }],
  ["with another metric's dimensions", { name: "CPUAllocated" }],
])("a metric %s is not", (_, change) => {
  expect(isPublished({ ...metricOf("jobs", "FailedJobs", JOBS), ...change })).toBe(false);
});

test("each row says where it stands", () => {
  for (const { source, namespace } of Object.values(PUBLISHED))
    expect(source).toMatch(
      namespace.startsWith("AWS/")
        ? /^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/
        : /contract\.ts$/,
    );
});
