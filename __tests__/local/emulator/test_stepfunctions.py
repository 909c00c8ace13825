"""Executions: the parts of the states language that the lake uses, run for real."""

from __future__ import annotations

import json
from typing import Any

from emulator_support import ROLE, Aws, unique, until

PASS = {"Type": "Pass", "End": True}


def output(execution: dict[str, Any]) -> Any:
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    return json.loads(execution["output"])


def choose(aws: Aws, rule: dict[str, Any], given: Any) -> bool:
    states = {
        "Choose": {"Type": "Choice", "Choices": [{**rule, "Next": "Yes"}], "Default": "No"},
        "Yes": {"Type": "Pass", "Result": {"chosen": True}, "End": True},
        "No": {"Type": "Pass", "Result": {"chosen": False}, "End": True},
    }
    return output(aws.execute(aws.machine(states), given))["chosen"]


def test_choices(aws: Aws) -> None:
    present = {"Variable": "$.a", "IsPresent": True}
    is_true = {"Variable": "$.a", "BooleanEquals": True}
    both = {"And": [present, is_true]}
    assert choose(aws, both, {"a": True})
    assert not choose(aws, both, {"a": False})
    assert not choose(aws, both, {})
    assert choose(aws, {"Variable": "$.a", "IsPresent": False}, {})
    either = {"Or": [{"Variable": "$.s", "StringEquals": x} for x in ("READY", "DONE")]}
    assert choose(aws, either, {"s": "DONE"})
    assert choose(aws, {"Not": either}, {"s": "RUNNING"})


def test_intrinsic_functions(aws: Aws) -> None:
    parameters = {
        "name.$": "States.Format('etl-{}-{}', $.id, $$.Execution.Name)",
        "list.$": "States.Array('--input', $.id, States.JsonToString($.days))",
        "parsed.$": "States.StringToJson($.text)",
        "count.$": "States.ArrayLength($.days)",
    }
    machine = aws.machine({"A": {**PASS, "Parameters": parameters}})
    ended = aws.execute(machine, {"id": "x", "days": ["1", "2"], "text": '{"a": [1]}'})
    assert output(ended) == {
        "name": f"etl-x-{ended['name']}",
        "list": ["--input", "x", '["1","2"]'],
        "parsed": {"a": [1]},
        "count": 2,
    }


def test_a_map_keeps_the_order(aws: Aws) -> None:
    double = {**PASS, "Parameters": {"got.$": "$.n"}}
    states = {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.items",
            "MaxConcurrency": 2,
            "ItemProcessor": {"StartAt": "One", "States": {"One": double}},
            "End": True,
        }
    }
    items = [{"n": n} for n in range(4)]
    ended = aws.execute(aws.machine(states), {"items": items})
    assert [one["got"] for one in output(ended)] == [0, 1, 2, 3]


def test_both_kinds_of_lambda_task(aws: Aws) -> None:
    name = aws.function("export const handler = async (event) => ({ seen: event.a });")
    states = {
        "Direct": {"Type": "Task", "Resource": aws.function_arn(name), "Next": "Optimized"},
        "Optimized": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": name, "Payload": {"a.$": "$.seen"}},
            "ResultSelector": {"again.$": "$.Payload.seen"},
            "End": True,
        },
    }
    assert output(aws.execute(aws.machine(states), {"a": 5})) == {"again": 5}


def test_a_thrown_error_is_retried_and_then_caught_by_its_name(aws: Aws) -> None:
    name = aws.function(
        """
        class Mine extends Error { name = 'Mine' }
        export const handler = async () => { throw new Mine('no') };"""
    )
    retry = {"ErrorEquals": ["Mine"], "IntervalSeconds": 1, "MaxAttempts": 1, "BackoffRate": 1}
    states = {
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": name},
            "Retry": [retry],
            "Catch": [{"ErrorEquals": ["Mine"], "ResultPath": "$.error", "Next": "Caught"}],
            "End": True,
        },
        "Caught": PASS,
    }
    error = output(aws.execute(aws.machine(states), {"kept": 1}))
    assert error["kept"] == 1
    assert error["error"]["Error"] == "Mine"
    assert json.loads(error["error"]["Cause"])["errorMessage"] == "no"
    starts = [x for x in aws.log_lines(f"/aws/lambda/{name}") if x.startswith("START")]
    assert len(starts) == 2


