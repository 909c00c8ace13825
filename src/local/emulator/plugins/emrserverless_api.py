"""EMR Serverless applications: their states and the arguments that moto drops."""

from __future__ import annotations

import time
from typing import Any

from emulator.registry import patch, wrap

# Real ones take about a minute; what matters is that the intermediate states are seen.
STARTING_SECONDS = 0.5
STOPPING_SECONDS = 1.0

_ATTRIBUTES = {
    "imageConfiguration": "image_configuration",
    "interactiveConfiguration": "interactive_configuration",
    "monitoringConfiguration": "monitoring_configuration",
    "runtimeConfiguration": "runtime_configuration",
    "schedulerConfiguration": "scheduler_configuration",
    "workerTypeSpecifications": "worker_type_specifications",
}


def settle(app: Any, job_runs: list[Any]) -> None:
    """Brings the state up to date: the end of STARTING and STOPPING, and the idle timeout."""
    target, due = getattr(app, "transition", (None, 0.0))
    if target and time.monotonic() >= due:
        app.state, app.transition = target, (None, 0.0)
        app.idle_since = time.monotonic()
    if any(is_active(run) for run in job_runs):
        app.idle_since = time.monotonic()
    auto_stop = app.auto_stop_configuration or {}
    if app.state == "STARTED" and auto_stop.get("enabled", True):
        idle = time.monotonic() - getattr(app, "idle_since", time.monotonic())
        if idle > 60 * auto_stop.get("idleTimeoutMinutes", 15):
            app.state, app.state_details = "STOPPED", "idle timeout"


def begin(app: Any, state: str, target: str, seconds: float) -> None:
    app.state, app.transition = state, (target, time.monotonic() + seconds)


def is_active(run: Any) -> bool:
    return run.state not in ("SUCCESS", "FAILED", "CANCELLED")


@patch(
    "emrserverless.application_states",
    gap="an application is born STARTED (the provider waits for CREATED), starts and stops at "
    "once, stops while jobs run, and never stops by itself when idle",
)
def application_states() -> None:
    from moto.emrserverless import models
    from moto.emrserverless.exceptions import ValidationException

    models.APPLICATION_STATUS = "CREATED"
    backend = models.EMRServerlessBackend

    @wrap(models.Application, "__init__")
    def init(original, self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.created_at = self.updated_at = models.utcnow()  # moto: the midnight before

    def settled(self, application_id: str) -> Any:
        app = self.applications.get(application_id)
        if app:
            settle(app, self.job_runs.get(application_id, []))
        return app

    for name in ("get_application", "delete_application", "update_application"):

        @wrap(backend, name)
        def after_settling(original, self, application_id, *args, **kwargs):
            settled(self, application_id)
            return original(self, application_id, *args, **kwargs)

    @wrap(backend, "list_applications")
    def list_applications(original, self, states):
        for application_id in self.applications:
            settled(self, application_id)
        return original(self, states)

    @wrap(backend, "start_application")
    def start_application(original, self, application_id):
        app = self.get_application(application_id)
        if app.state in ("CREATED", "STOPPED"):
            begin(app, "STARTING", "STARTED", STARTING_SECONDS)
        elif app.state not in ("STARTING", "STARTED"):
            raise ValidationException(
                f"Application {application_id} cannot be started. Current status: {app.state}"
            )

    @wrap(backend, "stop_application")
    def stop_application(original, self, application_id):
        app = self.get_application(application_id)
        active = [r.id for r in self.job_runs.get(application_id, []) if is_active(r)]
        if active:
            raise ValidationException(
                f"Application {application_id} has active job runs {active}: they must be "
                "completed or cancelled before the application is stopped"
            )
        if app.state in ("STARTED", "STARTING"):
            begin(app, "STOPPING", "STOPPED", STOPPING_SECONDS)


@patch(
    "emrserverless.application_fields",
    gap="architecture and the image, interactive, monitoring, runtime, scheduler and worker type "
    "configurations are dropped: the second plan is not empty",
)
def application_fields() -> None:
    from moto.emrserverless.responses import EMRServerlessResponse

    def keep(self, application_id: str) -> None:
        app = self.emrserverless_backend.applications[application_id]
        for parameter, attribute in _ATTRIBUTES.items():
            if self._get_param(parameter) is not None:
                setattr(app, attribute, self._get_param(parameter))
        given = self._get_param("architecture")
        app.architecture = given or getattr(app, "architecture", "X86_64")
        if self._get_param("releaseLabel"):
            app.release_label = self._get_param("releaseLabel")

    @wrap(EMRServerlessResponse, "create_application")
    def create_application(original, self):
        result = original(self)
        keep(self, result.result["applicationId"])
        return result

    @wrap(EMRServerlessResponse, "update_application")
    def update_application(original, self):
        result = original(self)  # raises before anything is changed
        keep(self, self._get_param("applicationId"))
        return result
