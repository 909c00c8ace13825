"""Alarms on metrics of what really runs, with their messages and their history."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from emulator_support import ACCOUNT, REGION, Aws, unique, until
from probes import budget
from probes_metrics import put_alarm


class Topic:
    """A topic, and what reaches a queue that has subscribed to it."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.arn = aws.sns.create_topic(Name=unique("topic"))["TopicArn"]
        self.url, queue = aws.queue()
        aws.sns.subscribe(TopicArn=self.arn, Protocol="sqs", Endpoint=queue)

    def next(self, seconds: float = 10.0) -> tuple[str, dict[str, Any]]:
        """Subject and message."""
        envelope = self.aws.receive(self.url, seconds)
        return envelope["Subject"], json.loads(envelope["Message"])


@pytest.fixture
def topic(aws: Aws) -> Topic:
    return Topic(aws)


def put(aws: Aws, name: str, value: float) -> None:
    aws.cloudwatch.put_metric_data(
        Namespace="Own", MetricData=[{"MetricName": name, "Value": value}]
    )


def test_an_alarm_tells_the_topic_once_that_it_fires_and_once_that_it_recovers(
    aws: Aws, topic: Topic
) -> None:
    name = unique("alarm")
    actions = {"AlarmActions": [topic.arn], "OKActions": [topic.arn]}
    put_alarm(aws, name, AlarmDescription="Rows are missing: look there.", **actions)
    subject, first = topic.next()
    assert subject == f'OK: "{name}" in Europe (Frankfurt)'
    assert (first["OldStateValue"], first["NewStateValue"]) == ("INSUFFICIENT_DATA", "OK")
    for _ in range(3):
        put(aws, name, 5)
    subject, fired = topic.next()
    assert subject == f'ALARM: "{name}" in Europe (Frankfurt)'
    assert fired | {"NewStateReason": "", "StateChangeTime": "", "Trigger": {}} == {
        "AlarmName": name,
        "AlarmDescription": "Rows are missing: look there.",
        "AWSAccountId": ACCOUNT,
        "AlarmConfigurationUpdatedTimestamp": first["AlarmConfigurationUpdatedTimestamp"],
        "NewStateValue": "ALARM",
        "NewStateReason": "",
        "StateChangeTime": "",
        "Region": "Europe (Frankfurt)",
        "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}",
        "OldStateValue": "OK",
        "OKActions": [topic.arn],
        "AlarmActions": [topic.arn],
        "InsufficientDataActions": [],
        "Trigger": {},
    }
    assert "was greater than the threshold (0.0)" in fired["NewStateReason"]
    assert fired["Trigger"]["Statistic"] == "SUM"
    _, recovered = topic.next()
    assert (recovered["OldStateValue"], recovered["NewStateValue"]) == ("ALARM", "OK")
    assert aws.is_empty(topic.url)
    found = aws.cloudwatch.describe_alarm_history(AlarmName=name)["AlarmHistoryItems"]
    assert Counter(item["HistoryItemType"] for item in found) == {
        "ConfigurationUpdate": 1,
        "StateUpdate": 3,
        "Action": 3,
    }
    moves = aws.cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="StateUpdate")
    assert [item["HistorySummary"] for item in moves["AlarmHistoryItems"]] == [
        "Alarm updated from ALARM to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from INSUFFICIENT_DATA to OK",
    ]


def test_a_point_is_judged_over_the_period_and_by_exactly_its_dimensions(aws: Aws) -> None:
    both, one = unique("alarm"), unique("alarm")
    dimensions = [{"Name": "Lake", "Value": "a"}, {"Name": "Source", "Value": both}]
    shared = {"MetricName": "Rows", "Period": 3600, "Threshold": 9.0}
    put_alarm(aws, both, Dimensions=dimensions, **shared)
    put_alarm(aws, one, Dimensions=dimensions[:1], **shared)
    datum = {"MetricName": "Rows", "Dimensions": dimensions, "Value": 5.0}
    aws.cloudwatch.put_metric_data(Namespace="Own", MetricData=[datum])
    aws.alarm_in(both, "OK")
    aws.cloudwatch.put_metric_data(Namespace="Own", MetricData=[datum])
    alarm = aws.alarm_in(both, "ALARM")
    assert json.loads(alarm["StateReasonData"])["recentDatapoints"] == [10.0]
    assert aws.alarm(one)["StateValue"] == "OK"


