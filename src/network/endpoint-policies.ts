/**
 * What passes an endpoint, whoever asks. An endpoint without a policy passes calls to every
 * account's buckets, tables and log groups: with credentials of its own, code in the job could
 * carry data out. These let through what the job's role may do, and nothing else.
 */
import { policy, type Statement } from "../iam";
import type { Place } from "../place";

/** S3: the job's buckets, and EMR Serverless's own for the logs behind the Spark UI. */
export function s3ThroughEndpoint(props: {
  readonly place: Place;
  readonly vpcId: string;
  readonly bucketArns: readonly string[];
}): string {
  const managedLogs = props.place.bucketArn(`prod.${props.place.region}.appinfo.src`);
  return policy(
    pass("ListLakeBuckets", ["s3:ListBucket"], props.bucketArns),
    pass(
      "LakeObjects",
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      props.bucketArns.map((arn) => `${arn}/*`),
    ),
    // EMR Serverless User Guide, Logging for EMR Serverless with managed storage.
    pass("EMRServerlessManagedLogging", ["s3:PutObject", "s3:PutObjectAcl"], [`${managedLogs}/*`], {
      StringEquals: {
        "aws:PrincipalServiceName": "emr-serverless.amazonaws.com",
        "aws:SourceVpc": props.vpcId,
      },
    }),
  );
}

/** Glue: tables of this account. Which of them is the job's role's to say. */
export function tablesThroughEndpoint(place: Place): string {
  const arn = (resource: string) => place.arn("glue", resource);
  return policy(
    pass(
      "TablesOfThisAccount",
      ["glue:GetTable", "glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable"],
      [arn("catalog"), arn("database/*"), arn("table/*/*")],
    ),
  );
}

/** CloudWatch Logs: log groups of this account. */
export function logsThroughEndpoint(place: Place): string {
  return policy(
    pass(
      "LogGroupsOfThisAccount",
      ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
      [place.arn("logs", "log-group:*")],
    ),
    // It lists, and knows no resource that could be named.
    pass("FindLogGroup", ["logs:DescribeLogGroups"], ["*"]),
  );
}

function pass(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  condition?: Statement["Condition"],
): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: "*",
    Action: actions,
    Resource: resources,
    ...(condition && { Condition: condition }),
  };
}
