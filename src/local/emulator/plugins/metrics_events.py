"""Metrics of what happens once: invocations, executions, log lines that carry metrics."""

from __future__ import annotations

import time
from typing import Any

from emulator import emf
from emulator.metrics import Series, metrics
from emulator.plugins import lambda_run
from emulator.registry import patch, wrap
from emulator.runtime import LOG

_ENDED = {
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "TIMED_OUT": "ExecutionsTimedOut",
    "ABORTED": "ExecutionsAborted",
}


@patch(
    "lambda.metrics",
    gap="invocations leave no metrics. By function name alone: not by version, alias or account",
)
def functions() -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html"""

    def put(function: Any, **values: float) -> None:
        for name, value in values.items():
            unit = "Milliseconds" if name == "Duration" else "Count"
            dimensions = {"FunctionName": function.function_name}
            series = Series.of(function.region, "AWS/Lambda", name, dimensions)
            metrics.put(series, [value], unit)

    @wrap(lambda_run, "run")
    def run(original, function, event):
        began = time.monotonic()
        try:
            outcome = original(function, event)
        except lambda_run.Throttled:
            put(function, Throttles=1)  # AWS: a throttled request is no invocation
            raise
        took = 1000 * (time.monotonic() - began)
        put(function, Invocations=1, Errors=int(outcome.failed), Throttles=0, Duration=took)
        return outcome


@patch("stepfunctions.metrics", gap="executions leave no metrics")
def executions() -> None:
    """https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html"""
    from moto.stepfunctions.parser.backend import execution as backend

    def put(execution: Any, name: str, value: float = 1, unit: str = "Count") -> None:
        dimensions = {"StateMachineArn": execution.state_machine.arn}
        metrics.put(Series.of(execution.region_name, "AWS/States", name, dimensions), [value], unit)

    @wrap(backend.Execution, "start")
    def start(original, self):
        original(self)
        put(self, "ExecutionsStarted")

    @wrap(backend.BaseExecutionWorkerCommunication, "terminated")
    def terminated(original, self):
        original(self)
        execution = self.execution
        took = execution.stop_date.timestamp() - execution.start_date.timestamp()
        put(execution, _ENDED[execution.exec_status.value])
        put(execution, "ExecutionTime", 1000 * took, "Milliseconds")


@patch("logs.emf", gap="log lines in the embedded metric format give no metrics")
def embedded() -> None:
    from moto.logs.models import LogsBackend

    @wrap(LogsBackend, "put_log_events")
    def put_log_events(original, self, log_group_name, log_stream_name, log_events):
        answer = original(self, log_group_name, log_stream_name, log_events)
        for event in log_events:
            try:
                found = emf.metrics_in(str(event["message"]))
            except emf.NotEmf as problem:
                LOG.warning("%s: no metrics of a line: %s", log_group_name, problem)
                continue
            for one in found:
                series = Series(
                    self.region_name, one.namespace, one.name, frozenset(one.dimensions)
                )
                metrics.put(series, one.values, one.unit, one.at)
        return answer
