/**
 * Calls as the actors' code makes them, by hand: what tests of this folder judge where nothing was
 * recorded. One of each kind, in a lake with one source.
 */
import type { Call } from "./calls";
import { arnsOf, type ResolvedStack } from "./resolve";

/** The sample, with the ARNs of one stack. */
export function sampleCalls(stack: ResolvedStack): Call[] {
  const arn = (type: string, name: string) => stack.references.attribute(`${type}.${name}`, "arn");
  const role = (name: string) => arn("aws_iam_role", name);
  const bucket = (name: string) => arn("aws_s3_bucket", name);
  const { partition, region, account } = stack;
  const local = (rest: string) => rest.replace("{}", `${region}:${account}`);
  const aws = (rest: string) => `arn:${partition}:${local(rest)}`;
  const machine = arn("aws_sfn_state_machine", "etl_pipeline").split(":").at(-1);
  const database = stack.references.attribute("aws_glue_catalog_database.processed", "name");
  const application = arn("aws_emrserverless_application", "spark");
  const source = sourceOf(stack);

  const calls: Call[] = [];
  const by =
    (name: string) =>
    (action: string, resource: string, context: Call["context"] = {}) => {
      calls.push({ role: role(name), action, resource, context, count: 1 });
    };

  const trigger = by("trigger");
  for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])
    trigger(action, arn("aws_sqs_queue", "ingest"));
  trigger("s3:GetObject", `${bucket("etl")}/config/sources.json`);
  trigger("dynamodb:UpdateItem", arn("aws_dynamodb_table", "locks"));
  trigger("states:StartExecution", arn("aws_sfn_state_machine", "etl_pipeline"));
  trigger("states:DescribeExecution", aws(`states:{}:execution:${machine}:etl-1`));
  trigger("sns:Publish", arn("aws_sns_topic", "alerts"));

  const validate = by("validate");
  validate("s3:GetObject", `${bucket("etl")}/config/sources.json`);
  validate("s3:ListBucket", bucket("landing"), { "s3:prefix": `raw/${source}/` });

  const metrics = by("metrics");
  metrics("emr-serverless:GetJobRun", `${application}/jobruns/1`);
  // Granted only where a source has expected_minutes.
  if (stack.configuration.resource?.aws_cloudwatch_event_rule?.metrics_schedule)
    metrics("emr-serverless:ListJobRuns", application);
  for (const key of ["config/sources.json", "runs/etl-1/summary.json"])
    metrics("s3:GetObject", `${bucket("etl")}/${key}`);
  metrics("s3:ListBucket", bucket("etl"), { "s3:prefix": "runs/etl-2/summary.json" });

  for (const name of ["trigger", "validate", "metrics"])
    for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"])
      by(name)(action, `${arn("aws_cloudwatch_log_group", name)}:log-stream:1`);

  const pipeline = by("stepfunctions");
  pipeline("lambda:InvokeFunction", arn("aws_lambda_function", "validate"));
  for (const action of ["dynamodb:UpdateItem", "dynamodb:GetItem"])
    pipeline(action, arn("aws_dynamodb_table", "locks"));
  pipeline("states:DescribeExecution", aws(`states:{}:execution:${machine}:etl-1`));
  pipeline("states:StartExecution", arn("aws_sfn_state_machine", "etl_pipeline"));
  for (const action of ["StartJobRun", "ListJobRuns"])
    pipeline(`emr-serverless:${action}`, application);
  for (const action of ["GetJobRun", "CancelJobRun"])
    pipeline(`emr-serverless:${action}`, `${application}/jobruns/1`);
  pipeline("iam:PassRole", role("emr_execution"), {
    "iam:PassedToService": "emr-serverless.amazonaws.com",
  });
  for (const action of ["PutRule", "PutTargets", "DescribeRule"])
    pipeline(
      `events:${action}`,
      aws("events:{}:rule/StepFunctionsGetEventsForEMRServerlessJobRule"),
    );
  for (const action of ["glue:StartCrawler", "glue:GetCrawler"])
    pipeline(action, arn("aws_glue_crawler", "processed"));
  pipeline("sns:Publish", arn("aws_sns_topic", "alerts"));

  const catalog = [
    aws("glue:{}:catalog"),
    aws(`glue:{}:database/${database}`),
    aws(`glue:{}:table/${database}/${source}`),
  ];
  const spark = by("emr_execution");
  const list = (name: string, prefix: string) =>
    spark("s3:ListBucket", bucket(name), { "s3:prefix": prefix });
  const touch = (name: string, key: string, ...actions: string[]) => {
    for (const action of actions) spark(`s3:${action}`, `${bucket(name)}/${key}`);
  };
  const write = ["PutObject", "AbortMultipartUpload"];
  list("landing", "raw/x");
  touch("landing", "raw/x", "GetObject");
  for (const zone of ["processed", "quarantine"]) {
    list("processed", zone);
    list("processed", `${zone}/x`);
    touch("processed", zone, "GetObject");
    touch("processed", `${zone}/x`, "GetObject", "DeleteObject", ...write);
  }
  for (const folder of ["spark/jobs", "config"]) touch("etl", `${folder}/x`, "GetObject");
  list("etl", "runs/x");
  touch("etl", "runs/x", "DeleteObject", ...write);
  touch("etl", "logs/x", ...write);
  for (const action of ["GetTable", "CreateTable", "UpdateTable", "DeleteTable"])
    for (const resource of catalog) spark(`glue:${action}`, resource);

  const crawler = by("glue_crawler");
  crawler("s3:GetObject", `${bucket("processed")}/processed/${source}/x`);
  crawler("s3:ListBucket", bucket("processed"), { "s3:prefix": `processed/${source}/` });
  for (const action of CRAWLER) for (const resource of catalog) crawler(action, resource);
  crawler("glue:GetSecurityConfiguration", "*");
  return calls;
}

const CRAWLER = [
  "GetDatabase",
  "GetTable",
  "CreateTable",
  "UpdateTable",
  "GetPartition",
  "GetPartitions",
  "BatchGetPartition",
  "BatchCreatePartition",
  "CreatePartition",
  "UpdatePartition",
].map((name) => `glue:${name}`);

/** The first source that the lake has. */
function sourceOf(stack: ResolvedStack): string {
  const { content } = stack.configuration.resource?.aws_s3_object?.sources ?? {};
  return Object.keys(JSON.parse(content ?? "{}"))[0] ?? "none";
}

/** Roles of a stack that the sample has no call of. */
export function silentRoles(stack: ResolvedStack): string[] {
  const heard = new Set(sampleCalls(stack).map(({ role }) => role));
  return arnsOf(stack, "aws_iam_role")
    .map(({ arn }) => arn)
    .filter((arn) => !heard.has(arn));
}
