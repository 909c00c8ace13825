/** What happens is written down, and what is written down ends. */
import { isDeepStrictEqual } from "node:util";
import type { Block } from "../../support/synth";
import { absentOr, attributes, demand, is, OWN_KEY, oneOf } from "./attribute";
import { logBuckets } from "./buckets";
import { type Rule, resources, target, valuesAt, verdict } from "./rule";

export const retention: Rule = {
  name: "log groups keep events as long as the environment says",
  check: (subject) =>
    resources(subject, "aws_cloudwatch_log_group").flatMap(({ address, block }) => [
      verdict(
        address,
        `retention_in_days to be ${subject.variables.log_retention_days}`,
        block.retention_in_days,
        block.retention_in_days === subject.variables.log_retention_days,
      ),
    ]),
};

/** Lines that tell who read what are kept no longer than the rest. */
export const accessLogs: Rule = {
  name: "access logs end as the other logs do",
  check(subject) {
    const buckets = logBuckets(subject);
    return resources(subject, "aws_s3_bucket_lifecycle_configuration")
      .filter(({ block }) => buckets.has(target(block.bucket) ?? ""))
      .map(({ address, block }) => {
        const wanted = subject.variables.log_retention_days;
        const ends = [block.rule]
          .flat()
          .filter((rule) => valuesAt(rule, "expiration.days").length > 0);
        const found = ends.map((rule) => [
          valuesAt(rule, "expiration.days"),
          valuesAt(rule, "filter.prefix"),
        ]);
        const holds = isDeepStrictEqual(found, [[[wanted], [""]]]);
        return verdict(address, `all to expire after ${wanted} days`, found, holds);
      });
  },
};

export const written = attributes("runs and functions are logged", [
  demand("aws_sfn_state_machine", "logging_configuration.level", oneOf("ALL", "ERROR")),
  demand("aws_sfn_state_machine", "logging_configuration.include_execution_data", is(true)),
  demand("aws_sfn_state_machine", "logging_configuration.log_destination", {
    expected: "a log group of this stack",
    holds: (found) => /^\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*$/.test(String(found)),
  }),
  demand("aws_lambda_function", "logging_config.log_group", {
    expected: "a log group of this stack",
    holds: (found) => /^\$\{aws_cloudwatch_log_group\.\w+\.name\}$/.test(String(found)),
  }),
  demand("aws_cloudwatch_log_group", "skip_destroy", absentOr(is(false))),
  demand("aws_athena_workgroup", "configuration.publish_cloudwatch_metrics_enabled", is(true)),
]);

/** Where EMR writes what the workers print is said when a job is started: in the definition. */
export const jobLogs: Rule = {
  name: "job logs are encrypted",
  check: (subject) =>
    resources(subject, "aws_sfn_state_machine").map(({ address, block }) => {
      const found = valuesNamed(parsed(block.definition), "S3MonitoringConfiguration");
      return verdict(
        address,
        "S3MonitoringConfiguration with the lake's key as EncryptionKeyArn",
        found,
        found.length > 0 && found.every((one) => OWN_KEY.holds(one.EncryptionKeyArn)),
      );
    }),
};

function parsed(text: string): Block {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function valuesNamed(value: Block, name: string): Block[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === name ? [inner] : valuesNamed(inner, name),
  );
}
