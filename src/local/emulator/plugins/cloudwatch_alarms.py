"""CloudWatch: alarms that are evaluated, with their history and their messages."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from emulator import alarm_watch, clock, metrics
from emulator.metrics import Series
from emulator.registry import patch, wrap

_KEPT = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp")


@patch(
    "cloudwatch.alarms",
    gap="alarms are born OK and stay so: no data are looked at and no action is taken. Here they "
    "publish as cloudwatch.amazonaws.com, and whether the policies of topic and key let it is not "
    "checked; metric math, percentiles and anomalies are not evaluated, and say so",
)
def alarms() -> None:
    from moto.cloudwatch.models import CloudWatchBackend

    @wrap(CloudWatchBackend, "put_metric_alarm")
    def put_metric_alarm(original, self, *args, **kwargs):
        name = kwargs.get("name") or args[0]
        before = self.alarms.get(name)
        alarm = original(self, *args, **kwargs)
        if before is not None:  # a change leaves the state as it is until the next evaluation
            for attribute in _KEPT:
                setattr(alarm, attribute, getattr(before, attribute))
            alarm.history, alarm.items = before.history, getattr(before, "items", [])
        elif alarm.rule is None:
            alarm.state_value = "INSUFFICIENT_DATA"
        word = "updated" if before else "created"
        alarm_watch.note(alarm, "ConfigurationUpdate", f'Alarm "{name}" {word}', {"version": "1.0"})
        return alarm

    @wrap(CloudWatchBackend, "set_alarm_state")
    def set_alarm_state(original, self, alarm_name, reason, reason_data, state_value):
        alarm = self.alarms.get(alarm_name)
        before = alarm and alarm.state_value
        original(self, alarm_name, reason, reason_data, state_value)
        if alarm and before != state_value:
            alarm_watch.changed(self.region_name, alarm, before)

    @wrap(CloudWatchBackend, "put_metric_data")
    def put_metric_data(original, self, namespace, metric_data):
        original(self, namespace, metric_data)
        for given in metric_data:
            dimensions = {d["Name"]: d["Value"] for d in given.get("Dimensions") or []}
            series = Series.of(self.region_name, namespace, given["MetricName"], dimensions)
            at = given.get("Timestamp")
            metrics.metrics.put_statistics(
                series, metrics.values_of(given), at=at and _seconds(at), publish=False
            )

    clock.evaluates_alarms = True


def _seconds(moment: datetime) -> float:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return aware.timestamp()


@patch("cloudwatch.history", gap="DescribeAlarmHistory is missing")
def history() -> None:
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.responses import ActionResult

    def describe_alarm_history(self) -> ActionResult:
        get = self._get_param
        name, kind = get("AlarmName"), get("HistoryItemType")
        since, until = get("StartDate"), get("EndDate")
        found: list[dict[str, Any]] = [
            item
            for alarm in list(self.cloudwatch_backend.alarms.values())
            for item in getattr(alarm, "items", [])
            if name in (None, item["AlarmName"])
            and kind in (None, item["HistoryItemType"])
            and (since is None or _seconds(since) <= item["Timestamp"].timestamp())
            and (until is None or item["Timestamp"].timestamp() <= _seconds(until))
        ]
        newest_first = get("ScanBy") != "TimestampAscending"
        found.sort(key=lambda item: item["Timestamp"], reverse=newest_first)
        return ActionResult({"AlarmHistoryItems": found[: int(get("MaxRecords") or 100)]})

    CloudWatchResponse.describe_alarm_history = describe_alarm_history
