"""Failures on demand: refused calls, killed programs, events that are late or come twice."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from emulator_support import ICEBERG_CONF, REGION, SMALL_JOB, Aws, unique, until


class Control:
    """`/emulator/…` of an emulator."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def __call__(self, method: str, what: str, **given: Any) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.endpoint}/emulator/{what}", method=method)
        request.data = json.dumps(given).encode() if method == "POST" else None
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def fault(self, service: str, action: str, **more: Any) -> int:
        return self("POST", "faults", service=service, action=action, **more)["id"]

    def hits(self, fault: int) -> int:
        listed = self("GET", "faults")["faults"]
        return next(one["hits"] for one in listed if one["id"] == fault)

    def refusal(self, what: str, **given: Any) -> str:
        with pytest.raises(urllib.error.HTTPError) as refused:
            self("POST", what, **given)
        assert refused.value.code == 400
        return json.loads(refused.value.read())["message"]


@pytest.fixture
def control(aws: Aws) -> Iterator[Control]:
    found = Control(aws.endpoint)
    yield found
    found("DELETE", "faults")
    found("DELETE", "deliveries")


def error_of(call: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as raised:
        call()
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_a_call_fails_as_often_as_asked_in_every_protocol(aws: Aws, control: Control) -> None:
    bucket, (url, _) = aws.bucket(), aws.queue()
    topic = aws.sns.create_topic(Name=unique("topic"))["TopicArn"]
    function = aws.function("export const handler = async () => 1;")
    calls = {
        ("s3", "PutObject", "SlowDown", 503): lambda: aws.put(bucket, "key"),
        ("sqs", "SendMessage", "ThrottlingException", 400): lambda: aws.sqs.send_message(
            QueueUrl=url, MessageBody="x"
        ),
        ("sns", "Publish", "InternalError", 500): lambda: aws.sns.publish(
            TopicArn=topic, Message="x"
        ),
        ("glue", "GetDatabases", "ThrottlingException", 400): aws.glue.get_databases,
        ("lambda", "Invoke", "TooManyRequestsException", 429): lambda: aws.invoke(function),
        ("emr-serverless", "ListApplications", "InternalServerException", 500): (
            aws.emr.list_applications
        ),
    }
    for (service, action, error, status), call in calls.items():
        fault = control.fault(service, action, error=error, times=2)
        assert [error_of(call), error_of(call)] == [(error, status)] * 2
        call()
        assert control.hits(fault) == 2


def test_operations_of_one_path_are_told_apart(aws: Aws, control: Control) -> None:
    bucket = aws.bucket()
    control.fault("s3", "UploadPart", error="InternalError", times=9)
    control.fault("s3", "CopyObject", error="SlowDown", times=9)
    control.fault("s3", "ListObjectsV2", error="AccessDenied", status=403, times=9)
    aws.put(bucket, "a folder/key")
    upload = aws.s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
    part = {"Bucket": bucket, "Key": "big", "UploadId": upload, "PartNumber": 1, "Body": b"x"}
    assert error_of(lambda: aws.s3.upload_part(**part))[0] == "InternalError"
    source = {"CopySource": f"{bucket}/a folder/key", "Bucket": bucket, "Key": "copy"}
    assert error_of(lambda: aws.s3.copy_object(**source))[0] == "SlowDown"
    assert error_of(lambda: aws.s3.list_objects_v2(Bucket=bucket)) == ("AccessDenied", 403)
    assert aws.s3.list_objects(Bucket=bucket)["Contents"][0]["Key"] == "a folder/key"


def test_some_calls_pass_first_and_others_do_not_match(aws: Aws, control: Control) -> None:
    bucket = aws.bucket()
    control.fault("s3", "PutObject", error="InternalError", match="/raw/", skip=1)
    for key in ("raw/1", "processed/1", "processed/2"):
        aws.put(bucket, key)
    assert error_of(lambda: aws.put(bucket, "raw/2"))[0] == "InternalError"
    aws.put(bucket, "raw/2", b"whole")
    assert aws.s3.get_object(Bucket=bucket, Key="raw/2")["Body"].read() == b"whole"


def test_an_sdk_that_tries_again_gets_through(aws: Aws, control: Control) -> None:
    patient = boto3.client(
        "stepfunctions",
        endpoint_url=aws.endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 3, "mode": "standard"}),
    )
    machine = aws.machine({"A": {"Type": "Pass", "End": True}})
    fault = control.fault("stepfunctions", "StartExecution", error="ThrottlingException", times=2)
    patient.start_execution(stateMachineArn=machine)
    assert control.hits(fault) == 2


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"service": "s4", "action": "PutObject", "error": "x"}, "no service s4"),
        ({"service": "s3", "action": "Put", "error": "x"}, "s3 has no action Put"),
        ({"service": "s3", "action": "PutObject"}, "an error, or what to kill"),
        ({"service": "s3", "action": "PutObject", "kill": "me"}, "job_run or function"),
        ({"service": "s3", "action": "PutObject", "error": "x", "tims": 1}, "argument 'tims'"),
        ({"service": "s3", "action": "PutObject", "error": "x", "when": "now"}, "before or after"),
        ({"service": "cloudwatch", "action": "PutMetricData", "error": "x"}, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_refused(
    control: Control, given: dict[str, Any], reason: str
) -> None:
    assert reason in control.refusal("faults", **given)
    assert control("GET", "faults") == {"faults": []}


def test_other_mistakes_are_refused(control: Control) -> None:
    assert "between 0 and 1, not 7" in control.refusal("deliveries", bucket="b", duplicate=7)
    assert "known are faults" in control.refusal("nothing")


def lake_event(aws: Aws, source: str) -> None:
    aws.events.put_events(Entries=[{"Source": source, "DetailType": "t", "Detail": "{}"}])


def test_eventbridge_tries_a_throttled_target_again(aws: Aws, control: Control) -> None:
    (url, queue), (dead_url, dead), source = aws.queue(), aws.queue(), unique("source")
    aws.rule({"source": [source]}, queue, DeadLetterConfig={"Arn": dead})
    name = queue.rpartition(":")[2]
    fault = control.fault("sqs", "SendMessage", error="ThrottlingException", match=name, times=2)
    lake_event(aws, source)
    assert aws.receive(url)["source"] == source
    assert control.hits(fault) == 2
    assert aws.is_empty(dead_url)


def test_a_target_that_stays_away_leads_to_the_dead_letter_queue(
    aws: Aws, control: Control
) -> None:
    (_, queue), (dead_url, dead), source = aws.queue(), aws.queue(), unique("source")
    retry = {"RetryPolicy": {"MaximumRetryAttempts": 1}}
    aws.rule({"source": [source]}, queue, DeadLetterConfig={"Arn": dead}, **retry)
    name = queue.rpartition(":")[2]
    fault = control.fault("sqs", "SendMessage", error="InternalError", match=name, times=99)
    lake_event(aws, source)
    assert aws.receive(dead_url)["source"] == source
    assert control.hits(fault) == 2


def test_a_throttled_function_gets_its_messages_again(aws: Aws, control: Control) -> None:
    url, queue = aws.queue(VisibilityTimeout="2")
    name = aws.function("export const handler = async () => console.log('ran');", Timeout=2)
    fault = control.fault("lambda", "Invoke", error="TooManyRequestsException", match=name)
    aws.lambda_.create_event_source_mapping(EventSourceArn=queue, FunctionName=name, BatchSize=1)
    aws.sqs.send_message(QueueUrl=url, MessageBody="x")
    until(lambda: any("ran" in line for line in aws.log_lines(f"/aws/lambda/{name}")))
    assert control.hits(fault) == 1


def test_events_come_twice_and_out_of_order_by_the_seed(aws: Aws, control: Control) -> None:
    url, queue = aws.queue()
    bucket = aws.bucket(eventbridge=True)
    detail = {"bucket": {"name": [bucket]}}
    aws.rule({"source": ["aws.s3"], "detail": detail}, queue)
    disturbance = {"bucket": bucket, "keys": "raw/*", "seed": 7, "duplicate": 0.5, "delay": 1}
    control("POST", "deliveries", **disturbance)
    sent = [f"raw/{number:02d}" for number in range(20)]
    for key in sent:
        aws.put(bucket, key)
    found = until(lambda: (d := control("GET", "deliveries"))["pending"] == 0 and d)
    copies = found["disturbances"][0]["copies"]
    assert 0 < copies < 20
    got = [aws.receive(url)["detail"]["object"]["key"] for _ in range(20 + copies)]
    assert aws.is_empty(url)
    assert set(got) == set(sent)
    assert list(dict.fromkeys(got)) != sent
    # The same seed, the same copies.
    control("POST", "deliveries", **disturbance)
    for key in sent:
        aws.put(bucket, key)
    until(lambda: control("GET", "deliveries")["pending"] == 0)
    again = [aws.receive(url)["detail"]["object"]["key"] for _ in range(20 + copies)]
    assert sorted(again) == sorted(got)
    # Keys that do not match come at once; and everything does, when it is over.
    aws.put(bucket, "other")
    assert aws.receive(url, 1)["detail"]["object"]["key"] == "other"
    control("DELETE", "deliveries")
    aws.put(bucket, "raw/calm")
    assert aws.receive(url, 1)["detail"]["object"]["key"] == "raw/calm"


SLEEPER = "import time; time.sleep(60)"


def test_a_running_job_is_killed_by_its_id(aws: Aws, control: Control) -> None:
    bucket, application = aws.bucket(), aws.application()
    aws.put(bucket, "job.py", SLEEPER)
    job = aws.job(application, f"s3://{bucket}/job.py")
    until(lambda: control("POST", "kill", name=f"job_run:{job}")["killed"] == 1)
    run = aws.job_run(application, job)
    assert run["state"] == "FAILED"
    assert "ExitCode: -9" in run["stateDetails"]
    assert control("POST", "kill", name=f"job_run:{job}") == {"killed": 0}


COMMITTER = """
import sys
from pyspark.sql import SparkSession

bucket, database = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()
table = f"lake.{database}.flights"
if not spark.catalog.tableExists(table):
    place = f"s3://{bucket}/processed/flights"
    spark.sql(f"CREATE TABLE {table} (delay BIGINT) USING iceberg LOCATION '{place}'")
spark.range(5).withColumnRenamed("id", "delay").writeTo(table).append()
"""


@pytest.mark.parametrize(("when", "rows"), [("before", "0"), ("after", "5")])
def test_a_job_is_killed_at_its_commit(aws: Aws, control: Control, when: str, rows: str) -> None:
    """Killed before the catalog has heard of the commit there are no rows, and after it all."""
    bucket, database = aws.bucket(), unique("database").replace("-", "_")
    aws.glue.create_database(DatabaseInput={"Name": database})
    aws.put(bucket, "job.py", COMMITTER)
    application = aws.application()
    # The table is created by CreateTable; the commit of the rows is the first UpdateTable.
    commit = control.fault("glue", "UpdateTable", match=database, kill="job_run", when=when)
    parameters = f"{SMALL_JOB} {ICEBERG_CONF.format(bucket=bucket)}"
    arguments = (f"s3://{bucket}/job.py", bucket, database)
    run = aws.job_run(application, aws.job(application, *arguments, parameters=parameters))
    assert run["state"] == "FAILED"
    assert "ExitCode: -9" in run["stateDetails"]
    assert control.hits(commit) == 1
    assert aws.rows("SELECT count(*) FROM flights", database, bucket)[1:] == [[rows]]


def test_a_function_is_killed_in_the_middle(aws: Aws, control: Control, tmp_path: Path) -> None:
    url, queue = aws.queue(VisibilityTimeout="3")
    # Whenever it is met, it runs until it is let go: there is no moment that a kill could miss.
    released = tmp_path / "released"
    code = """
        import { existsSync } from 'node:fs';
        export const handler = async () => {
          while (!existsSync('RELEASED')) await new Promise((r) => setTimeout(r, 50));
          console.log('ran to its end');
        };"""
    name = aws.function(code.replace("RELEASED", str(released)), Timeout=3)
    aws.lambda_.create_event_source_mapping(EventSourceArn=queue, FunctionName=name, BatchSize=1)
    aws.sqs.send_message(QueueUrl=url, MessageBody="x")
    until(lambda: control("POST", "kill", name=f"function:{name}")["killed"])
    released.touch()
    until(lambda: any("ran to" in x for x in aws.log_lines(f"/aws/lambda/{name}")), 20)
