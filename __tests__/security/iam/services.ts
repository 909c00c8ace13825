/** What AWS's services call by themselves, by what a stack sets up, each as documented. */
import type { Block } from "../../support/synth";
import { globalContext, type KnownCall } from "./calls";
import { crawlerLogs, encryptionOf } from "./encryption";
import { logKeyOfService } from "./job-log-key";
import type { Facts } from "./references";
import { arnsOf, type ResolvedStack, resourcesOf } from "./resolve";

const DOCS = "https://docs.aws.amazon.com";

/** Every call that a service makes under its own name. */
export function serviceCalls(stack: ResolvedStack): KnownCall[] {
  return [
    ...ruleTargets(stack),
    ...alarmActions(stack),
    ...budgetNotices(stack),
    ...accessLogs(stack),
    ...encryptedLogGroups(stack),
    ...deliveredLogs(stack),
    ...assumedRoles(stack),
    ...logKeyOfService(stack),
  ];
}

/** A call by a service on behalf of one resource of the account. */
export function byService(
  facts: Facts,
  call: Omit<KnownCall, "context"> & {
    readonly sourceArn?: string;
    readonly context?: KnownCall["context"];
  },
): KnownCall {
  const { sourceArn, context, ...rest } = call;
  return {
    ...rest,
    context: {
      ...globalContext(call.principal, call.action, facts),
      ...(sourceArn !== undefined && {
        "aws:SourceArn": sourceArn,
        "aws:SourceAccount": facts.account,
      }),
      ...context,
    },
  };
}

/** A list where Terraform's JSON may have one block, several or none. */
function several(block: Block): Block[] {
  return block === undefined ? [] : [block].flat();
}

/** What EventBridge does with an event, by the service of the target. */
const DELIVERIES = [
  { service: "sqs", action: "sqs:SendMessage" },
  { service: "lambda", action: "lambda:InvokeFunction" },
] as const;

/** Events go to a rule's target, and to its dead-letter queue where that fails. */
function ruleTargets(stack: ResolvedStack): KnownCall[] {
  const { references } = stack;
  const rules = arnsOf(stack, "aws_cloudwatch_event_rule");
  return blocksOf(stack, "aws_cloudwatch_event_target").flatMap(({ address, block }) => {
    const name = references.attribute(address, "rule");
    const rule = rules.find((one) => references.attribute(one.address, "name") === name);
    if (rule === undefined) throw new Error(`${address}: the stack has no rule ${name}`);
    const targets = [block.arn, ...several(block.dead_letter_config).map(({ arn }) => arn)];
    return targets
      .map((arn) => references.text(arn))
      .map((resource) => {
        const found = DELIVERIES.find(({ service }) => resource.includes(`:${service}:`));
        if (found === undefined) throw new Error(`${address}: no known delivery to ${resource}`);
        return byService(stack, {
          principal: "events.amazonaws.com",
          action: found.action,
          resource,
          sourceArn: rule.arn,
          because: `${rule.address} sends its events`,
          source: `${DOCS}/eventbridge/latest/userguide/eb-use-resource-based.html`,
        });
      });
  });
}

function alarmActions(stack: ResolvedStack): KnownCall[] {
  return arnsOf(stack, "aws_cloudwatch_metric_alarm").flatMap(({ address, arn, block }) =>
    [block.alarm_actions, block.ok_actions, block.insufficient_data_actions]
      .flatMap(several)
      .map((topic: string) =>
        byService(stack, {
          principal: "cloudwatch.amazonaws.com",
          action: "sns:Publish",
          resource: stack.references.text(topic),
          sourceArn: arn,
          because: `${address} tells of its state`,
          source: `${DOCS}/sns/latest/dg/sns-access-policy-use-cases.html`,
        }),
      ),
  );
}

