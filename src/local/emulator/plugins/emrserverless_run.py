"""EMR Serverless job runs: states, queue and capacity; `spark_driver` runs the job itself."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from emulator import spark_driver
from emulator.holds import holds
from emulator.plugins.emrserverless_api import STARTING_SECONDS, begin, is_active
from emulator.registry import patch, wrap
from emulator.runtime import LOG, background
from emulator.spark_request import (
    DISK_GB,
    BadParameters,
    Request,
    Resources,
    SparkSubmit,
    limit,
    request,
)

STEP_SECONDS = 0.1
# From a job run's end until its bill is made up: zeros until then.
BILL_SECONDS = 1.0
# A job run takes its place in the queue of its application under this lock.
_capacity = threading.Lock()


def spark_defaults(configurations: Any) -> dict[str, str]:
    """The properties of the spark-defaults classification."""
    found: dict[str, str] = {}
    for one in configurations or []:
        if one.get("classification") == "spark-defaults":
            found.update(one.get("properties") or {})
    return found


def billed(worker: Resources) -> Resources:
    """What of a worker costs something."""
    return replace(worker, disk_gb=max(0.0, worker.disk_gb - DISK_GB))


def hours(resources: Resources, seconds: float) -> dict[str, float]:
    """The resources' use in so many seconds, as GetJobRun has it."""
    used = resources * (seconds / 3600)
    return {
        "vCPUHour": round(used.vcpu, 4),
        "memoryGBHour": round(used.memory_gb, 4),
        "storageGBHour": round(used.disk_gb, 4),
    }


class JobRunner:
    """Takes one job run from SUBMITTED to its end, in a thread of its own."""

    def __init__(self, backend: Any, run: Any) -> None:
        self.backend, self.run = backend, run
        self.app = backend.applications[run.application_id]
        self.cancelled = threading.Event()
        self.request: Request | None = None
        self.running = False
        self.deadline = time.monotonic() + 60 * (run.execution_timeout_minutes or 720)

    def follow(self) -> None:
        try:
            conf, submit = self._configuration()
            self.request = request(conf)
        except BadParameters as problem:
            self._end("FAILED", f"Invalid Spark parameters: {problem}")
            return
        self._start_application()
        for state in ("PENDING", "SCHEDULED"):
            self._move(state)
            self._wait(STEP_SECONDS)
            holds.wait(state, self._interrupted)
        if not self._wait_for_capacity():
            return
        self._move("RUNNING")
        began = time.monotonic()
        self.run.started_at = datetime.now(timezone.utc)
        waited = self.run.started_at - self.run.created_at
        self.run.queued_duration_milliseconds = int(waited.total_seconds() * 1000)
        try:
            holds.wait("RUNNING", self._interrupted)
            result = spark_driver.submit(self.backend, self.run, conf, submit, self._interrupted)
        finally:
            self.running = False
            seconds = time.monotonic() - began
            self._account(seconds)
        if not self._is_stopping():
            self._end("SUCCESS" if result.succeeded else "FAILED", result.details)
        time.sleep(BILL_SECONDS)
        self._bill(seconds)

    def _configuration(self) -> tuple[dict[str, str], SparkSubmit]:
        """The settings of the application, of the job run, of the submit parameters: later wins."""
        driver = (self.run.job_driver or {}).get("sparkSubmit") or {}
        submit = SparkSubmit.parse(driver.get("sparkSubmitParameters") or "")
        overrides = (self.run.configuration_overrides or {}).get("applicationConfiguration")
        conf = {
            **spark_defaults(getattr(self.app, "runtime_configuration", None)),
            **spark_defaults(overrides),
            **submit.conf,
        }
        return conf, submit

    def _start_application(self) -> None:
        if self.app.state in ("CREATED", "STOPPED"):
            begin(self.app, "STARTING", "STARTED", STARTING_SECONDS)
        while self.backend.get_application(self.app.id).state == "STARTING":
            time.sleep(STEP_SECONDS)

    def _wait_for_capacity(self) -> bool:
        """SCHEDULED until the driver and all executors fit beside what runs; for ever if never."""
        assert self.request is not None
        wanted, most = self.request.total, limit(self.app.maximum_capacity)
        told = False
        while not self._is_stopping():
            with _capacity:
                taken = wanted
                for other in self.backend.runners.values():
                    if other.app is self.app and other.running and other.request:
                        taken += other.request.total
                if not taken.excess_over(most):
                    self.running = True
                    return True
            if not told:
                LOG.info("job run %s waits: %s", self.run.id, ", ".join(taken.excess_over(most)))
                told = True
            if excess := wanted.excess_over(most):
                self.run.state_details = (
                    "Waiting for capacity: the Spark job asks for more than the application's "
                    f"maximum capacity ({', '.join(excess)})"
                )
            self._wait(STEP_SECONDS)
        return False

    def _wait(self, seconds: float) -> None:
        self.cancelled.wait(seconds)

    def _interrupted(self) -> bool:
        return self.cancelled.is_set() or time.monotonic() > self.deadline

    def _is_stopping(self) -> bool:
        """Ends the run when it was cancelled or took too long; AWS cancels in both cases."""
        if not self._interrupted():
            return False
        minutes = self.run.execution_timeout_minutes
        late = "" if self.cancelled.is_set() else f"Job run exceeded its {minutes} minutes."
        if self.run.state != "CANCELLING":
            self._move("CANCELLING")
        self._end("CANCELLED", late)
        return True

    def _account(self, seconds: float) -> None:
        self.run.total_execution_duration_seconds = round(seconds)
        assert self.request is not None
        self.run.total_resource_utilization = hours(self.request.total, seconds)

    def _bill(self, seconds: float) -> None:
        """A minute at least, and of each worker's disk what is above the free 20 GB."""
        assert self.request is not None
        driver, executor = billed(self.request.driver), billed(self.request.executor)
        total = driver + executor * self.request.executors
        self.run.billed_resource_utilization = hours(total, max(seconds, 60.0))

    def _end(self, state: str, details: str) -> None:
        self.run.ended_at = datetime.now(timezone.utc)
        self._move(state, details)
        self.backend.runners.pop(self.run.id, None)

    def _move(self, state: str, details: str = "") -> None:
        previous, self.run.state = self.run.state, state
        self.run.state_details = details
        self.run.updated_at = datetime.now(timezone.utc)
        self._publish(previous)

    def _publish(self, previous: str) -> None:
        """`EMR Serverless Job Run State Change`, as EventBridge gets it from the service."""
        from moto.events.models import events_backends

        detail = {
            "jobRunId": self.run.id,
            "jobRunName": self.run.name,
            "applicationId": self.run.application_id,
            "arn": self.run.arn,
            "releaseLabel": self.run.release_label,
            "previousState": previous,
            "state": self.run.state,
            "stateDetails": self.run.state_details,
            "createdBy": f"arn:aws:iam::{self.backend.account_id}:root",
            "createdAt": self.run.created_at.isoformat(),
            "updatedAt": self.run.updated_at.isoformat(),
        }
        entry = {
            "Source": "aws.emr-serverless",
            "DetailType": "EMR Serverless Job Run State Change",
            "Detail": json.dumps(detail),
        }
        events_backends[self.backend.account_id][self.backend.region_name].put_events([entry])


