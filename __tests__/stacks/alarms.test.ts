/** The alarms of every environment, as they are deployed: none is mute, blind, or a riddle. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { costOf } from "../../src/config/cost";
import { isPublished } from "../../src/observability/aws-metrics";
import { metricsOf } from "../observability/widget-metrics";
import { environments, ROOT } from "../support/lake";
import { type Block, ref } from "../support/synth";

const TOPIC = ref("aws_sns_topic.alerts.arn");
const runbook = readFileSync(join(ROOT, "docs/operations.md"), "utf8");
const anchors = [...runbook.matchAll(/^### (.*)$/gm)].map(([, heading = ""]) =>
  heading.toLowerCase().replaceAll(" ", "-"),
);
const lakes = Object.entries(await environments());
const alarms = lakes.flatMap(([name, { lake }]) =>
  Object.entries(lake.all("aws_cloudwatch_metric_alarm")).map(
    ([id, block]): [where: string, block: Block] => [`${name} ${id}`, block],
  ),
);

describe.each(alarms)("%s", (_, alarm) => {
  test("tells the topic", () => {
    expect(alarm.alarm_actions).toEqual([TOPIC]);
    if (alarm.ok_actions) expect(alarm.ok_actions).toEqual([TOPIC]);
    expect(alarm.actions_enabled ?? true).toBe(true);
  });

  test("says in words what to do, with a section that exists", () => {
    const [, anchor] =
      /First: .{20,} More: docs\/operations\.md#([\w-]+)$/.exec(alarm.alarm_description) ?? [];
    expect(anchors).toContain(anchor);
  });

  test("says what silence means", () => {
    expect(["breaching", "notBreaching"]).toContain(alarm.treat_missing_data);
  });

  test("watches what is published", () => {
    const { namespace, metric_name: name, dimensions } = alarm;
    expect(isPublished({ namespace, name, dimensions })).toBe(true);
  });
});

describe.each(lakes)("the dashboard of %s", (_, one) => {
  const { lake } = one;
  const body = JSON.parse(lake.resource("aws_cloudwatch_dashboard", "lake").dashboard_body);
  const ids = Object.keys(lake.all("aws_cloudwatch_metric_alarm"));
  const arns = (of: readonly string[]) =>
    of.map((id) => ref(`aws_cloudwatch_metric_alarm.${id}.arn`)).sort();
  const shown = (of: readonly Block[]): string[] =>
    of.flatMap(({ properties }) => properties.alarms ?? []).sort();

  test("has graphs of what is published, with exactly its dimensions", () => {
    const metrics = metricsOf(body.widgets);
    expect(metrics.length).toBeGreaterThan(25);
    expect(metrics.filter((metric) => !isPublished(metric))).toEqual([]);
  });

  test("shows every alarm", () => {
    expect([...new Set(shown(body.widgets))]).toEqual(arns(ids));
    expect(body.widgets.length).toBeLessThanOrEqual(500);
  });

  test("shows the alarms of late sources, and no others, beside what was written", () => {
    const expected = body.widgets.filter(
      ({ properties }: Block) => properties.title === "Sources that are expected",
    );
    const late = Object.entries(one.variables.sources)
      .filter(([, { expected_every_hours: hours }]) => hours !== undefined)
      .map(([source]) => `freshness_${source}`);
    expect(shown(expected)).toEqual(arns(late));
  });

  test("says what the lake is expected to cost", () => {
    const texts = body.widgets.map(({ properties }: Block) => properties.markdown ?? "").join("\n");
    expect(texts).toContain(`Estimate: **${costOf(one).totalUsd.toFixed(2)} USD** a month`);
  });
});

test("some environment expects a source, so that its widget is looked at", () => {
  const expected = lakes.flatMap(([, { lake }]) =>
    Object.keys(lake.all("aws_cloudwatch_metric_alarm")).filter((id) =>
      id.startsWith("freshness_"),
    ),
  );
  expect(expected).not.toEqual([]);
});

test("an alarm stands on every function, every queue and the machine that the stack has", async () => {
  const { prod } = await environments();
  const watched = JSON.stringify(
    Object.values(prod?.lake.all("aws_cloudwatch_metric_alarm") ?? {}).map(
      ({ dimensions }) => dimensions,
    ),
  );
  const names = [
    ...Object.values(prod?.lake.all("aws_lambda_function") ?? {}).map((one) => one.function_name),
    ...Object.values(prod?.lake.all("aws_sqs_queue") ?? {}).map((one) => one.name),
    ref("aws_sfn_state_machine.etl_pipeline.arn"),
    ref("aws_emrserverless_application.spark.id"),
  ];
  expect(names.length).toBeGreaterThanOrEqual(8);
  expect(names.filter((name) => !watched.includes(name))).toEqual([]);
});