def test_a_task_that_takes_too_long_is_a_timeout(aws: Aws) -> None:
    name = aws.function("export const handler = () => new Promise((r) => setTimeout(r, 4000));")
    states = {
        "Slow": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": name},
            "TimeoutSeconds": 1,
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Caught"}],
            "End": True,
        },
        "Caught": {**PASS, "Result": {"caught": True}},
    }
    assert output(aws.execute(aws.machine(states))) == {"caught": True}


def test_an_execution_that_takes_too_long_is_timed_out(aws: Aws) -> None:
    states = {"Wait": {"Type": "Wait", "Seconds": 5, "End": True}}
    machine = aws.machine(states, top={"TimeoutSeconds": 1})
    assert aws.execute(machine)["status"] == "TIMED_OUT"


def test_sns_s3_and_dynamodb_tasks(aws: Aws) -> None:
    url, queue = aws.queue()
    bucket = aws.bucket()
    topic = aws.sns.create_topic(Name=unique("topic"))["TopicArn"]
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    aws.sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    table = unique("locks")
    aws.dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "source", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "source", "AttributeType": "S"}],
    )
    lock = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem",
        "Parameters": {
            "TableName": table,
            "Item": {"source": {"S.$": "$.source"}},
            "ConditionExpression": "attribute_not_exists(#s)",
            "ExpressionAttributeNames": {"#s": "source"},
        },
        "ResultPath": None,
    }
    taken = {"ErrorEquals": ["DynamoDb.ConditionalCheckFailedException"], "Next": "Tell"}
    states = {
        "Put": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
            "Parameters": {"Bucket": bucket, "Key": "summary.json", "Body": {"rows": 3}},
            "ResultPath": None,
            "Next": "Lock",
        },
        "Lock": {**lock, "Next": "LockAgain"},
        "LockAgain": {**lock, "Catch": [{**taken, "ResultPath": "$.error"}], "End": True},
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Parameters": {
                "TopicArn": topic,
                "Subject": "locked",
                "Message.$": "States.JsonToString($)",
            },
            "End": True,
        },
    }
    assert "MessageId" in output(aws.execute(aws.machine(states), {"source": "flights"}))
    told = aws.receive(url)
    assert told["Subject"] == "locked"
    assert json.loads(told["Message"])["source"] == "flights"
    stored = aws.s3.get_object(Bucket=bucket, Key="summary.json")["Body"].read()
    assert json.loads(stored) == {"rows": 3}


def test_an_execution_can_be_asked_after(aws: Aws) -> None:
    machine = aws.machine({"A": PASS})
    unknown = {"ErrorEquals": ["Sfn.ExecutionDoesNotExistException"], "Next": "Unknown"}
    states = {
        "Describe": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sfn:describeExecution",
            "Parameters": {"ExecutionArn.$": "$.arn"},
            "ResultSelector": {"status.$": "$.Status"},
            "Catch": [unknown],
            "End": True,
        },
        "Unknown": {**PASS, "Result": {"status": None}},
    }
    asking = aws.machine(states)
    known = aws.execute(machine)["executionArn"]
    assert output(aws.execute(asking, {"arn": known})) == {"status": "SUCCEEDED"}
    assert output(aws.execute(asking, {"arn": f"{known}-not"})) == {"status": None}


def test_the_names_of_active_job_runs(aws: Aws) -> None:
    application = aws.application(maximumCapacity={"cpu": "1 vCPU", "memory": "2 GB"})
    states = {
        "List": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:emrserverless:listJobRuns",
            "Parameters": {"ApplicationId": application, "States": ["SCHEDULED"], "MaxResults": 50},
            "ResultSelector": {"names.$": "$.JobRuns[*].Name"},
            "Next": "Find",
        },
        "Find": {
            **PASS,
            "Parameters": {
                "names.$": "$.names",
                "found.$": "States.ArrayContains($.names, 'one')",
            },
        },
    }
    machine = aws.machine(states)
    assert output(aws.execute(machine)) == {"names": [], "found": False}
    job = aws.job(application, "s3://none/job.py", name="one")
    aws.job_run(application, job, "SCHEDULED")
    assert output(aws.execute(machine)) == {"names": ["one"], "found": True}
    aws.emr.cancel_job_run(applicationId=application, jobRunId=job)