@patch(
    "emrserverless.job_runs",
    gap="a job run is SUCCESS at once and runs nothing: no states, no events, no capacity; "
    "clientToken starts a second one, CancelJobRun changes a finished one, and ListJobRuns of an "
    "application without any is an error",
)
def job_runs() -> None:
    from moto.emrserverless import models
    from moto.emrserverless.exceptions import ValidationException

    models.JOB_STATUS = "SUBMITTED"
    backend = models.EMRServerlessBackend

    @wrap(backend, "__init__")
    def init(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.runners = {}

    @wrap(backend, "start_job_run")
    def start_job_run(original, self, application_id, client_token, *args, **kwargs):
        app = self.get_application(application_id)
        for run in self.job_runs.get(application_id, []):
            if run.client_token == client_token:
                return run
        auto_start = (app.auto_start_configuration or {}).get("enabled", True)
        if app.state not in ("STARTED", "STARTING") and not auto_start:
            raise ValidationException(
                f"Application {application_id} is not started and auto-start is disabled"
            )
        run = original(self, application_id, client_token, *args, **kwargs)
        run.created_at = run.updated_at = datetime.now(timezone.utc)
        run.state_details, run.attempt = "", 1
        run.created_by = f"arn:aws:iam::{self.account_id}:root"
        runner = self.runners[run.id] = JobRunner(self, run)
        background(f"job run {run.id}", runner.follow)
        return run

    @wrap(backend, "cancel_job_run")
    def cancel_job_run(original, self, application_id, job_run_id):
        run = self.get_job_run(application_id, job_run_id)
        if not is_active(run):
            raise ValidationException(f"Job run {job_run_id} is in the final state {run.state}")
        runner = self.runners[job_run_id]
        if run.state != "CANCELLING":
            runner._move("CANCELLING")
        runner.cancelled.set()
        return application_id, job_run_id

    @wrap(backend, "list_job_runs")
    def list_job_runs(original, self, application_id, *args, **kwargs):
        if application_id in self.applications:
            self.job_runs.setdefault(application_id, [])
        return original(self, application_id, *args, **kwargs)
