/** What AWS's services call with a role that they were given, beside what is recorded. */
import { globalContext, type KnownCall } from "./calls";
import { crawlerLogs, encryptionOf } from "./encryption";
import { logKeyOfRoles } from "./job-log-key";
import { arnsOf, type ResolvedStack } from "./resolve";
import { blocksOf, jobsOf } from "./services";

const DOCS = "https://docs.aws.amazon.com";

/** Every such call, as documented. */
export function roleCalls(stack: ResolvedStack): KnownCall[] {
  return [
    ...stateMachines(stack),
    ...crawlers(stack),
    ...flowLogs(stack),
    ...jobLogs(stack),
    ...logKeyOfRoles(stack),
  ];
}

function byRole(
  stack: ResolvedStack,
  role: string,
  actions: readonly string[],
  resource: string,
  why: Pick<KnownCall, "because" | "source">,
  context: KnownCall["context"] = {},
): KnownCall[] {
  return actions.map((action) => ({
    principal: role,
    action,
    resource,
    context: { ...globalContext(role, action, stack), ...context },
    ...why,
  }));
}

/** Setting up log delivery; actions that know no resource. */
const DELIVERY = [
  "CreateLogDelivery",
  "GetLogDelivery",
  "UpdateLogDelivery",
  "DeleteLogDelivery",
  "ListLogDeliveries",
  "PutResourcePolicy",
  "DescribeResourcePolicies",
  "DescribeLogGroups",
].map((name) => `logs:${name}`);

/**
 * An execution uses its machine's key as the machine's role, itself and not through another
 * service ("kms:ViaService … can prevent a new execution from starting").
 */
function stateMachines(stack: ResolvedStack): KnownCall[] {
  const encryption = encryptionOf(stack);
  const { partition, region, account } = stack;
  return arnsOf(stack, "aws_sfn_state_machine").flatMap(({ address, arn, block }) => {
    const role = stack.references.text(block.role_arn);
    const key = encryption.get(arn)?.key;
    const logs = block.logging_configuration !== undefined;
    const atRest = {
      because: `${address} is encrypted`,
      source: `${DOCS}/step-functions/latest/dg/encryption-at-rest.html`,
    };
    const delivery = {
      because: `${address} logs`,
      source: `${DOCS}/step-functions/latest/dg/cw-logs.html`,
    };
    return [
      ...(key === undefined
        ? []
        : byRole(stack, role, ["kms:Decrypt", "kms:GenerateDataKey"], key, atRest, {
            "kms:EncryptionContext:aws:states:stateMachineArn": arn,
          })),
      // The context's value is this text, star and all.
      ...(key === undefined || !logs
        ? []
        : byRole(stack, role, ["kms:GenerateDataKey"], key, atRest, {
            "kms:EncryptionContext:SourceArn": `arn:${partition}:logs:${region}:${account}:*`,
          })),
      ...(logs ? byRole(stack, role, DELIVERY, "*", delivery) : []),
    ];
  });
}

/** A crawler with a security configuration has a log group of its own, made with the key. */
function crawlers(stack: ResolvedStack): KnownCall[] {
  return crawlerLogs(stack).flatMap(({ address, role, group, key }) => {
    const why = {
      because: `${address} logs`,
      source: `${DOCS}/glue/latest/dg/set-up-encryption.html`,
    };
    const onGroup = ["logs:CreateLogGroup", ...(key ? ["logs:AssociateKmsKey"] : [])];
    return [
      ...byRole(stack, role, onGroup, `${groupArn(stack, group)}:log-stream:`, why),
      ...byRole(stack, role, WRITE, `${groupArn(stack, group)}:log-stream:crawler`, why),
    ];
  });
}

const WRITE = ["logs:CreateLogStream", "logs:PutLogEvents"];

/** What the page lists, but for CreateLogGroup: the group is there. */
function flowLogs(stack: ResolvedStack): KnownCall[] {
  return blocksOf(stack, "aws_flow_log").flatMap(({ address, block }) => {
    if (block.iam_role_arn === undefined) return [];
    const role = stack.references.text(block.iam_role_arn);
    const group = stack.references.text(block.log_destination);
    const why = {
      because: `${address} publishes`,
      source: `${DOCS}/vpc/latest/userguide/flow-logs-iam-role.html`,
    };
    return [
      ...byRole(stack, role, WRITE, `${group}:log-stream:eni-1-reject`, why),
      ...byRole(stack, role, ["logs:DescribeLogStreams"], `${group}:log-stream:`, why),
      ...byRole(stack, role, ["logs:DescribeLogGroups"], groupArn(stack, ":log-stream:"), why),
    ];
  });
}

/** EMR Serverless writes a job's logs with the job's role. */
function jobLogs(stack: ResolvedStack): KnownCall[] {
  return jobsOf(stack).flatMap(({ role, logUri, logKey, logGroupName, application, startedBy }) => {
    const why = {
      because: `a job of ${startedBy} logs`,
      source: `${DOCS}/emr/latest/EMR-Serverless-UserGuide/logging.html`,
    };
    const id = application.split("/").at(-1);
    const group = groupArn(stack, logGroupName ?? "");
    return [
      ...(logUri === undefined
        ? []
        : byRole(
            stack,
            role,
            ["s3:PutObject"],
            `arn:${stack.partition}:s3:::${logUri.replace("s3://", "").replace(/\/$/, "")}/applications/${id}/jobs/1/SPARK_DRIVER/stderr.gz`,
            why,
            logKey === undefined
              ? {}
              : {
                  "s3:x-amz-server-side-encryption": "aws:kms",
                  "s3:x-amz-server-side-encryption-aws-kms-key-id": logKey,
                },
          )),
      ...(logGroupName === undefined
        ? []
        : [
            ...byRole(stack, role, WRITE, `${group}:log-stream:driver`, why),
            ...byRole(stack, role, ["logs:DescribeLogStreams"], `${group}:log-stream:`, why),
            ...byRole(
              stack,
              role,
              ["logs:DescribeLogGroups"],
              groupArn(stack, ":log-stream:"),
              why,
            ),
          ]),
    ];
  });
}

/** EMR Serverless keeps a job's logs in a bucket of its own, through the VPC's endpoint. */
export function passingCalls(stack: ResolvedStack): KnownCall[] {
  const inVpc = Object.values(
    stack.configuration.resource?.aws_emrserverless_application ?? {},
  ).some((block) => block.network_configuration);
  const vpc = blocksOf(stack, "aws_vpc")[0];
  const principal = "emr-serverless.amazonaws.com";
  if (!inVpc || vpc === undefined || !jobsOf(stack).some(({ managedLogs }) => managedLogs))
    return [];
  return ["s3:PutObject", "s3:PutObjectAcl"].map((action) => ({
    principal,
    action,
    resource: `arn:${stack.partition}:s3:::prod.${stack.region}.appinfo.src/x`,
    context: {
      ...globalContext(principal, action, stack),
      "aws:SourceVpc": stack.references.attribute(vpc.address, "id"),
    },
    because: "EMR Serverless keeps a job's logs",
    source: `${DOCS}/emr/latest/EMR-Serverless-UserGuide/logging.html`,
  }));
}

/** CloudWatch Logs' own way to name all groups leaves group and stream empty. */
function groupArn({ partition, region, account }: ResolvedStack, name: string): string {
  return `arn:${partition}:logs:${region}:${account}:log-group:${name}`;
}