function budgetNotices(stack: ResolvedStack): KnownCall[] {
  return arnsOf(stack, "aws_budgets_budget").flatMap(({ address, arn, block }) =>
    several(block.notification)
      .flatMap((notification) => several(notification.subscriber_sns_topic_arns))
      .map((topic: string) =>
        byService(stack, {
          principal: "budgets.amazonaws.com",
          action: "sns:Publish",
          resource: stack.references.text(topic),
          sourceArn: arn,
          because: `${address} tells of the cost`,
          source: `${DOCS}/cost-management/latest/userguide/budgets-sns-policy.html`,
        }),
      ),
  );
}

/** Access logs of a bucket go into another. They are not encrypted by a customer's key. */
function accessLogs(stack: ResolvedStack): KnownCall[] {
  const { references } = stack;
  return blocksOf(stack, "aws_s3_bucket_logging").map(({ address }) => {
    const target = references.attribute(address, "target_bucket");
    const prefix = references.attribute(address, "target_prefix");
    return byService(stack, {
      principal: "logging.s3.amazonaws.com",
      action: "s3:PutObject",
      resource: `arn:${stack.partition}:s3:::${target}/${prefix}2026-01-01-00-00-00-0123456789ABCDEF`,
      sourceArn: `arn:${stack.partition}:s3:::${references.attribute(address, "bucket")}`,
      because: `${address} delivers`,
      source: `${DOCS}/AmazonS3/latest/userguide/enable-server-access-logging.html`,
    });
  });
}

/**
 * CloudWatch Logs uses a group's key itself. DescribeKey, which the page lists too, is no use of
 * the key and has no encryption context: under the page's own condition it is never allowed.
 */
function encryptedLogGroups(stack: ResolvedStack): KnownCall[] {
  const actions = ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey"];
  const { partition, region, account } = stack;
  const groups = [...encryptionOf(stack)]
    .filter(([arn]) => arn.includes(":logs:"))
    .map(([arn, { key }]) => ({ arn, key }));
  const crawlers = crawlerLogs(stack).flatMap(({ group, key }) =>
    key === undefined
      ? []
      : [{ arn: `arn:${partition}:logs:${region}:${account}:log-group:${group}`, key }],
  );
  return [...groups, ...crawlers].flatMap(({ arn, key }) =>
    actions.map((action) => logsCall(stack, arn, key, action)),
  );
}

/** A use of a key by CloudWatch Logs for one log group. */
export function logsCall(stack: Facts, group: string, key: string, action: string): KnownCall {
  return byService(stack, {
    principal: `logs.${stack.region}.amazonaws.com`,
    action: `kms:${action}`,
    resource: key,
    context: { "kms:EncryptionContext:aws:logs:arn": group },
    because: `the entries of ${group} are encrypted`,
    source: `${DOCS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html`,
  });
}

/** What an encrypted state machine logs is decrypted on its way to the log group. */
function deliveredLogs(stack: ResolvedStack): KnownCall[] {
  const encryption = encryptionOf(stack);
  return arnsOf(stack, "aws_sfn_state_machine").flatMap(({ address, arn, block }) => {
    const encrypted = encryption.get(arn);
    if (encrypted === undefined || block.logging_configuration === undefined) return [];
    return [
      byService(stack, {
        principal: "delivery.logs.amazonaws.com",
        action: "kms:Decrypt",
        resource: encrypted.key,
        // What the role put there when it made the data key; no page promises aws:SourceAccount.
        context: {
          "kms:EncryptionContext:SourceArn": `arn:${stack.partition}:logs:${stack.region}:${stack.account}:*`,
        },
        because: `${address} is encrypted and logs`,
        source: `${DOCS}/step-functions/latest/dg/encryption-at-rest.html`,
      }),
    ];
  });
}

