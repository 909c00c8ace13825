"""Metrics of what is there: queues and applications, looked at once a CloudWatch minute."""

from __future__ import annotations

import math
import threading
from collections import Counter
from typing import Any

from emulator import clock
from emulator.metrics import Series, metrics
from emulator.minutes import minutes
from emulator.plugins.emrserverless_api import is_active, settle
from emulator.registry import patch, wrap
from emulator.runtime import ACCOUNT
from emulator.spark_request import Resources, limit

_FINAL = {"SUCCESS": "SuccessJobs", "FAILED": "FailedJobs", "CANCELLED": "CancelledJobs"}
_ACTIVE = {
    "SUBMITTED": "SubmittedJobs",
    "PENDING": "PendingJobs",
    "SCHEDULED": "ScheduledJobs",
    "RUNNING": "RunningJobs",
    "CANCELLING": "CancellingJobs",
}
# As in maximumCapacity: unit and metric of each resource.
_WORKER = {"CPUAllocated": "vcpu", "MemoryAllocated": "memory_gb", "StorageAllocated": "disk_gb"}
_MOST = {"MaxCPUAllowed": "vcpu", "MaxMemoryAllowed": "memory_gb", "MaxStorageAllowed": "disk_gb"}


@patch(
    "sqs.metrics",
    gap="queues leave no metrics. Here every queue has them each minute, also one that nobody has "
    "used for hours, and the age is that of the oldest message however often it was received",
)
def queues() -> None:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html"""
    from moto.sqs.models import sqs_backends

    def queue_gauges(at: float) -> None:
        for region, backend in list(sqs_backends[ACCOUNT].items()):
            for queue in list(backend.queues.values()):
                _put_queue(region, queue, at)

    clock.gauges.append(queue_gauges)


def _put_queue(region: str, queue: Any, at: float) -> None:
    messages = list(queue._messages)
    sent = [float(m.sent_timestamp) / 1000 for m in messages if m.sent_timestamp is not None]
    delayed = sum(m.delayed for m in messages)
    hidden = sum(not m.visible for m in messages)
    age = max(0.0, minutes.between(min(sent), at)) if sent else 0.0
    values = {
        "ApproximateNumberOfMessagesVisible": len(messages) - delayed - hidden,
        "ApproximateNumberOfMessagesNotVisible": hidden,
        "ApproximateNumberOfMessagesDelayed": delayed,
        "ApproximateAgeOfOldestMessage": age,
    }
    for name, value in values.items():
        unit = "Seconds" if name == "ApproximateAgeOfOldestMessage" else "Count"
        series = Series.of(region, "AWS/SQS", name, {"QueueName": queue.name})
        metrics.put(series, [float(value)], unit, at)


@patch(
    "emrserverless.metrics",
    gap="applications leave no metrics. A job run that has ended is counted in the minute in which "
    "it ended, for which AWS documents nothing; what single workers use is not measured",
)
def applications() -> None:
    """https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-job-metrics.html"""
    from moto.emrserverless.models import emrserverless_backends

    from emulator.plugins.emrserverless_run import JobRunner

    ended: Counter[tuple[str, str]] = Counter()
    lock = threading.Lock()

    @wrap(JobRunner, "_end")
    def _end(original, self, state, details):
        with lock:
            ended[self.app.id, state] += 1
        original(self, state, details)

    def application_gauges(at: float) -> None:
        with lock:
            now = Counter(ended)
            ended.clear()
        for region, backend in list(emrserverless_backends[ACCOUNT].items()):
            for app in list(backend.applications.values()):
                done = {state: now[app.id, state] for state in _FINAL}
                runs = list(backend.job_runs.get(app.id, []))
                settle(app, runs)
                works = app.state in ("STARTING", "STARTED", "STOPPING")
                if works or any(done.values()) or any(map(is_active, runs)):
                    _put_application(region, backend, app, runs, done, at)

    clock.gauges.append(application_gauges)


def _put_application(
    region: str, backend: Any, app: Any, runs: list[Any], done: dict[str, int], at: float
) -> None:
    own = {"ApplicationId": app.id, "ApplicationName": app.name}

    def put(name: str, value: float, unit: str = "Count", **more: str) -> None:
        series = Series.of(region, "AWS/EMRServerless", name, {**own, **more})
        metrics.put(series, [float(value)], unit, at)

    states = Counter(run.state for run in runs)
    for state, name in _ACTIVE.items():
        put(name, states[state])
    for state, name in _FINAL.items():
        put(name, done[state])
    most = limit(app.maximum_capacity)
    for name, resource in _MOST.items():
        if math.isfinite(value := getattr(most, resource)):
            put(name, value, "None")
    total: Counter[str] = Counter()
    for (kind, capacity), values in _workers(backend, app).items():
        for name, value in values.items():
            unit = "Count" if name.endswith("Count") else "None"
            put(name, value, unit, WorkerType=kind, CapacityAllocationType=capacity)
            total[name] += value
    for name, value in total.items():
        put(name, value, "Count" if name.endswith("Count") else "None")


def _workers(backend: Any, app: Any) -> dict[tuple[str, str], dict[str, float]]:
    """
    Workers by type and by whether they were initialized before: a job takes these first. All that a
    job may have count as its own from beginning to end, as for the capacity that jobs wait for.
    """
    wanted: dict[str, list[Resources]] = {"Spark_Driver": [], "Spark_Executor": []}
    for runner in list(backend.runners.values()):
        if runner.app is app and runner.running and runner.request:
            wanted["Spark_Driver"] += [runner.request.driver]
            wanted["Spark_Executor"] += [runner.request.executor] * runner.request.executors
    found = {}
    for kind, workers in wanted.items():
        ready = _initialized(app, kind) if app.state == "STARTED" else []
        busy = min(len(ready), len(workers))
        found[kind, "PreInitCapacity"] = _counted(ready, running=busy)
        found[kind, "OnDemandCapacity"] = _counted(workers[busy:], running=len(workers) - busy)
    return found


def _initialized(app: Any, kind: str) -> list[Resources]:
    for name, given in (app.initial_capacity or {}).items():
        if kind.rpartition("_")[2].lower() == name.lower():
            one = limit(given.get("workerConfiguration"))
            disk = one.disk_gb if math.isfinite(one.disk_gb) else 20.0
            return [Resources(one.vcpu, one.memory_gb, disk)] * int(given.get("workerCount", 0))
    return []


def _counted(workers: list[Resources], running: int) -> dict[str, float]:
    values: dict[str, float] = {
        name: sum(getattr(one, resource) for one in workers) for name, resource in _WORKER.items()
    }
    counts = {
        "RunningWorkerCount": running,
        "IdleWorkerCount": len(workers) - running,
        "PendingCreationWorkerCount": 0,
        "TotalWorkerCount": len(workers),
    }
    return {**values, **counts}
