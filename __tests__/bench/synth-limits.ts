/** What of a synthesized lake AWS limits, how much of it there is, and how many sources it holds. */
import { IAM_LIMIT } from "../../src/config/table-lists";
import { characters } from "../support/policy-text";
import type { StackJson } from "./synth-stock-program";

/** One limit, and how much of it a lake takes. */
export interface Use {
  readonly what: string;
  /** The most that AWS takes. */
  readonly most: number;
  readonly used: number;
}

const KB = 1024;

/**
 * All that may grow with the sources, of one lake. The limits' pages, under
 * https://docs.aws.amazon.com: `step-functions/latest/dg/service-quotas.html`,
 * `IAM/latest/UserGuide/reference_iam-quotas.html`,
 * `AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html`,
 * `eventbridge/latest/userguide/eb-quota.html` and
 * `lambda/latest/dg/gettingstarted-limits.html`. Of alarms, policies of a role, rules and patterns
 * AWS gives more to who asks; that more than a lake counts for those of an account is left out.
 */
export function usesOf({ resource }: StackJson): Use[] {
  const all = (type: string) => Object.values(resource[type] ?? {});
  const texts = (type: string, attribute: string) =>
    all(type).map((block) => String(block[attribute] ?? ""));
  const widgets = texts("aws_cloudwatch_dashboard", "dashboard_body").flatMap(
    (body) => JSON.parse(body).widgets as readonly { properties: { metrics?: unknown[] } }[],
  );
  const lines = widgets.map(({ properties }) => properties.metrics?.length ?? 0);
  const managed = texts("aws_iam_policy", "policy").map(characters);
  const environments = all("aws_lambda_function").map((block) => size(block.environment));
  return [
    use("state machine, bytes", KB * KB, texts("aws_sfn_state_machine", "definition").map(bytes)),
    use("a role's inline policies, characters", IAM_LIMIT.inlineCharacters, inlineByRole(resource)),
    use("one managed policy, characters", IAM_LIMIT.managedCharacters, managed),
    use("managed policies of a role", IAM_LIMIT.managedPolicies, [managed.length]),
    use("lines of a graph", 500, lines),
    use("lines of a dashboard", 2500, [sum(lines)]),
    use("widgets of a dashboard", 500, [widgets.length]),
    use("alarms of an account", 5000, [all("aws_cloudwatch_metric_alarm").length]),
    use("rules of an event bus", 300, [all("aws_cloudwatch_event_rule").length]),
    use(
      "one event pattern, characters",
      2048,
      texts("aws_cloudwatch_event_rule", "event_pattern").map(characters),
    ),
    use("a function's environment, bytes", 4 * KB, environments),
  ];
}

/** Sources that fit, by two lakes that differ in their number alone; none where it does not grow. */
export function fitting(
  less: { readonly sources: number; readonly used: number },
  more: { readonly sources: number; readonly used: number },
  most: number,
): number | undefined {
  const each = (more.used - less.used) / (more.sources - less.sources);
  return each > 0 ? Math.floor(less.sources + (most - less.used) / each) : undefined;
}

function inlineByRole(resource: StackJson["resource"]): number[] {
  const byRole = new Map<string, number>();
  for (const { role, policy } of Object.values(resource.aws_iam_role_policy ?? {}))
    byRole.set(String(role), (byRole.get(String(role)) ?? 0) + characters(String(policy)));
  return [...byRole.values()];
}

function use(what: string, most: number, used: readonly number[]): Use {
  return { what, most, used: Math.max(0, ...used) };
}

function size(block: unknown): number {
  const { variables = {} } = (block ?? {}) as { variables?: object };
  return bytes(JSON.stringify(variables));
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
