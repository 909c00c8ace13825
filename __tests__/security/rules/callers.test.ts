/** Who may call a function: rules of the stack that are aimed at it, and nobody beside them. */
import { expect, test } from "vitest";
import { type Block, Synthesized } from "../../support/synth";
import { callers, destinations } from "./actors";
import { examine, inWords } from "./rule";
import { subject } from "./subjects";

const lake = await subject("data-lake-full");

/** What the rules say of the stack with one permission, or one target, said otherwise. */
function findings(type: string, name: string, change: Block): string[] {
  const json = JSON.parse(lake.stack.text);
  json.resource[type][name] = { ...json.resource[type][name], ...change };
  const stack = new Synthesized(JSON.stringify(json));
  return examine([callers, destinations], { ...lake, stack }).findings.map(inWords);
}

test("as it is, nothing is found", () => {
  expect(findings("aws_lambda_permission", "job_ended", {})).toEqual([]);
});

test.each<[string, Block]>([
  ["everybody", { principal: "*" }],
  ["another service", { principal: "s3.amazonaws.com" }],
  ["another account", { principal: "999999999999" }],
  ["whoever has a rule in any account", { source_arn: undefined }],
  ["a rule of elsewhere", { source_arn: "arn:aws:events:us-east-1:999999999999:rule/x" }],
  [
    "a rule that is aimed at a queue",
    { source_arn: `\${aws_cloudwatch_event_rule.run_unfinished.arn}` },
  ],
  [
    "its rule, of another function",
    { function_name: `\${aws_lambda_function.trigger.function_name}` },
  ],
  ["its rule, for more than calls", { action: "lambda:*" }],
])("a permission for %s is found", (_, change) => {
  expect(findings("aws_lambda_permission", "job_ended", change)).toEqual([
    expect.stringMatching(/^aws_lambda_permission\.job_ended: expected lambda:InvokeFunction for/),
  ]);
});

test.each([
  ["a function of elsewhere", "arn:aws:lambda:us-east-1:999999999999:function:x"],
  ["a topic", `\${aws_sns_topic.alerts.arn}`],
])("a rule that is aimed at %s is found", (_, arn) => {
  expect(findings("aws_cloudwatch_event_target", "job_ended", { arn })).toContainEqual(
    expect.stringMatching(/^aws_cloudwatch_event_target\.job_ended: expected arn to be/),
  );
});

test("an event for a queue is kept where it cannot be delivered", () => {
  expect(
    findings("aws_cloudwatch_event_target", "run_unfinished", { dead_letter_config: undefined }),
  ).toEqual([expect.stringMatching(/run_unfinished: expected dead_letter_config\.arn to be/)]);
});
