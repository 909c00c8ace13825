/** What is drawn of the project's own stacks: everything, and joined as the lake works. */
import { describe, expect, test } from "vitest";
import { type Architecture, architectureOf } from "../../../src/cli/report/architecture";
import { StackGraph, type StackJson } from "../../../src/cli/report/graph";
import { layOut } from "../../../src/cli/report/layout";
import { WIDE } from "../../../src/cli/report/picture";
import { environments, lakeWith } from "../../support/lake";

async function stackOf(name: string): Promise<StackJson> {
  return JSON.parse((await environments())[name]?.lake.text ?? "{}");
}

const drawn = (stack: StackJson) => architectureOf(new StackGraph(stack));

/** Arrows as `from verb to`, for each resource of a box. */
function sentences({ boxes, arrows }: Architecture): string[] {
  const all = (id: string) => boxes.find((box) => box.id === id)?.resources ?? [];
  return arrows.flatMap(({ from, to, verb }) =>
    all(from).flatMap((one) => all(to).map((two) => `${one.address} ${verb} ${two.address}`)),
  );
}

test.each(["local", "dev", "staging", "prod"])(
  "all of %s has a place in the picture",
  async (name) => {
    const graph = new StackGraph(await stackOf(name));
    const { boxes, unknown } = architectureOf(graph);
    expect(unknown.map(({ address }) => address)).toEqual([]);
    const placed = boxes.flatMap(({ resources, parts }) => [...resources, ...parts]);
    const addresses = placed.map(({ address }) => address).sort();
    expect(addresses).toEqual(graph.resources.map(({ address }) => address).sort());
  },
);

test("so have the policies of a lake whose tables one policy cannot name", () => {
  const names = Array.from({ length: 80 }, (_, index) => `source_${index}`);
  const sources = Object.fromEntries(names.map((name) => [name, { format: "json" }]));
  const graph = new StackGraph(JSON.parse(lakeWith({ sources }).lake.text));
  expect(graph.all("aws_iam_policy")).toHaveLength(1);
  expect(architectureOf(graph).unknown).toEqual([]);
});

test("the way of the data is joined, by references and by what roles may do", async () => {
  expect(sentences(drawn(await stackOf("prod")))).toEqual(
    expect.arrayContaining([
      "aws_s3_bucket.landing is watched by aws_cloudwatch_event_rule.raw_object_created",
      "aws_cloudwatch_event_rule.raw_object_deleted sends to aws_sqs_queue.ingest",
      "aws_sqs_queue.ingest feeds aws_lambda_function.trigger",
      "aws_sqs_queue.ingest gives up to aws_sqs_queue.ingest_dlq",
      "aws_lambda_function.trigger starts aws_sfn_state_machine.etl_pipeline",
      "aws_sfn_state_machine.etl_pipeline starts aws_emrserverless_application.spark",
      "aws_s3_bucket.landing is read by aws_emrserverless_application.spark",
      "aws_emrserverless_application.spark writes aws_s3_bucket.processed",
      "aws_emrserverless_application.spark writes aws_glue_catalog_database.processed",
      "aws_glue_catalog_database.processed is queried by aws_athena_workgroup.lake",
      "aws_sfn_state_machine.etl_pipeline tells aws_sns_topic.alerts",
    ]),
  );
});

describe("the picture follows the stack", () => {
  test("without the permission there is no arrow", async () => {
    const stack = await stackOf("prod");
    const policies = { ...stack.resource?.aws_iam_role_policy };
    delete policies.emr_execution;
    const without = drawn({ resource: { ...stack.resource, aws_iam_role_policy: policies } });
    // What others may read of it is their roles' matter.
    expect(sentences(without).filter((one) => one.startsWith("aws_emr"))).toEqual([
      "aws_emrserverless_application.spark is watched by aws_cloudwatch_event_rule.job_ended",
      "aws_emrserverless_application.spark is read by aws_lambda_function.metrics",
    ]);
    expect(sentences(without)).toContain(
      "aws_sfn_state_machine.etl_pipeline starts aws_emrserverless_application.spark",
    );
  });

  test("what reads settings alone is not drawn as reading data", async () => {
    const { arrows } = drawn(await stackOf("prod"));
    // The trigger and the state machine read the list of sources; metrics reads what runs wrote.
    expect(arrows.filter(({ from }) => from === "aws_s3_bucket.etl")).toMatchObject([
      { to: "aws_lambda_function.metrics", verb: "is read by" },
    ]);
  });

  test("the job is in the network only where there is one", async () => {
    const framed = async (name: string) =>
      drawn(await stackOf(name)).boxes.find(({ type }) => type === "aws_emrserverless_application")
        ?.frame;
    expect(await framed("prod")).toBe("aws_vpc.lake");
    expect(await framed("dev")).toBeUndefined();
  });

  test("a type that nobody has taught it is named, also with hostile names", async () => {
    const stack = await stackOf("dev");
    const resource = { ...stack.resource, aws_kinesis_stream: { "<b>": {}, clicks: {} } };
    const { unknown } = drawn({ resource });
    expect(unknown.map(({ address }) => address)).toEqual([
      "aws_kinesis_stream.<b>",
      "aws_kinesis_stream.clicks",
    ]);
  });

  test("nothing to draw is drawn", () => {
    expect(drawn({})).toEqual({ boxes: [], arrows: [], unknown: [] });
  });
});

test("boxes do not lie on boxes, and one stack has one layout", async () => {
  const architecture = drawn(await stackOf("prod"));
  const sizes = { ...WIDE.sizes, heightOf: () => 60 };
  const { boxes, width } = layOut(architecture, sizes, 40);
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1))
      expect(
        Math.abs(a.x - b.x) >= a.width || Math.abs(a.y - b.y) >= a.height,
        `${a.box.id} on ${b.box.id}`,
      ).toBe(true);
  expect(layOut(architecture, sizes, 40).width).toBe(width);
});
