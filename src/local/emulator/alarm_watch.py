"""Alarms: looked at once a CloudWatch minute, with state, history and messages as on AWS."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from emulator import alarm_state, metrics
from emulator.alarm_state import ALARM, INSUFFICIENT, OK, Point, Rule, Verdict
from emulator.metrics import Series, Statistics
from emulator.minutes import minutes
from emulator.runtime import ACCOUNT, LOG

_MINUTE = 60  # seconds of an alarm's period in one CloudWatch minute
_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")
_ACTIONS = {
    ALARM: "alarm_actions",
    OK: "ok_actions",
    INSUFFICIENT: "insufficient_data_actions",
}


def evaluate_all(now: int) -> None:
    """Judges every metric alarm by what came before the CloudWatch minute `now`."""
    for region, backend in metrics.regions():
        for alarm in list(backend.alarms.values()):
            if alarm.rule is not None:
                continue
            try:
                evaluate(region, alarm, now)
            except Exception:
                LOG.exception("alarm %s", alarm.name)


def evaluate(region: str, alarm: Any, now: int) -> None:
    """Gives the alarm the state that its data say, and acts where that is another one."""
    if problem := not_evaluated(alarm):
        if alarm.state_reason != problem:
            change(region, alarm, Verdict(INSUFFICIENT, problem), {})
        return
    rule = Rule(
        alarm.comparison_operator,
        float(alarm.threshold),
        int(alarm.evaluation_periods),
        int(alarm.datapoints_to_alarm or alarm.evaluation_periods),
        alarm.treat_missing_data or "missing",
    )
    found = statistics(region, alarm, now, rule.periods + alarm_state.BEYOND)
    points = [p and Point(p.value(alarm.statistic), _text(p, at, alarm)) for at, p in found]
    verdict = alarm_state.judge(rule, points)
    if verdict.state is not None and verdict.state != alarm.state_value:
        change(region, alarm, verdict, _reason_data(alarm, found, verdict))


def not_evaluated(alarm: Any) -> str | None:
    """Why this alarm is not judged here, where it is not."""
    if alarm.metric_data_queries:
        return "The local AWS does not evaluate alarms on metric math."
    if alarm.statistic not in _STATISTICS:
        return "The local AWS does not evaluate alarms on percentiles."
    if alarm.comparison_operator not in alarm_state.COMPARISONS:
        return "The local AWS does not evaluate alarms on anomalies."
    return None


def statistics(
    region: str, alarm: Any, now: int, count: int
) -> list[tuple[int, Statistics | None]]:
    """The alarm's last periods, oldest first, each with the minute at which it begins."""
    dimensions = {one.name: one.value for one in alarm.dimensions}
    series = Series.of(region, alarm.namespace, alarm.metric_name, dimensions)
    length = max(1, round(int(alarm.period) / _MINUTE))
    ends = [now - length * back for back in range(count - 1, -1, -1)]
    return [(end - length, metrics.metrics.period(series, end, length)) for end in ends]


def change(region: str, alarm: Any, verdict: Verdict, reason_data: dict[str, Any]) -> None:
    """Moves the alarm into another state, notes that in its history, and acts."""
    assert verdict.state is not None
    before = alarm.state_value
    alarm.update_state(verdict.reason, json.dumps(reason_data), verdict.state)
    if verdict.state != before:
        changed(region, alarm, before)


def changed(region: str, alarm: Any, before: str) -> None:
    """What follows a change of state: an item in the history, and the actions of the new state."""
    alarm.state_transitioned_timestamp = alarm.state_updated_timestamp
    state, reason = alarm.state_value, alarm.state_reason
    _, old_reason, old_data, old_state, _ = alarm.history[-1]
    data = {
        "version": "1.0",
        "oldState": _state(old_state, old_reason, old_data),
        "newState": _state(state, reason, alarm.state_reason_data),
    }
    note(alarm, "StateUpdate", f"Alarm updated from {before} to {state}", data)
    LOG.info("alarm %s: %s -> %s: %s", alarm.name, before, state, reason)
    if alarm.actions_enabled:
        for arn in getattr(alarm, _ACTIONS[state]) or []:
            _act(region, alarm, arn, before)


