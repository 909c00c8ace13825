"""Each actor of the local AWS calls with its role, and GET /emulator/calls tells of it."""

from __future__ import annotations

import contextlib
import json
import urllib.error
import urllib.request
from typing import Any

from emulator_support import ACCOUNT, REGION, SMALL_JOB, Aws, parquet, unique, until

LOG_GROUPS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:"
STATES = f"arn:aws:states:{REGION}:{ACCOUNT}:"

READS = """
import {{ request }} from 'node:http';
export const handler = async () => {{
  const {{ AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: key }} = process.env;
  const scope = `${{key}}/20250101/{region}/s3/aws4_request`;
  const headers = {{ authorization: `AWS4-HMAC-SHA256 Credential=${{scope}}, Signature=none` }};
  const status = (url) => new Promise((resolve, reject) => {{
    const asked = request(url, {{ headers }}, (answer) => {{
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    }});
    asked.on('error', reject);
    asked.end();
  }});
  return [await status(`${{endpoint}}/{bucket}/raw/a%20b.csv`),
          await status(`${{endpoint}}/{bucket}?list-type=2&prefix=raw%2F`)];
}};"""

COPIES = """
import sys
from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
source, target = sys.argv[1:]
spark.read.csv(source, header=True).coalesce(1).write.parquet(target)
"""