/** How a service that takes a role is named, and the field in which a resource names the role. */
const TAKEN_BY: Readonly<Record<string, { service: string; field: string; source: string }>> = {
  aws_sfn_state_machine: {
    service: "states.amazonaws.com",
    field: "role_arn",
    source: `${DOCS}/step-functions/latest/dg/procedure-create-iam-role.html`,
  },
  aws_glue_crawler: {
    service: "glue.amazonaws.com",
    field: "role",
    source: `${DOCS}/glue/latest/dg/cross-service-confused-deputy-prevention.html`,
  },
  aws_lambda_function: {
    service: "lambda.amazonaws.com",
    field: "role",
    source: `${DOCS}/lambda/latest/dg/lambda-intro-execution-role.html`,
  },
  aws_flow_log: {
    service: "vpc-flow-logs.amazonaws.com",
    field: "iam_role_arn",
    source: `${DOCS}/vpc/latest/userguide/flow-logs-iam-role.html`,
  },
};

/** Services take the roles that they are given. Lambda is not documented to say for whom. */
function assumedRoles(stack: ResolvedStack): KnownCall[] {
  const { references, partition, region, account } = stack;
  const taken = Object.entries(TAKEN_BY).flatMap(([type, { service, field, source }]) =>
    blocksOf(stack, type).map(({ address, block }) => ({
      service,
      source,
      address,
      role: references.text(block[field]),
      sourceArn:
        type === "aws_lambda_function"
          ? undefined
          : type === "aws_flow_log"
            ? `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/fl-1`
            : references.attribute(address, "arn"),
    })),
  );
  const jobs = jobsOf(stack).map(({ role, application }) => ({
    service: "emr-serverless.amazonaws.com",
    source: `${DOCS}/emr/latest/EMR-Serverless-UserGuide/security-iam-confused-deputy.html`,
    address: "the job",
    role,
    sourceArn: application,
  }));
  return [...taken, ...jobs].map(({ service, source, address, role, sourceArn }) =>
    byService(stack, {
      principal: service,
      action: "sts:AssumeRole",
      resource: role,
      ...(sourceArn !== undefined && { sourceArn }),
      because: `${address} works with it`,
      source,
    }),
  );
}

/** What a state machine's definition says of the Spark job that it starts. */
export interface Job {
  readonly role: string;
  readonly application: string;
  /** `s3://` URI that EMR Serverless writes logs under. */
  readonly logUri?: string | undefined;
  readonly logGroupName?: string | undefined;
  /** ARN of the key that those logs are encrypted with. */
  readonly logKey?: string | undefined;
  /** ARN of the role that submits the job. */
  readonly submitter: string;
  /** Whether EMR Serverless keeps logs in a bucket of its own too, as it does unless told. */
  readonly managedLogs: boolean;
  /** The machine's address. */
  readonly startedBy: string;
}

/** The Spark jobs that state machines start. */
export function jobsOf(stack: ResolvedStack): Job[] {
  return blocksOf(stack, "aws_sfn_state_machine").flatMap(({ address, block }) => {
    const states = JSON.parse(stack.references.text(block.definition)).States as Block;
    return Object.values<Block>(states)
      .filter(({ Parameters }) => Parameters?.ExecutionRoleArn !== undefined)
      .map(({ Parameters }) => {
        const monitoring = Parameters.ConfigurationOverrides?.MonitoringConfiguration;
        const application = arnsOf(stack, "aws_emrserverless_application").find(({ arn }) =>
          arn.endsWith(`/${Parameters.ApplicationId}`),
        );
        return {
          role: Parameters.ExecutionRoleArn,
          application: application?.arn ?? "",
          logUri: monitoring?.S3MonitoringConfiguration?.LogUri,
          logGroupName: monitoring?.CloudWatchLoggingConfiguration?.LogGroupName,
          managedLogs: monitoring?.ManagedPersistenceMonitoringConfiguration?.Enabled !== false,
          logKey: monitoring?.S3MonitoringConfiguration?.EncryptionKeyArn,
          startedBy: address,
          submitter: stack.references.text(block.role_arn),
        };
      });
  });
}

/** Resources of one type. */
export function blocksOf(stack: ResolvedStack, type: string) {
  return resourcesOf(stack.configuration).filter((resource) => resource.type === type);
}
