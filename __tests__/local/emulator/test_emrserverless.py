"""EMR Serverless: job runs are real Spark; capacity, queue and states are those of AWS."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from emulator_support import SMALL_JOB, Aws, until, zipped

JOB = """
import json, os, sys
from pyspark.sql import SparkSession
from lake.numbers import ANSWER

spark = SparkSession.builder.getOrCreate()
bucket = sys.argv[1]
if "fail" in sys.argv:
    raise ValueError("nothing to read")
rows = spark.read.json(f"s3://{bucket}/raw/")
written = rows.withColumnRenamed("n", "number").selectExpr("number", "number % 2 AS odd")
target = f"s3://{bucket}/processed/numbers"
written.write.mode("overwrite").partitionBy("odd").parquet(target)
print(json.dumps({
    "arguments": sys.argv[2:],
    "answer": ANSWER,
    "rows": spark.read.parquet(target).count(),
    "again": spark.read.parquet(f"s3a://{bucket}/processed/numbers/odd=1").count(),
    "endpoint": os.environ["AWS_ENDPOINT_URL"],
    "own": spark.conf.get("spark.lake.own"),
    "threads": spark.sparkContext.master,
    "ui": spark.sparkContext.uiWebUrl,
}))
"""


@pytest.fixture(scope="module")
def bucket(emulator: Any) -> str:
    aws = Aws(emulator.endpoint)
    name = aws.bucket()
    aws.put(name, "jobs/job.py", JOB)
    aws.put(name, "jobs/lake.zip", zipped({"lake/__init__.py": "", "lake/numbers.py": "ANSWER=42"}))
    aws.put(name, "raw/a.json", "".join(json.dumps({"n": n}) + "\n" for n in range(5)))
    return name


def bill(aws: Aws, application: str, job: str) -> dict[str, float] | None:
    """What is billed, once it is more than nothing."""
    run = aws.emr.get_job_run(applicationId=application, jobRunId=job)["jobRun"]
    billed = run["billedResourceUtilization"]
    return billed if billed["vCPUHour"] > 0 else None


def parameters(bucket: str, **conf: str) -> str:
    more = " ".join(f"--conf spark.{name}={value}" for name, value in conf.items())
    return f"{SMALL_JOB} --py-files s3://{bucket}/jobs/lake.zip {more}"


def test_a_job_reads_and_writes_s3_and_leaves_its_logs(aws: Aws, bucket: str) -> None:
    application = aws.application()
    url, queue = aws.queue()
    detail = {"applicationId": [application]}
    aws.rule({"source": ["aws.emr-serverless"], "detail": detail}, queue)
    own = {"lake.own": "mine", "emr-serverless.driver.disk": "200G"}
    job = aws.job(
        application,
        f"s3://{bucket}/jobs/job.py",
        *(bucket, '["2025-10-09", "b c"]', "--flag"),
        parameters=parameters(bucket, **own),
        configurationOverrides={
            "monitoringConfiguration": {
                "s3MonitoringConfiguration": {"logUri": f"s3://{bucket}/logs/"},
                "cloudWatchLoggingConfiguration": {"enabled": True, "logGroupName": "/lake/emr"},
            }
        },
    )
    run = aws.job_run(application, job)
    assert run["state"] == "SUCCESS", run["stateDetails"]
    folder = f"logs/applications/{application}/jobs/{job}/SPARK_DRIVER"
    stored = aws.s3.get_object(Bucket=bucket, Key=f"{folder}/stdout.gz")["Body"].read()
    assert json.loads(gzip.decompress(stored).splitlines()[-1]) == {
        "arguments": ['["2025-10-09", "b c"]', "--flag"],
        "answer": 42,
        "rows": 5,
        "again": 2,
        "endpoint": aws.endpoint,
        "own": "mine",
        "threads": "local[1]",
        "ui": None,
    }
    assert any("SparkContext" in line for line in aws.log_lines("/lake/emr"))
    states = [aws.receive(url)["detail"]["state"] for _ in range(4)]
    assert states == ["PENDING", "SCHEDULED", "RUNNING", "SUCCESS"]
    assert run["totalExecutionDurationSeconds"] >= 1
    # The bill comes after the end.
    assert set(run["billedResourceUtilization"].values()) == {0}
    billed = until(lambda: bill(aws, application, job))
    total = run["totalResourceUtilization"]
    assert billed["vCPUHour"] >= total["vCPUHour"] > 0
    # The driver's 180 GB above those that are free, none of the executor's.
    assert billed["storageGBHour"] / billed["vCPUHour"] == pytest.approx(180 / 2, rel=0.01)
    assert total["storageGBHour"] / total["vCPUHour"] == pytest.approx(220 / 2, rel=0.05)
    # An application is idle now: it stops, but does not change while it is started.
    with pytest.raises(ClientError, match="Current status: STARTED"):
        aws.emr.update_application(applicationId=application, clientToken="x")
    with pytest.raises(ClientError, match="Current status: STARTED"):
        aws.emr.delete_application(applicationId=application)


def test_a_failing_job_says_why(aws: Aws, bucket: str) -> None:
    application = aws.application()
    job = aws.job(
        application,
        f"s3://{bucket}/jobs/job.py",
        *(bucket, "fail"),
        parameters=parameters(bucket),
    )
    run = aws.job_run(application, job)
    assert run["state"] == "FAILED"
    assert "ExitCode: 1" in run["stateDetails"]
    assert run["stateDetails"].endswith("ValueError: nothing to read")


def test_what_exceeds_the_capacity_waits_until_it_is_cancelled(aws: Aws) -> None:
    application = aws.application(maximumCapacity={"cpu": "10 vCPU", "memory": "40 GB"})
    conf = "--conf spark.driver.cores=2 --conf spark.driver.memory=4g --conf spark.executor.cores=4"
    more = " --conf spark.executor.memory=8g --conf spark.dynamicAllocation.maxExecutors=10"
    job = aws.job(application, "s3://none/job.py", parameters=conf + more)
    run = aws.job_run(application, job, "SCHEDULED")
    run = until(lambda: aws.emr.get_job_run(applicationId=application, jobRunId=job)["jobRun"])
    assert run["state"] == "SCHEDULED"
    details = until(
        lambda: aws.emr.get_job_run(applicationId=application, jobRunId=job)["jobRun"][
            "stateDetails"
        ]
    )
    assert "42 vCPU of 10" in details
    with pytest.raises(ClientError, match="active job runs"):
        aws.emr.stop_application(applicationId=application)
    aws.emr.cancel_job_run(applicationId=application, jobRunId=job)
    run = aws.job_run(application, job)
    assert run["state"] == "CANCELLED"
    # It never ran: it has an end, no start, and nothing is billed.
    assert "endedAt" in run
    assert "startedAt" not in run
    assert set(run["billedResourceUtilization"].values()) == {0}
    aws.emr.stop_application(applicationId=application)


def test_job_runs_queue_while_the_capacity_is_taken(aws: Aws, bucket: str) -> None:
    aws.put(bucket, "jobs/sleep.py", "import time; time.sleep(60)")
    application = aws.application(maximumCapacity={"cpu": "3 vCPU", "memory": "16 GB"})
    entry = f"s3://{bucket}/jobs/sleep.py"
    first = aws.job(application, entry)
    aws.job_run(application, first, "RUNNING")
    second = aws.job(application, entry)
    aws.job_run(application, second, "SCHEDULED")
    aws.emr.cancel_job_run(applicationId=application, jobRunId=first)
    assert aws.job_run(application, first)["state"] == "CANCELLED"
    aws.job_run(application, second, "RUNNING")
    aws.emr.cancel_job_run(applicationId=application, jobRunId=second)
    assert aws.job_run(application, second)["state"] == "CANCELLED"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("--conf spark.driver.cores=3", "no worker with 3 vCPU"),
        ("--conf spark.executor.cores=1 --conf spark.executor.memory=8g", "takes 8 GB at most"),
        ("--conf spark.driver.cores", "not NAME=VALUE"),
        ("--unknown x", "unknown option --unknown"),
    ],
)
def test_parameters_that_emr_would_refuse_fail_the_job_run(aws: Aws, bad: str, reason: str) -> None:
    application = aws.application()
    run = aws.job_run(application, aws.job(application, "s3://none/job.py", parameters=bad))
    assert run["state"] == "FAILED"
    assert reason in run["stateDetails"]


def test_a_missing_entry_point_fails_the_job_run(aws: Aws, bucket: str) -> None:
    application = aws.application()
    job = aws.job(application, f"s3://{bucket}/jobs/none.py")
    run = aws.job_run(application, job)
    assert run["state"] == "FAILED"
    assert f"s3://{bucket}/jobs/none.py" in run["stateDetails"]


def test_job_runs_are_listed(aws: Aws) -> None:
    application = aws.application()
    assert aws.emr.list_job_runs(applicationId=application)["jobRuns"] == []
    job = aws.job(application, "s3://none/job.py", name="mine")
    found = aws.emr.list_job_runs(applicationId=application)["jobRuns"]
    assert [(one["id"], one["name"]) for one in found] == [(job, "mine")]


def test_without_auto_start_a_job_needs_a_started_application(aws: Aws) -> None:
    application = aws.application(autoStartConfiguration={"enabled": False})
    with pytest.raises(ClientError, match="auto-start is disabled"):
        aws.job(application, "s3://none/job.py")
