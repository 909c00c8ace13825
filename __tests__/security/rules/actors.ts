/** Each actor has a role of its own; events and alerts go where the stack says and nowhere else. */
import { attributes, demand, refersTo } from "./attribute";
import { list, statementsIn, statementsOf } from "./documents";
import { type Rule, resources, type Subject, target, verdict } from "./rule";

/** What takes a role, by the attribute that names it, and the service that takes it. */
const ACTORS = [
  ["aws_lambda_function", "role", "lambda.amazonaws.com"],
  ["aws_sfn_state_machine", "role_arn", "states.amazonaws.com"],
  ["aws_glue_crawler", "role", "glue.amazonaws.com"],
  ["aws_flow_log", "iam_role_arn", "vpc-flow-logs.amazonaws.com"],
] as const;

export const ownRoles: Rule = {
  name: "each actor has a role of its own",
  check(subject) {
    const actors = ACTORS.flatMap(([type, field, service]) =>
      resources(subject, type).map((actor) => ({
        actor: actor.address,
        role: target(actor.block[field]),
        service,
      })),
    );
    const statements = statementsOf(subject);
    return actors.map(({ actor, role, service }) => {
      const trusts = statements.some(
        ({ address, document, statement }) =>
          document === "assume_role_policy" &&
          address === role &&
          statement.Principal?.Service === service,
      );
      const others = actors.filter((other) => other.role === role && other.actor !== actor);
      const expected = `a role that ${service} takes, and nobody else`;
      return verdict(actor, expected, role, trusts && others.length === 0);
    });
  },
};

export const permissions: Rule = {
  name: "each role has one policy",
  check: (subject) => [
    ...resources(subject, "aws_iam_role").map(({ address }) => {
      const own = resources(subject, "aws_iam_role_policy").filter(
        ({ block }) => target(block.role) === address,
      );
      const found = own.map((one) => one.address);
      return verdict(address, "one aws_iam_role_policy", found, found.length === 1);
    }),
    ...documents(subject, "aws_iam_role", "assume_role_policy"),
    ...documents(subject, "aws_iam_role_policy", "policy"),
    // Without one AWS gives the account every right to the key.
    ...documents(subject, "aws_kms_key", "policy"),
  ],
};

function documents(subject: Subject, type: string, field: "policy" | "assume_role_policy") {
  return resources(subject, type).map((resource) => {
    const found = statementsIn(resource).filter(({ document }) => document === field);
    const { address, block } = resource;
    return verdict(address, `a document as its ${field}`, block[field], found.length > 0);
  });
}

const QUEUE = refersTo("aws_sqs_queue");
const FUNCTION = refersTo("aws_lambda_function");

/** An event for a queue is kept whatever happens; a function that is called only measures. */
export const destinations = attributes("events and alarms stay in the stack", [
  demand("aws_cloudwatch_event_target", "arn", {
    expected: `${QUEUE.expected} or ${FUNCTION.expected}`,
    holds: (found) => QUEUE.holds(found) || FUNCTION.holds(found),
  }),
  demand(
    "aws_cloudwatch_event_target",
    "dead_letter_config.arn",
    QUEUE,
    ({ block }) => !FUNCTION.holds(block.arn),
  ),
  demand("aws_sns_topic_subscription", "topic_arn", refersTo("aws_sns_topic")),
  demand("aws_s3_bucket_notification", "bucket", refersTo("aws_s3_bucket")),
  demand("aws_s3_object", "bucket", refersTo("aws_s3_bucket")),
  demand("aws_glue_crawler", "s3_target.path", {
    expected: "a folder of a bucket of this stack",
    holds: (found) => /^s3:\/\/\$\{aws_s3_bucket\.\w+\.bucket\}\/\w+\//.test(String(found)),
  }),
]);

/** Beside roles, which have their own policies, only a rule calls a function, and only its target. */
export const callers: Rule = {
  name: "a function is called by rules of this stack that are aimed at it",
  check: (subject) =>
    resources(subject, "aws_lambda_permission").map(({ address, block }) => {
      const { action, principal, function_name, source_arn } = block;
      const [rule, called] = [target(source_arn), target(function_name)];
      const isAimed = resources(subject, "aws_cloudwatch_event_target").some(
        (one) => target(one.block.rule) === rule && target(one.block.arn) === called,
      );
      return verdict(
        address,
        "lambda:InvokeFunction for EventBridge, for one rule whose target the function is",
        { action, principal, function_name, source_arn },
        action === "lambda:InvokeFunction" &&
          principal === "events.amazonaws.com" &&
          rule?.startsWith("aws_cloudwatch_event_rule.") === true &&
          called?.startsWith("aws_lambda_function.") === true &&
          isAimed,
      );
    }),
};

/** Alerts tell of data: they go to whom the environment names. */
export const alerts: Rule = {
  name: "alerts go to the environment's addresses alone",
  check(subject) {
    if (subject.kind === "state") return [];
    const wanted = [...subject.variables.alert_emails].sort();
    const told = resources(subject, "aws_sns_topic_subscription");
    const found = told.map(({ block }) => `${block.protocol}:${block.endpoint}`).sort();
    const expected = wanted.map((email) => `email:${email}`);
    const count = `${wanted.length} subscriptions by e-mail, as alert_emails says`;
    return [
      // Addresses are not shown.
      verdict("aws_sns_topic_subscription", count, told.length, found.join() === expected.join()),
      ...resources(subject, "aws_budgets_budget").map(({ address, block }) => {
        const found = [block.notification].flat().map((one) => ({
          topics: list(one?.subscriber_sns_topic_arns),
          emails: list(one?.subscriber_email_addresses).sort(),
        }));
        return verdict(
          address,
          "the topic and alert_emails as subscribers",
          found.map(({ topics, emails }) => [topics, emails.length]),
          found.length > 0 &&
            found.every(
              ({ topics, emails }) =>
                emails.join() === wanted.join() &&
                topics.length === 1 &&
                refersTo("aws_sns_topic").holds(topics[0]),
            ),
        );
      }),
      ...resources(subject, "aws_cloudwatch_metric_alarm").map(({ address, block }) => {
        const { alarm_actions, ok_actions, insufficient_data_actions } = block;
        const [actions, others] = [list(alarm_actions), [ok_actions, insufficient_data_actions]];
        const isTopic = (one: unknown) => refersTo("aws_sns_topic").holds(one);
        const holds = actions.length === 1 && [actions, ...others].flatMap(list).every(isTopic);
        return verdict(address, "the topic as its action", actions, holds);
      }),
    ];
  },
};
