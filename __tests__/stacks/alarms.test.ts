/** The alarms of every environment, as they are deployed: none is mute, blind, or a riddle. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isPublished } from "../../src/observability/aws-metrics";
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

test.each(lakes)(
  "every graph of %s is of what is published, and every alarm is on it",
  (_, one) => {
    const { lake } = one;
    const body = JSON.parse(lake.resource("aws_cloudwatch_dashboard", "lake").dashboard_body);
    const shown = body.widgets.flatMap(({ properties }: Block) => properties.alarms ?? []);
    const ids = Object.keys(lake.all("aws_cloudwatch_metric_alarm"));
    expect([...new Set(shown)].sort()).toEqual(
      ids.map((id) => ref(`aws_cloudwatch_metric_alarm.${id}.arn`)).sort(),
    );
    expect(body.widgets.length).toBeLessThanOrEqual(500);
  },
);

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
