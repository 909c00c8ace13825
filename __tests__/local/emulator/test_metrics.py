"""Metrics of what really runs, and what a test may do so that something is to be measured."""

from __future__ import annotations

import pytest
from emulator_support import ACCOUNT, Aws, unique, until
from samples import SMALL_JOB


def test_a_function_that_fails_and_is_throttled_is_counted(aws: Aws) -> None:
    name = aws.function("export const handler = async (e) => { if (e) throw new Error('no'); };")
    of = {"FunctionName": name}
    aws.invoke(name)
    aws.invoke(name, 1)
    aws.lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(aws.lambda_.exceptions.TooManyRequestsException):
        aws.invoke(name)
    aws.lambda_.delete_function_concurrency(FunctionName=name)
    aws.invoke(name)

    def total(metric: str) -> float:
        return sum(point["Sum"] for point in aws.statistics("AWS/Lambda", metric, of))

    until(lambda: total("Invocations") == 3)
    assert (total("Errors"), total("Throttles")) == (1, 1)


def test_an_asynchronous_invocation_waits_while_it_is_throttled(aws: Aws) -> None:
    """And the mapping of a queue gives its messages back."""
    url, queue = aws.queue(VisibilityTimeout="1")
    name = aws.function("export const handler = async () => console.log('ran');", Timeout=1)
    group = f"/aws/lambda/{name}"
    aws.lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    aws.lambda_.create_event_source_mapping(EventSourceArn=queue, FunctionName=name)
    aws.sqs.send_message(QueueUrl=url, MessageBody="{}")
    aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload="{}")
    of = {"FunctionName": name}
    until(lambda: sum(p["Sum"] for p in aws.statistics("AWS/Lambda", "Throttles", of)) >= 3)
    assert aws.log_lines(group) == []
    aws.lambda_.delete_function_concurrency(FunctionName=name)
    until(lambda: sum("ran" in line for line in aws.log_lines(group)) >= 2)


def test_ages_and_depths_of_a_queue(aws: Aws) -> None:
    url, _ = aws.queue()
    of = {"QueueName": url.rpartition("/")[2]}
    aws.sqs.send_message(QueueUrl=url, MessageBody="old")
    # By CloudWatch's clock a minute goes by in half a second.
    until(lambda: greatest(aws, "ApproximateAgeOfOldestMessage", of) > 120, 5)
    assert greatest(aws, "ApproximateNumberOfMessagesVisible", of) == 1
    aws.sqs.receive_message(QueueUrl=url)
    until(lambda: greatest(aws, "ApproximateNumberOfMessagesNotVisible", of) == 1)


def greatest(aws: Aws, metric: str, of: dict[str, str]) -> float:
    return max((p["Maximum"] for p in aws.statistics("AWS/SQS", metric, of)), default=0)


def test_an_execution_that_is_timed_out_cancels_its_job_and_is_counted(aws: Aws) -> None:
    application = aws.application()
    aws.control("POST", "hold", {"job_runs": "PENDING"})
    try:
        driver = {"EntryPoint": "s3://none/job.py", "SparkSubmitParameters": SMALL_JOB}
        machine = aws.machine(
            {
                "Job": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::emr-serverless:startJobRun.sync",
                    "Parameters": {
                        "ApplicationId": application,
                        "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/test",
                        "ClientToken.$": "$$.Execution.Name",
                        "JobDriver": {"SparkSubmit": driver},
                    },
                    "End": True,
                }
            }
        )
        run = unique("run")
        arn = aws.sfn.start_execution(stateMachineArn=machine, name=run)["executionArn"]
        listed = until(lambda: aws.emr.list_job_runs(applicationId=application)["jobRuns"])
        aws.job_run(application, listed[0]["id"], "PENDING")
        assert aws.control("POST", "time_out", {"execution": run}) == {"timed_out": 1}
        ended = until(lambda: aws.sfn.describe_execution(executionArn=arn)["status"] != "RUNNING")
        assert ended
        assert aws.sfn.describe_execution(executionArn=arn)["status"] == "TIMED_OUT"
        assert aws.job_run(application, listed[0]["id"])["state"] == "CANCELLED"
    finally:
        aws.control("DELETE", "hold")
    of = {"StateMachineArn": machine}
    until(lambda: sum(p["Sum"] for p in aws.statistics("AWS/States", "ExecutionsTimedOut", of)))


def test_job_runs_are_held_counted_by_state_and_released(aws: Aws) -> None:
    name = unique("held")
    application = aws.application(name=name, maximumCapacity={"cpu": "4 vCPU", "memory": "16 GB"})
    own = {"ApplicationId": application, "ApplicationName": name}

    def most(metric: str, **more: str) -> float:
        found = aws.statistics("AWS/EMRServerless", metric, {**own, **more})
        return max((point["Maximum"] for point in found), default=0)

    job = ""
    try:
        for state, metric in (
            ("PENDING", "PendingJobs"),
            ("SCHEDULED", "ScheduledJobs"),
            ("RUNNING", "RunningJobs"),
        ):
            aws.control("POST", "hold", {"job_runs": state})
            job = job or aws.job(application, "s3://none/job.py")
            if state == "PENDING":
                aws.job_run(application, job, state)
            until(lambda metric=metric: most(metric) == 1)
            following = {"PENDING": "SCHEDULED", "SCHEDULED": "RUNNING"}.get(state)
            if following:  # held there before it is let go here
                aws.control("POST", "hold", {"job_runs": following})
                assert aws.control("GET", "hold") == {"job_runs": sorted([state, following])}
                aws.control("DELETE", "hold", {"job_runs": state})
        worker = {"WorkerType": "Spark_Driver", "CapacityAllocationType": "OnDemandCapacity"}
        until(lambda: most("CPUAllocated", **worker) == 1)
    finally:
        aws.control("DELETE", "hold")
    assert aws.job_run(application, job)["state"] == "FAILED"

    def failed(statistic: str) -> float:
        found = aws.statistics("AWS/EMRServerless", "FailedJobs", own)
        return sum(point[statistic] for point in found)

    until(lambda: failed("Sum"))
    samples = failed("SampleCount")
    until(lambda: failed("SampleCount") >= samples + 2)
    assert failed("Sum") == 1  # counted in one minute alone
    assert most("MaxCPUAllowed") == 4