def test_without_actions_enabled_it_fires_silently(aws: Aws, topic: Topic) -> None:
    name = unique("alarm")
    put_alarm(aws, name, AlarmActions=[topic.arn], ActionsEnabled=False)
    put(aws, name, 1)
    aws.alarm_in(name, "ALARM")
    aws.alarm_in(name, "OK")  # by now it has told of it, if it does
    assert aws.is_empty(topic.url)


def test_a_change_of_an_alarm_leaves_its_state(aws: Aws) -> None:
    name = unique("alarm")
    put_alarm(aws, name)
    put(aws, name, 1)
    aws.alarm_in(name, "ALARM")
    put_alarm(aws, name, AlarmDescription="other words")
    assert aws.alarm(name)["StateValue"] == "ALARM"


def test_a_state_that_is_set_acts_and_lasts_until_the_next_look(aws: Aws, topic: Topic) -> None:
    name = unique("alarm")
    put_alarm(aws, name, AlarmActions=[topic.arn])
    aws.alarm_in(name, "OK")
    aws.cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a drill")
    _, message = topic.next()
    assert message["NewStateReason"] == "a drill"
    aws.alarm_in(name, "OK")


def test_what_is_not_evaluated_says_so(aws: Aws) -> None:
    name = unique("alarm")
    settings = {"AlarmName": name, "Namespace": "Own", "MetricName": name}
    aws.cloudwatch.put_metric_alarm(
        **settings,
        ExtendedStatistic="p99",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    until(lambda: "percentiles" in aws.alarm(name)["StateReason"])


def test_a_function_s_own_metrics_reach_an_alarm(aws: Aws) -> None:
    """Written past the runtime's console, which would wrap the line where logs are JSON."""
    name = unique("emf")
    code = """
export const handler = async (how) => {
  const directive = { Namespace: "Own", Dimensions: [[]], Metrics: [{ Name: "%s" }] };
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [directive] };
  const line = { _aws, "%s": 2 };
  if (how === "console") console.log(JSON.stringify(line));
  else process.stdout.write(`${JSON.stringify(line)}\\n`);
};"""
    function = aws.function(code % (name, name), LoggingConfig={"LogFormat": "JSON"})
    put_alarm(aws, name, Period=3600)
    aws.invoke(function, "console")
    aws.alarm_in(name, "OK")
    aws.invoke(function, "stdout")
    alarm = aws.alarm_in(name, "ALARM")
    assert json.loads(alarm["StateReasonData"])["recentDatapoints"] == [2.0]


def test_a_budget_notifies_once_until_it_is_below_again(aws: Aws, topic: Topic) -> None:
    which, _ = budget(aws)
    subscriber = {"SubscriptionType": "SNS", "Address": topic.arn}
    for kind, threshold in (("ACTUAL", 50.0), ("FORECASTED", 100.0)):
        aws.budgets.create_notification(
            **which,
            Notification={
                "NotificationType": kind,
                "ComparisonOperator": "GREATER_THAN",
                "Threshold": threshold,
            },
            Subscribers=[subscriber],
        )
    name = which["BudgetName"]

    def spend(**usd: float) -> list[str]:
        sent = aws.control("POST", "spend", usd)["sent"]
        return [one for one in sent if one.startswith(f"{name} ")]

    try:
        assert spend(actual=25) == []  # the threshold itself is not beyond it
        assert spend(actual=26) == [f"{name} ACTUAL 50"]
        envelope = aws.receive(topic.url)
        assert envelope["Subject"] == f"AWS Budgets: {name} has exceeded your alert threshold"
        assert "Alert Threshold: > $25.00\nACTUAL Amount: $26.00" in envelope["Message"]
        assert spend(actual=27, forecast=51) == [f"{name} FORECASTED 100"]
        assert "FORECASTED Amount: $51.00" in aws.receive(topic.url)["Message"]
        spend(actual=1)
        assert spend(actual=30) == [f"{name} ACTUAL 50"]
        shown = aws.budgets.describe_budget(**which)["Budget"]["CalculatedSpend"]
        assert shown["ActualSpend"]["Amount"] == "30.0"
    finally:
        spend(actual=0, forecast=0)


@pytest.mark.parametrize("minute", ["0", "61", "none"])
def test_a_minute_that_is_none_is_refused(minute: str, capsys: pytest.CaptureFixture[str]) -> None:
    from emulator.server import parse

    with pytest.raises(SystemExit):
        parse([f"--minute={minute}"])
    said = capsys.readouterr().err
    assert f"a number of seconds from 0.1 to 60, not {minute}" in said