def test_a_running_crawler_is_waited_for(aws: Aws) -> None:
    _, crawler, _ = aws.crawl(f"s3://{aws.bucket()}/nothing/")
    aws.glue.start_crawler(Name=crawler)
    running = {"ErrorEquals": ["Glue.CrawlerRunningException"], "ResultPath": None, "Next": "Look"}
    states = {
        "Start": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:glue:startCrawler",
            "Parameters": {"Name": crawler},
            "Catch": [running],
            "Next": "Fresh",
        },
        "Fresh": {"Type": "Fail", "Error": "NotRunning"},
        "Look": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler",
            "Parameters": {"Name": crawler},
            "Next": "IsReady",
        },
        "IsReady": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.Crawler.State", "StringEquals": "READY", "Next": "Done"}],
            "Default": "Again",
        },
        "Again": {"Type": "Wait", "Seconds": 1, "Next": "Look"},
        "Done": {**PASS, "InputPath": "$.Crawler.LastCrawl"},
    }
    last = output(aws.execute(aws.machine(states)))
    assert last["Status"] == "SUCCEEDED"
    assert last["StartTime"].endswith("Z")


def emr_task(application: str, entry: str, **more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::emr-serverless:startJobRun.sync",
        "Parameters": {
            "ApplicationId": application,
            "ClientToken.$": "$$.Execution.Name",
            "ExecutionRoleArn": ROLE,
            "Name.$": "$$.Execution.Name",
            "JobDriver": {"SparkSubmit": {"EntryPoint": entry, "EntryPointArguments": []}},
        },
        "End": True,
        **more,
    }


def test_a_failed_job_run_fails_the_task_with_the_run_as_the_cause(aws: Aws) -> None:
    application = aws.application()
    caught = {"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "Caught"}
    states = {
        "Job": emr_task(application, "s3://none/job.py", Catch=[caught]),
        "Caught": {**PASS, "InputPath": "$.error"},
    }
    error = output(aws.execute(aws.machine(states)))
    cause = json.loads(error["Cause"])
    assert cause["ApplicationId"] == application
    assert cause["State"] == "FAILED"
    assert "s3://none/job.py" in cause["StateDetails"]


def test_an_unknown_application_is_an_error_of_the_service(aws: Aws) -> None:
    ended = aws.execute(aws.machine({"Job": emr_task("0" * 16, "s3://none/job.py")}))
    assert ended["error"] == "EMRServerless.ResourceNotFoundException"


def test_stopping_an_execution_cancels_its_job_run(aws: Aws) -> None:
    # More than the application may ever have: the job run waits in SCHEDULED.
    application = aws.application(maximumCapacity={"cpu": "4 vCPU", "memory": "16 GB"})
    machine = aws.machine({"Job": emr_task(application, "s3://none/job.py")})
    name = unique("run")
    arn = aws.sfn.start_execution(stateMachineArn=machine, name=name)["executionArn"]
    runs = until(lambda: aws.emr.list_job_runs(applicationId=application)["jobRuns"])
    aws.job_run(application, runs[0]["id"], "SCHEDULED")
    aws.sfn.stop_execution(executionArn=arn)
    assert aws.job_run(application, runs[0]["id"])["state"] == "CANCELLED"
    assert aws.sfn.describe_execution(executionArn=arn)["status"] == "ABORTED"


def test_a_machine_runs_many_times_and_at_once(aws: Aws) -> None:
    machine = aws.machine({"Wait": {"Type": "Wait", "Seconds": 1, "Next": "A"}, "A": PASS})
    arns = [
        aws.sfn.start_execution(stateMachineArn=machine, name=unique("run"))["executionArn"]
        for _ in range(5)
    ]

    def all_ended() -> bool:
        found = [aws.sfn.describe_execution(executionArn=arn)["status"] for arn in arns]
        return set(found) == {"SUCCEEDED"}

    until(all_ended, 8)
