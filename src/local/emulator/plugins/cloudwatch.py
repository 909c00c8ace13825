"""CloudWatch: composite alarms."""

from __future__ import annotations

from emulator.registry import patch


@patch("cloudwatch.composite_alarm", gap="PutCompositeAlarm is missing")
def composite_alarm() -> None:
    from moto.cloudwatch.responses import CloudWatchResponse
    from moto.core.responses import EmptyResult

    def put_composite_alarm(self) -> EmptyResult:
        get = self._get_param
        metric = ("namespace", "metric_name", "comparison_operator", "evaluation_periods")
        self.cloudwatch_backend.put_metric_alarm(
            **dict.fromkeys((*metric, "period", "threshold", "statistic")),
            name=get("AlarmName"),
            rule=get("AlarmRule"),
            description=get("AlarmDescription"),
            dimensions=[],
            alarm_actions=get("AlarmActions", []),
            ok_actions=get("OKActions", []),
            insufficient_data_actions=get("InsufficientDataActions", []),
            actions_enabled=self._get_bool_param("ActionsEnabled"),
            tags=get("Tags", []),
        )
        return EmptyResult()

    CloudWatchResponse.put_composite_alarm = put_composite_alarm