def role(aws: Aws, name: str) -> str:
    """The ARN of a new role, which Lambda may assume."""
    trusted = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    trusted["Principal"] = {"Service": "lambda.amazonaws.com"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    made = aws.iam.create_role(RoleName=unique(name), Path="/lake/", AssumeRolePolicyDocument=trust)
    return made["Role"]["Arn"]


def control(aws: Aws, method: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(f"{aws.endpoint}/emulator/calls", method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def actions(found: set[tuple[str, str]]) -> set[str]:
    return {action for action, _ in found}


def test_what_comes_without_a_role_is_not_noted(aws: Aws) -> None:
    bucket = aws.bucket()
    aws.put(bucket, "key")
    assert not [one for one in control(aws, "GET") if bucket in one["resource"]]


def test_a_function_calls_with_its_role_and_logs_with_it(aws: Aws) -> None:
    bucket, reader = aws.bucket(), role(aws, "reader")
    aws.put(bucket, "raw/a b.csv", b"x")
    name = aws.function(READS.format(bucket=bucket, region=REGION), Role=reader)
    assert aws.invoke(name, {}) == ([200, 200], None)
    assert aws.invoke(name, {}) == ([200, 200], None)
    found = [one for one in control(aws, "GET") if one["role"] == reader]
    get = next(one for one in found if one["action"] == "s3:GetObject")
    listing = next(one for one in found if one["action"] == "s3:ListBucket")
    assert get == {
        "role": reader,
        "action": "s3:GetObject",
        "resource": f"arn:aws:s3:::{bucket}/raw/a b.csv",
        "context": {},
        "count": 2,
    }
    assert listing["context"] == {"s3:prefix": "raw/"}
    assert (listing["resource"], listing["count"]) == (f"arn:aws:s3:::{bucket}", 2)
    group = f"{LOG_GROUPS}/aws/lambda/{name}:"
    logged = {one["action"] for one in found if one["resource"].startswith(group)}
    # The group of a first invocation is not there; a lake makes it, and no role needs to.
    assert logged == {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}
    assert {one["action"].split(":")[0] for one in found} == {"s3", "logs"}


def test_a_log_group_that_is_there_is_not_made(aws: Aws) -> None:
    writer, group = role(aws, "writer"), unique("/lake/functions")
    aws.logs.create_log_group(logGroupName=group)
    code = "export const handler = async () => 1;"
    aws.invoke(aws.function(code, Role=writer, LoggingConfig={"LogGroup": group}), {})
    assert actions(aws.calls(writer)) == {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_a_mapping_reads_the_queue_with_the_role_of_the_function(aws: Aws) -> None:
    url, queue = aws.queue()
    poller = role(aws, "poller")
    code = "export const handler = async () => ({ batchItemFailures: [] });"
    name = aws.function(code, Role=poller)
    made = aws.lambda_.create_event_source_mapping(EventSourceArn=queue, FunctionName=name)

    def read() -> set[str]:
        return {action for action, resource in aws.calls(poller) if resource == queue}

    until(lambda: read() == {"sqs:GetQueueAttributes"})
    aws.sqs.send_message(QueueUrl=url, MessageBody="x")
    everything = {"sqs:GetQueueAttributes", "sqs:ReceiveMessage", "sqs:DeleteMessage"}
    until(lambda: read() == everything)
    aws.lambda_.delete_event_source_mapping(UUID=made["UUID"])


def test_a_failed_event_is_sent_away_with_the_role_of_the_function(aws: Aws) -> None:
    _, dead_letters = aws.queue()
    sender = role(aws, "sender")
    name = aws.function(
        "export const handler = async () => { throw new Error('no'); };",
        Role=sender,
        DeadLetterConfig={"TargetArn": dead_letters},
    )
    aws.lambda_.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")
    until(lambda: ("sqs:SendMessage", dead_letters) in aws.calls(sender))


def test_every_kind_of_task_calls_with_the_role_of_the_machine(aws: Aws) -> None:
    runner, function_role = role(aws, "runner"), role(aws, "function")
    name = aws.function("export const handler = async () => 1;", Role=function_role)
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
    topic = aws.sns.create_topic(Name=unique("topic"))["TopicArn"]
    table = unique("locks")
    aws.dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    other = aws.machine({"A": {"Type": "Pass", "End": True}}, roleArn=role(aws, "other"))
    tasks = {
        "Named": (function, {}),
        "Invoke": ("arn:aws:states:::lambda:invoke", {"FunctionName": function}),
        "Get": (
            "arn:aws:states:::dynamodb:getItem",
            {"TableName": table, "Key": {"id": {"S": "x"}}},
        ),
        "Tell": ("arn:aws:states:::sns:publish", {"TopicArn": topic, "Message": "m"}),
        "Go": ("arn:aws:states:::aws-sdk:sfn:startExecution", {"StateMachineArn": other}),
    }
    branches = [  # in threads of their own
        {
            "StartAt": state,
            "States": {
                state: {"Type": "Task", "Resource": resource, "Parameters": given, "End": True}
            },
        }
        for state, (resource, given) in tasks.items()
    ]
    machine = aws.machine(
        {"All": {"Type": "Parallel", "Branches": branches, "End": True}}, roleArn=runner
    )
    assert aws.execute(machine)["status"] == "SUCCEEDED"
    assert aws.calls(runner) == {
        ("lambda:InvokeFunction", function),
        ("dynamodb:GetItem", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"),
        ("sns:Publish", topic),
        ("states:StartExecution", other),
    }
    assert actions(aws.calls(function_role)) >= {"logs:PutLogEvents"}


def test_a_machine_runs_a_job_and_the_job_calls_with_its_own_role(aws: Aws) -> None:
    runner, worker, bucket = role(aws, "runner"), role(aws, "worker"), aws.bucket()
    aws.put(bucket, "jobs/to_parquet.py", COPIES)
    aws.put(bucket, "raw/flights/a.csv", b"delay\n1\n2\n")
    application, group = aws.application(), unique("/aws/emr-serverless")
    aws.logs.create_log_group(logGroupName=group)
    submit = {
        "EntryPoint": f"s3://{bucket}/jobs/to_parquet.py",
        "EntryPointArguments": [f"s3://{bucket}/raw/flights/", f"s3://{bucket}/processed/flights/"],
        "SparkSubmitParameters": SMALL_JOB,
    }
    monitoring = {
        "S3MonitoringConfiguration": {"LogUri": f"s3://{bucket}/logs/"},
        "CloudWatchLoggingConfiguration": {"Enabled": True, "LogGroupName": group},
    }
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::emr-serverless:startJobRun.sync",
        "Parameters": {
            "ApplicationId": application,
            "ClientToken": unique("token"),
            "ExecutionRoleArn": worker,
            "JobDriver": {"SparkSubmit": submit},
            "ConfigurationOverrides": {"MonitoringConfiguration": monitoring},
        },
        "ResultSelector": {"run.$": "$.JobRunId"},
        "End": True,
    }
    ended = aws.execute(aws.machine({"Run": task}, roleArn=runner), seconds=120)
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    run = json.loads(ended["output"])["run"]

    emr = f"arn:aws:emr-serverless:{REGION}:{ACCOUNT}:/applications/{application}"
    events = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/StepFunctionsGetEventsForEMRServerlessJobRule"
    assert aws.calls(runner) == {
        ("emr-serverless:StartJobRun", emr),
        ("iam:PassRole", worker),
        ("emr-serverless:GetJobRun", f"{emr}/jobruns/{run}"),
        ("events:PutTargets", events),
        ("events:PutRule", events),
        ("events:DescribeRule", events),
    }

    called = aws.calls(worker)
    of_bucket = f"arn:aws:s3:::{bucket}"
    assert ("s3:GetObject", f"{of_bucket}/jobs/to_parquet.py") in called
    assert ("s3:GetObject", f"{of_bucket}/raw/flights/a.csv") in called
    assert ("s3:ListBucket", of_bucket) in called
    assert ("s3:PutObject", f"{of_bucket}/processed/flights/_SUCCESS") in called
    path = f"applications/{application}/jobs/{run}/SPARK_DRIVER"
    assert ("s3:PutObject", f"{of_bucket}/logs/{path}/stdout.gz") in called
    assert {(a, r) for a, r in called if a.startswith("logs:")} == {
        ("logs:DescribeLogGroups", f"{LOG_GROUPS}:log-stream:"),
        ("logs:DescribeLogStreams", f"{LOG_GROUPS}{group}:log-stream:"),
        *(
            (f"logs:{action}", f"{LOG_GROUPS}{group}:log-stream:{path}/{stream}")
            for action in ("CreateLogStream", "PutLogEvents")
            for stream in ("stdout", "stderr")
        ),
    }
    # Nothing beside what is written and read: no call that nobody could name.
    assert actions(called) <= {
        *(f"s3:{a}" for a in ("GetObject", "PutObject", "DeleteObject", "ListBucket")),
        *(f"logs:{a}" for a in ("DescribeLogGroups", "DescribeLogStreams")),
        *(f"logs:{a}" for a in ("CreateLogStream", "PutLogEvents")),
    }


def test_a_crawler_reads_and_writes_with_its_role(aws: Aws) -> None:
    bucket, arn = aws.bucket(), role(aws, "crawler")
    name = arn.split("/")[-1]
    aws.put(bucket, "processed/flights/day=1/a.parquet", parquet({"delay": [1, 2]}))
    database, crawler, last = aws.crawl(
        f"s3://{bucket}/processed/",
        Role=f"lake/{name}",  # AWS takes the path and the name as well as the ARN
        CrawlerSecurityConfiguration="keyed",
    )
    assert last["Status"] == "SUCCEEDED"
    called = aws.calls(arn)
    assert ("s3:GetObject", f"arn:aws:s3:::{bucket}/processed/flights/day=1/a.parquet") in called
    assert ("s3:ListBucket", f"arn:aws:s3:::{bucket}") in called
    glue = f"arn:aws:glue:{REGION}:{ACCOUNT}:"
    for resource in ("catalog", f"database/{database}", f"table/{database}/flights"):
        assert ("glue:CreateTable", glue + resource) in called
        assert ("glue:BatchCreatePartition", glue + resource) in called
    group = f"{LOG_GROUPS}/aws-glue/crawlers-role/lake/{name}-keyed:log-stream:"
    assert ("logs:AssociateKmsKey", group) in called
    assert ("logs:PutLogEvents", group + crawler) in called


def test_an_event_reaches_its_target_with_the_role_of_the_target(aws: Aws) -> None:
    starter = role(aws, "starter")
    machine = aws.machine({"A": {"Type": "Pass", "End": True}})
    aws.rule({"source": ["lake.calls"]}, machine, RoleArn=starter)
    aws.events.put_events(Entries=[{"Source": "lake.calls", "DetailType": "t", "Detail": "{}"}])
    until(lambda: aws.calls(starter) == {("states:StartExecution", machine)})


def test_a_call_that_fails_needed_the_permission_too(aws: Aws) -> None:
    asker = role(aws, "asker")
    code = READS.format(bucket="no-such-bucket", region=REGION)
    assert aws.invoke(aws.function(code, Role=asker), {}) == ([404, 404], None)
    assert ("s3:GetObject", "arn:aws:s3:::no-such-bucket/raw/a b.csv") in aws.calls(asker)


def test_that_an_object_is_not_there_is_told_to_those_who_may_list_it(aws: Aws) -> None:
    bucket, asker = aws.bucket(), role(aws, "asker")
    name = aws.function(READS.format(bucket=bucket, region=REGION), Role=asker)

    def prefixes() -> list[str]:
        found = [
            o for o in control(aws, "GET") if (o["role"], o["action"]) == (asker, "s3:ListBucket")
        ]
        return sorted(one["context"]["s3:prefix"] for one in found)

    assert aws.invoke(name, {}) == ([404, 200], None)
    assert prefixes() == ["raw/", "raw/a b.csv"]
    control(aws, "DELETE")
    aws.put(bucket, "raw/a b.csv", b"x")
    assert aws.invoke(name, {}) == ([200, 200], None)
    assert prefixes() == ["raw/"]


def test_a_call_that_nobody_understands_is_told_all_the_same(aws: Aws) -> None:
    from emulator import calls

    sender = role(aws, "sender")
    aws.invoke(aws.function("export const handler = async () => 1;", Role=sender), {})
    scope = f"{calls.access_key(sender)}/20250101/{REGION}/s3/aws4_request"
    request = urllib.request.Request(f"{aws.endpoint}/bucket?delete", data=b"no XML", method="POST")
    request.add_header("Authorization", f"AWS4-HMAC-SHA256 Credential={scope}, Signature=none")
    with contextlib.suppress(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=10)
    assert ("unreadable:POST /bucket", "*") in aws.calls(sender)


def test_the_calls_can_be_forgotten(aws: Aws) -> None:
    forgotten = role(aws, "forgotten")
    name = aws.function("export const handler = async () => 1;", Role=forgotten)
    aws.invoke(name, {})
    assert aws.calls(forgotten)
    control(aws, "DELETE")
    assert not aws.calls(forgotten)
    aws.invoke(name, {})
    assert aws.calls(forgotten)
