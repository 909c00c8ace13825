"""Starts emulators for tests, and has the short ways to make what the tests need."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from emulator_process import SOURCES, Emulator  # noqa: F401 - for others
from samples import ICEBERG_CONF, SMALL_JOB, parquet, zipped  # noqa: F401 - for others

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(SOURCES))

MINUTE = 0.5  # seconds of a CloudWatch minute in the emulators that most tests share
ACCOUNT, REGION = "123456789012", "eu-central-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/test"
T = TypeVar("T")
_numbers = itertools.count(1)
# One session: it reads the models of the services once, which takes longer than most tests.
_session = boto3.Session("test", "test", region_name=REGION)


def unique(prefix: str) -> str:
    return f"{prefix}-{next(_numbers)}"


def fetched_jars() -> Path:
    """The jars that Spark needs, where the `lake` command keeps them; fetched if they are not."""
    from emulator import jars

    folder = Path(os.environ.get("EMULATOR_JARS") or ROOT / ".lake" / "jars")
    jars.fetch(folder)
    return folder


def until(get: Callable[[], T], seconds: float = 15.0, pause: float = 0.05) -> T:
    """The first true value that `get` returns; an assertion fails when none comes in time."""
    end = time.monotonic() + seconds
    while True:
        value = get()
        if value:
            return value
        assert time.monotonic() < end, f"nothing after {seconds} s"
        time.sleep(pause)


class Aws:
    """boto3 clients on an emulator, and resources in one line each."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        self._clients: dict[str, Any] = {}

    def __getattr__(self, service: str) -> Any:
        name = {"sfn": "stepfunctions", "emr": "emr-serverless", "lambda_": "lambda"}.get(
            service, service
        )
        if name not in self._clients:
            self._clients[name] = _session.client(
                name, endpoint_url=self.endpoint, config=self.config
            )
        return self._clients[name]

    def bucket(self, *, eventbridge: bool = False) -> str:
        name = unique("bucket")
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        if eventbridge:
            self.s3.put_bucket_notification_configuration(
                Bucket=name, NotificationConfiguration={"EventBridgeConfiguration": {}}
            )
        return name

    def put(self, bucket: str, key: str, body: bytes | str = b"x") -> None:
        content = body.encode() if isinstance(body, str) else body
        self.s3.put_object(Bucket=bucket, Key=key, Body=content)

    def queue(self, **attributes: str) -> tuple[str, str]:
        """URL and ARN."""
        name = unique("queue")
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"

    def receive(self, url: str, seconds: float = 10.0) -> dict[str, Any]:
        """One message's body as JSON, deleted from the queue."""

        def one() -> Any:
            return self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=1).get("Messages")

        message = until(one, seconds)[0]
        self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return json.loads(message["Body"])

    def is_empty(self, url: str) -> bool:
        return not self.sqs.receive_message(QueueUrl=url).get("Messages")

    def rule(self, pattern: dict[str, Any], target: str, **more: Any) -> str:
        name = unique("rule")
        state = more.pop("State", "ENABLED")
        self.events.put_rule(Name=name, EventPattern=json.dumps(pattern), State=state)
        self.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": target, **more}])
        return name

    def function(self, code: str, **more: Any) -> str:
        """A Node.js function of one file, `index.mjs`; its name."""
        self._role()
        name = unique("function")
        self.lambda_.create_function(
            **{
                "FunctionName": name,
                "Runtime": "nodejs22.x",
                "Role": ROLE,
                "Handler": "index.handler",
                "Code": {"ZipFile": zipped({"index.mjs": code})},
                "Timeout": 10,
                **more,
            }
        )
        return name

    def _role(self) -> None:
        """moto lets a function have none but an existing role that Lambda may assume."""
        trusted = {"Effect": "Allow", "Action": "sts:AssumeRole"}
        trusted["Principal"] = {"Service": "lambda.amazonaws.com"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
        with contextlib.suppress(self.iam.exceptions.EntityAlreadyExistsException):
            self.iam.create_role(RoleName="test", AssumeRolePolicyDocument=policy)

    def invoke(self, name: str, event: Any = None) -> tuple[Any, str | None]:
        """What the function returns, and FunctionError."""
        answer = self.lambda_.invoke(FunctionName=name, Payload=json.dumps(event))
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")

    def function_arn(self, name: str) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"

    def calls(self, role: str) -> set[tuple[str, str]]:
        """Action and resource of what has been called with a role."""
        with urllib.request.urlopen(f"{self.endpoint}/emulator/calls", timeout=10) as answer:
            listed = json.loads(answer.read())
        return {(one["action"], one["resource"]) for one in listed if one["role"] == role}

    def machine(self, states: dict[str, Any], **more: Any) -> str:
        """A state machine that starts at its first state; its ARN."""
        definition = {"StartAt": next(iter(states)), "States": states, **more.pop("top", {})}
        return self.sfn.create_state_machine(
            name=unique("machine"),
            definition=json.dumps(definition),
            **{"roleArn": ROLE, **more},
        )["stateMachineArn"]

    def execute(self, machine: str, given: Any = None, seconds: float = 20.0) -> dict[str, Any]:
        """Starts an execution and waits for its end."""
        arn = self.sfn.start_execution(
            stateMachineArn=machine, name=unique("run"), input=json.dumps(given or {})
        )["executionArn"]

        def ended() -> Any:
            found = self.sfn.describe_execution(executionArn=arn)
            return found if found["status"] != "RUNNING" else None

        return until(ended, seconds)

    def application(self, **more: Any) -> str:
        return self.emr.create_application(
            **{
                "name": unique("application"),
                "releaseLabel": "emr-7.12.0",
                "type": "SPARK",
                "clientToken": unique("token"),
                **more,
            }
        )["applicationId"]

    def job(self, application: str, entry: str, *arguments: str, **more: Any) -> str:
        driver = {"entryPoint": entry, "entryPointArguments": list(arguments)}
        driver["sparkSubmitParameters"] = more.pop("parameters", SMALL_JOB)
        return self.emr.start_job_run(
            **{
                "applicationId": application,
                "clientToken": unique("token"),
                "executionRoleArn": ROLE,
                "jobDriver": {"sparkSubmit": driver},
                **more,
            }
        )["jobRunId"]

    def job_run(self, application: str, job: str, *states: str) -> dict[str, Any]:
        """The job run once it is in one of the states; by default in a final one."""
        wanted = states or ("SUCCESS", "FAILED", "CANCELLED")

        def found() -> Any:
            run = self.emr.get_job_run(applicationId=application, jobRunId=job)["jobRun"]
            return run if run["state"] in wanted else None

        return until(found, 60)

    def log_lines(self, group: str) -> list[str]:
        try:
            events = self.logs.filter_log_events(logGroupName=group)["events"]
        except self.logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"] for event in events]

    def statistics(
        self, namespace: str, name: str, dimensions: dict[str, str]
    ) -> list[dict[str, Any]]:
        """All five statistics of what has been published so far, a real minute each."""
        now = datetime.now(timezone.utc)
        return self.cloudwatch.get_metric_statistics(
            Namespace=namespace,
            MetricName=name,
            Dimensions=[{"Name": n, "Value": v} for n, v in dimensions.items()],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=60,
            Statistics=["Sum", "Average", "Minimum", "Maximum", "SampleCount"],
        )["Datapoints"]

    def alarm(self, name: str) -> dict[str, Any]:
        return self.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]

    def alarm_in(self, name: str, state: str, seconds: float = 15.0) -> dict[str, Any]:
        """The alarm once it is in this state."""

        def found() -> Any:
            alarm = self.alarm(name)
            return alarm if alarm["StateValue"] == state else None

        return until(found, seconds)

    def control(self, method: str, what: str, given: Any = None) -> Any:
        """Runs a command of the emulator's own."""
        request = urllib.request.Request(
            f"{self.endpoint}/emulator/{what}",
            method=method,
            data=None if given is None else json.dumps(given).encode(),
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def crawl(self, *paths: str, **more: Any) -> tuple[str, str, dict[str, Any]]:
        """Database, crawler and LastCrawl of a crawl of these paths."""
        database, crawler = unique("database").replace("-", "_"), unique("crawler")
        self.glue.create_database(DatabaseInput={"Name": database})
        targets = {"S3Targets": [{"Path": path} for path in paths]}
        self.glue.create_crawler(
            Name=crawler, DatabaseName=database, Targets=targets, **{"Role": ROLE, **more}
        )
        return database, crawler, self.crawl_again(crawler)

    def crawl_again(self, crawler: str) -> dict[str, Any]:
        self.glue.start_crawler(Name=crawler)

        def ended() -> Any:
            found = self.glue.get_crawler(Name=crawler)["Crawler"]
            return found["LastCrawl"] if found["State"] == "READY" else None

        return until(ended)

    def query(self, sql: str, database: str, bucket: str) -> dict[str, Any]:
        """QueryExecution of a query that has ended."""
        started = self.athena.start_query_execution(
            QueryString=sql,
            QueryExecutionContext={"Database": database},
            ResultConfiguration={"OutputLocation": f"s3://{bucket}/results/"},
        )["QueryExecutionId"]

        def ended() -> Any:
            found = self.athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
            return found if found["Status"]["State"] not in ("QUEUED", "RUNNING") else None

        return until(ended)

    def rows(self, sql: str, database: str, bucket: str) -> list[list[str | None]]:
        """The rows of a query, the header among them."""
        ended = self.query(sql, database, bucket)
        assert ended["Status"]["State"] == "SUCCEEDED", ended["Status"]
        answer = self.athena.get_query_results(QueryExecutionId=ended["QueryExecutionId"])
        rows = answer["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows]
