import { beforeAll, describe, expect, test } from "vitest";
import { lakeWith } from "../../support/lake";
import type { Call } from "./calls";
import { casesOf, refusals } from "./judge";
import { type ResolvedStack, resolveStack } from "./resolve";
import { sampleCalls } from "./sample-calls";
import { Symbols } from "./symbols";

let here: ResolvedStack;
let there: ResolvedStack;

beforeAll(() => {
  const plain = { format: "json", layout: "parquet" };
  here = resolveStack(lakeWith({ sources: { events: { format: "json" }, plain } }, "here").lake);
  there = resolveStack(
    lakeWith(
      { project: "other", aws_region: "eu-west-1", sources: { orders: { format: "csv" } } },
      "there",
    ).lake,
    { account: "999988887777" },
  );
});

const call = (values: Partial<Call>): Call => ({
  role: here.references.attribute("aws_iam_role.emr_execution", "arn"),
  action: "s3:GetObject",
  resource: "*",
  context: {},
  count: 3,
  ...values,
});

/** A call of one lake, asked of the other. */
const moved = (one: Call) => new Symbols(there).resolve(new Symbols(here).of(one));

test("names are symbols, longest first, with account and region", () => {
  const arn = "arn:aws:glue:us-east-1:123456789012:table/data_lake_processed_here/events";
  expect(new Symbols(here).of(call({ resource: arn }))).toEqual({
    role: "arn:aws:iam::{account}:role/{aws_iam_role.emr_execution}",
    action: "s3:GetObject",
    resource:
      "arn:aws:glue:{region}:{account}:table/{aws_glue_catalog_database.processed}/{source:iceberg}",
    context: {},
    count: 3,
  });
});

describe("a call of one lake in another", () => {
  test.each([
    [
      { resource: "arn:aws:s3:::data-lake-landing-here/raw/events/a.json" },
      { resource: "arn:aws:s3:::other-landing-there/raw/orders/a.json" },
    ],
    [
      { resource: "arn:aws:s3:::data-lake-landing-here/raw/events2/a.json" },
      { resource: "arn:aws:s3:::other-landing-there/raw/events2/a.json" },
    ],
    [
      { resource: "arn:aws:sqs:us-east-1:123456789012:data-lake-ingest-dlq-here" },
      { resource: "arn:aws:sqs:eu-west-1:999988887777:other-ingest-dlq-there" },
    ],
    [
      {
        resource:
          "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/data-lake-trigger-here:log-stream:1",
      },
      {
        resource:
          "arn:aws:logs:eu-west-1:999988887777:log-group:/aws/lambda/other-trigger-there:log-stream:1",
      },
    ],
    [
      { resource: "arn:aws:states:us-east-1:123456789012:execution:data-lake-etl-here:run" },
      { resource: "arn:aws:states:eu-west-1:999988887777:execution:other-etl-there:run" },
    ],
    [
      { context: { "s3:prefix": "raw/events/", "aws:TagKeys": ["events", "a"] } },
      { context: { "s3:prefix": "raw/orders/", "aws:TagKeys": ["events", "a"] } },
    ],
    // A crawled source is any.
    [
      { resource: "arn:aws:s3:::data-lake-processed-here/processed/plain/x" },
      { resource: "arn:aws:s3:::other-processed-there/processed/any/x" },
    ],
  ])("%j", (from, to) => expect(moved(call(from))).toMatchObject(to));

  test("whole, as its own sample", () => {
    const all = sampleCalls(here).map(moved);
    expect(all).toEqual(sampleCalls(there));
    expect(refusals(there, casesOf(there, all as Call[]))).toEqual([]);
  });

  test("is none, where the other has no such thing", () => {
    const vpc = lakeWith({ enable_vpc: true, sources: { events: { format: "json" } } }, "vpc");
    const stack = resolveStack(vpc.lake);
    const role = stack.references.attribute("aws_iam_role.flow_logs", "arn");
    expect(new Symbols(there).resolve(new Symbols(stack).of(call({ role })))).toBeUndefined();
  });
});
