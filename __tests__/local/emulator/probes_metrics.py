"""Probes of metrics, alarms, schedules and budgets; `probes` says what one is."""

from __future__ import annotations

import json
import time

from emulator_support import ACCOUNT, REGION, Aws, unique, until
from probes import budget, probe


@probe("cloudwatch.alarms")
def an_alarm_follows_its_data(aws: Aws) -> None:
    name = unique("alarm")
    put_alarm(aws, name)
    assert aws.alarm(name)["StateValue"] == "INSUFFICIENT_DATA"
    aws.alarm_in(name, "OK", 5)
    aws.cloudwatch.put_metric_data(
        Namespace="Own", MetricData=[{"MetricName": name, "Value": 5.0, "Unit": "Count"}]
    )
    aws.alarm_in(name, "ALARM", 5)


@probe("cloudwatch.history", group=2)
def an_alarm_has_a_history(aws: Aws) -> None:
    name = unique("alarm")
    put_alarm(aws, name)
    found = aws.cloudwatch.describe_alarm_history(AlarmName=name)["AlarmHistoryItems"]
    assert found[-1]["HistoryItemType"] == "ConfigurationUpdate"


def put_alarm(aws: Aws, name: str, **more: object) -> None:
    """One that fires when the metric of its own name has more than nothing in a minute."""
    aws.cloudwatch.put_metric_alarm(
        **{
            "AlarmName": name,
            "Namespace": "Own",
            "MetricName": name,
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 0.0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            **more,
        }
    )


def is_published(aws: Aws, namespace: str, name: str, dimensions: dict[str, str]) -> None:
    until(lambda: aws.statistics(namespace, name, dimensions), 3)


@probe("sqs.metrics")
def a_queue_has_metrics(aws: Aws) -> None:
    url, _ = aws.queue()
    dimensions = {"QueueName": url.rpartition("/")[2]}
    is_published(aws, "AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions)


@probe("lambda.metrics")
def a_function_has_metrics(aws: Aws) -> None:
    name = aws.function("export const handler = async () => 1;")
    aws.invoke(name)
    is_published(aws, "AWS/Lambda", "Invocations", {"FunctionName": name})


@probe("stepfunctions.metrics")
def a_state_machine_has_metrics(aws: Aws) -> None:
    machine = aws.machine({"Done": {"Type": "Succeed"}})
    aws.execute(machine)
    is_published(aws, "AWS/States", "ExecutionsSucceeded", {"StateMachineArn": machine})


@probe("emrserverless.metrics")
def an_application_has_metrics(aws: Aws) -> None:
    name = unique("measured")
    application = aws.application(name=name, maximumCapacity={"cpu": "4 vCPU", "memory": "16 GB"})
    aws.emr.start_application(applicationId=application)
    dimensions = {"ApplicationId": application, "ApplicationName": name}
    is_published(aws, "AWS/EMRServerless", "MaxCPUAllowed", dimensions)


@probe("logs.emf")
def a_log_line_has_metrics(aws: Aws) -> None:
    group = unique("/own")
    aws.logs.create_log_group(logGroupName=group)
    aws.logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = int(time.time() * 1000)
    directive = {"Namespace": "Own", "Dimensions": [["Group"]], "Metrics": [{"Name": "Rows"}]}
    line = {
        "_aws": {"Timestamp": now, "CloudWatchMetrics": [directive]},
        "Group": group,
        "Rows": 3,
    }
    aws.logs.put_log_events(
        logGroupName=group,
        logStreamName="s",
        logEvents=[{"timestamp": now, "message": json.dumps(line)}],
    )
    is_published(aws, "Own", "Rows", {"Group": group})


@probe("lambda.concurrency")
def a_function_without_concurrency_is_throttled(aws: Aws) -> None:
    name = aws.function("export const handler = async () => 1;")
    aws.lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        aws.invoke(name)
    except aws.lambda_.exceptions.TooManyRequestsException:
        return
    raise AssertionError("it ran")


@probe("events.schedules")
def a_rule_runs_by_its_schedule(aws: Aws) -> None:
    url, queue = aws.queue()
    name = unique("rule")
    aws.events.put_rule(Name=name, ScheduleExpression="rate(1 minute)")
    aws.events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": queue}])
    event = aws.receive(url, 3)
    aws.events.disable_rule(Name=name)
    assert event["detail-type"] == "Scheduled Event"
    assert event["resources"] == [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}"]


@probe("budgets.notifications")
def a_budget_notifies(aws: Aws) -> None:
    which, notification = budget(aws)
    topic = aws.sns.create_topic(Name=unique("topic"))["TopicArn"]
    url, queue = aws.queue()
    aws.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    subscriber = {"SubscriptionType": "SNS", "Address": topic}
    aws.budgets.create_notification(
        **which, Notification={**notification, "Threshold": 90.0}, Subscribers=[subscriber]
    )
    aws.control("POST", "spend", {"actual": 46})
    aws.control("POST", "spend", {"actual": 0})
    assert "ACTUAL Amount: $46.00" in aws.receive(url, 3)["Message"]
