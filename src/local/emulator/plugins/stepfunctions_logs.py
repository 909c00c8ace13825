"""Step Functions: what an execution tells CloudWatch Logs and EventBridge."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

from emulator.registry import patch, wrap


@patch(
    "stepfunctions.logs",
    gap="the logging configuration of a state machine is stored, and nothing is ever logged",
)
def logs() -> None:
    from moto.logs.models import logs_backends
    from moto.stepfunctions.parser.asl.eval.event import logging as execution_logging
    from moto.stepfunctions.parser.backend.execution import Execution

    class Session(execution_logging.CloudWatchLoggingSession):
        """One log event for each history event that the configured level lets through."""

        def publish_history_log(self, history_log):
            config = self.configuration
            backend = logs_backends[config.log_account_id][config.log_region]
            if config.log_group_name not in backend.groups:
                return  # AWS drops them, too
            now = int(time.time() * 1000)
            message = {**history_log, "event_timestamp": str(now), "redrive_count": "0"}
            group = backend.groups[config.log_group_name]
            if config.log_stream_name not in group.streams:
                backend.create_log_stream(config.log_group_name, config.log_stream_name)
            event = {"timestamp": now, "message": json.dumps(message, default=str)}
            backend.put_log_events(config.log_group_name, config.log_stream_name, [event])

    @wrap(Execution, "start")
    def start(original, self):
        given = self.state_machine.loggingConfiguration
        if given and self._cloud_watch_logging_session is None:
            config = execution_logging.CloudWatchLoggingConfiguration.from_logging_configuration(
                self.state_machine.arn, {"includeExecutionData": False, **given}
            )
            if config:
                today = datetime.now().strftime("%Y-%m-%d")
                config.log_stream_name = f"states/{self.state_machine.name}/{today}"
                self._cloud_watch_logging_session = Session(self.exec_arn, config)
        original(self)


@patch(
    "stepfunctions.status_events",
    gap="no Step Functions Execution Status Change events reach EventBridge",
)
def status_events() -> None:
    from moto.events.models import events_backends
    from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
    from moto.stepfunctions.parser.backend import execution as executions

    def publish(execution: Any) -> None:
        def milliseconds(moment: datetime | None) -> int | None:
            return int(moment.timestamp() * 1000) if moment else None

        detail = {
            "executionArn": execution.exec_arn,
            "stateMachineArn": execution.state_machine.arn,
            "name": execution.name,
            "status": execution.exec_status.value,
            "startDate": milliseconds(execution.start_date),
            "stopDate": milliseconds(execution.stop_date),
            "input": execution.execution_input,
            "output": to_json_str(execution.output) if execution.output is not None else None,
            "error": execution.error,
            "cause": execution.cause,
        }
        entry = {
            "Source": "aws.states",
            "DetailType": "Step Functions Execution Status Change",
            "Detail": json.dumps(detail),
            "Resources": [execution.exec_arn],
        }
        events_backends[execution.account_id][execution.region_name].put_events([entry])

    @wrap(executions.Execution, "start")
    def start(original, self):
        original(self)
        publish(self)

    @wrap(executions.BaseExecutionWorkerCommunication, "terminated")
    def terminated(original, self):
        original(self)
        publish(self.execution)