def note(alarm: Any, kind: str, summary: str, data: dict[str, Any]) -> None:
    """One item of DescribeAlarmHistory; newest last."""
    if not hasattr(alarm, "items"):
        alarm.items = []
    alarm.items.append(
        {
            "AlarmName": alarm.name,
            "AlarmType": "CompositeAlarm" if alarm.rule is not None else "MetricAlarm",
            "Timestamp": datetime.now(timezone.utc),
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps(data),
        }
    )


def _state(value: str, reason: str, data: str) -> dict[str, Any]:
    return {
        "stateValue": value,
        "stateReason": reason,
        "stateReasonData": json.loads(data or "{}"),
    }


def _act(region: str, alarm: Any, arn: str, before: str) -> None:
    """Publishes to a topic, as cloudwatch.amazonaws.com; the history says how it went."""
    from moto.sns.models import sns_backends
    from moto.utilities.arns import parse_arn

    parsed = parse_arn(arn)
    data = {"actionState": "Succeeded", "notificationResource": arn, "version": "1.0"}
    try:
        if parsed.service != "sns":
            raise ValueError(f"actions on {parsed.service} do nothing here")
        sns_backends[parsed.account][parsed.region].publish(
            message=json.dumps(message(region, alarm, before)),
            arn=arn,
            subject=f'{alarm.state_value}: "{alarm.name}" in {_name_of(region)}'[:100],
        )
    except Exception as problem:
        LOG.warning("alarm %s: no action on %s: %s", alarm.name, arn, problem)
        data |= {"actionState": "Failed", "error": str(problem)}
    done = "Successfully executed" if data["actionState"] == "Succeeded" else "Failed to execute"
    note(alarm, "Action", f"{done} action {arn}", data)


def message(region: str, alarm: Any, before: str) -> dict[str, Any]:
    """What CloudWatch sends to a topic, in its fields and their order."""
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": ACCOUNT,
        "AlarmConfigurationUpdatedTimestamp": _stamp(alarm.configuration_updated_timestamp),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": _stamp(alarm.state_updated_timestamp),
        "Region": _name_of(region),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
        "OKActions": alarm.ok_actions or [],
        "AlarmActions": alarm.alarm_actions or [],
        "InsufficientDataActions": alarm.insufficient_data_actions or [],
        "Trigger": {
            "MetricName": alarm.metric_name,
            "Namespace": alarm.namespace,
            "StatisticType": "Statistic",
            "Statistic": {"SampleCount": "SAMPLE_COUNT"}.get(
                alarm.statistic, str(alarm.statistic).upper()
            ),
            "Unit": alarm.unit,
            "Dimensions": [{"value": d.value, "name": d.name} for d in alarm.dimensions],
            "Period": int(alarm.period or 0),
            "EvaluationPeriods": int(alarm.evaluation_periods or 0),
            "DatapointsToAlarm": int(alarm.datapoints_to_alarm or alarm.evaluation_periods or 0),
            "ComparisonOperator": alarm.comparison_operator,
            "Threshold": float(alarm.threshold or 0),
            "TreatMissingData": alarm.treat_missing_data or "missing",
            "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
        },
    }


def _reason_data(
    alarm: Any, found: list[tuple[int, Statistics | None]], verdict: Verdict
) -> dict[str, Any]:
    real = [(at, one) for at, one in found if one is not None][-int(alarm.evaluation_periods) :]
    data = {
        "version": "1.0",
        "queryDate": _stamp(datetime.now(timezone.utc)),
        **({"startDate": _stamp(_moment(real[0][0]))} if real else {}),
        "statistic": alarm.statistic,
        "period": int(alarm.period),
        "recentDatapoints": [one.value(alarm.statistic) for _, one in real],
        "threshold": float(alarm.threshold),
    }
    if verdict.evaluated:
        data["evaluatedDatapoints"] = [
            {
                "timestamp": _stamp(_moment(at)),
                "sampleCount": one.count,
                "value": one.value(alarm.statistic),
            }
            for at, one in reversed(real)
        ]
    return data


def _text(point: Statistics, minute: int, alarm: Any) -> str:
    return f"{point.value(alarm.statistic)} ({_moment(minute):%d/%m/%y %H:%M:%S})"


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minutes.begin(minute), timezone.utc)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}+0000"


def _name_of(region: str) -> str:
    """`US East (N. Virginia)` for us-east-1: messages name a region so."""
    import botocore.session

    data = botocore.session.get_session().get_data("endpoints")
    found = (p["regions"].get(region) for p in data["partitions"])
    return next((one["description"] for one in found if one), region)
