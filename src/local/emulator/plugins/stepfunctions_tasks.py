"""Step Functions: the service integrations that moto does not run, and the names of errors."""

from __future__ import annotations

import importlib
import json
import time
from datetime import datetime, timezone
from typing import Any

import botocore.session

from emulator.plugins.stepfunctions_role import record_sync
from emulator.registry import patch, wrap
from emulator.runtime import LOG

_TASK = "moto.stepfunctions.parser.asl.component.state.exec.state_task"
# How the ASL names a service where boto3 names it otherwise.
_BOTO_NAMES = {
    "emrserverless": "emr-serverless",
    "cloudwatchlogs": "logs",
    "eventbridge": "events",
    "sfn": "stepfunctions",
}
# The name of the service's SDK for Java, with which AWS prefixes the errors of `aws-sdk:` tasks.
_ERROR_NAMES = {
    "athena": "Athena",
    "cloudwatch": "CloudWatch",
    "cloudwatchlogs": "CloudWatchLogs",
    "emrserverless": "EmrServerless",
    "eventbridge": "EventBridge",
    "glue": "Glue",
    "lambda": "Lambda",
    "s3": "S3",
    "secretsmanager": "SecretsManager",
    "sfn": "Sfn",
    "sns": "Sns",
    "sqs": "Sqs",
    "ssm": "Ssm",
    "sts": "Sts",
}
POLL_SECONDS = 0.3


def _service(module: str) -> Any:
    return importlib.import_module(f"{_TASK}.service.{module}")


@patch(
    "stepfunctions.sdk_names",
    gap="errors of aws-sdk tasks are named after the resource (glue.EntityNotFoundException; AWS: "
    "Glue.EntityNotFoundException); services whose ASL name is not boto3's cannot be called",
)
def sdk_names() -> None:
    _service("state_task_service_aws_sdk")._SERVICE_ERROR_NAMES.update(_ERROR_NAMES)
    names = _service("state_task_service").StateTaskService._SERVICE_NAME_SFN_TO_BOTO_OVERRIDES
    names.update(_BOTO_NAMES)


@patch(
    "stepfunctions.lambda_errors",
    gap="where Lambda itself refuses to run a function that is named as a task's resource, the "
    "error is Exception (AWS: Lambda.TooManyRequestsException and the like), so no Retry matches",
)
def lambda_errors() -> None:
    from botocore.exceptions import ClientError
    from moto.stepfunctions.parser.asl.component.common.error_name import custom_error_name

    task = importlib.import_module(f"{_TASK}.state_task_lambda").StateTaskLambda

    @wrap(task, "_from_error")
    def _from_error(original, self, env, ex):
        event = original(self, env, ex)
        if isinstance(ex, ClientError):
            name = f"Lambda.{ex.response['Error']['Code']}"
            event.error_name = custom_error_name.CustomErrorName(name)
            event.event_details["lambdaFunctionFailedEventDetails"]["error"] = name
        return event


@patch(
    "stepfunctions.sdk_shapes",
    gap="parameters and results of aws-sdk tasks keep boto3's spelling (AWS: PascalCase in both "
    "directions), so services with camelCase members, such as emrserverless, cannot be called; a "
    "result with a timestamp breaks the execution",
)
def sdk_shapes() -> None:
    session = botocore.session.get_session()

    def operation(task: Any) -> Any:
        model = session.get_service_model(task._get_boto_service_name())
        wanted = task.resource.api_action.lower()
        return next(
            (model.operation_model(o) for o in model.operation_names if o.lower() == wanted), None
        )

    def normalise_parameters(self, parameters, boto_service_name=None, service_action_name=None):
        found = operation(self)
        if found and found.input_shape is not None:
            self._to_boto_request(parameters, found.input_shape)

    def normalise_response(self, response, boto_service_name=None, service_action_name=None):
        found = operation(self)
        if found and found.output_shape is not None:
            self._from_boto_response(response, found.output_shape)
        _dates_as_text(response)

    for module, name in (
        ("state_task_service_aws_sdk", "StateTaskServiceAwsSdk"),
        ("state_task_service_unsupported", "StateTaskServiceUnsupported"),
    ):
        task = getattr(_service(module), name)
        task._normalise_parameters = normalise_parameters
        task._normalise_response = normalise_response


def _dates_as_text(value: Any) -> None:
    """Timestamps in results are ISO 8601 text; as Python's they cannot enter the state."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in list(items):
        if isinstance(member, datetime):
            value[key] = member.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        elif isinstance(member, (dict, list)):
            _dates_as_text(member)


class _Emr:
    """`emr-serverless:startJobRun.sync`: waits for the job run, and cancels it when stopped."""

    service, start, ended = "emr-serverless", "startjobrun", ("SUCCESS", "FAILED", "CANCELLED")

    @staticmethod
    def describe(client: Any, started: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        run = client.get_job_run(
            applicationId=started["ApplicationId"], jobRunId=started["JobRunId"]
        )["jobRun"]
        return run["state"], run

    @staticmethod
    def cancel(client: Any, started: dict[str, Any]) -> None:
        client.cancel_job_run(applicationId=started["ApplicationId"], jobRunId=started["JobRunId"])

    @staticmethod
    def shape(model: Any) -> Any:
        return model.operation_model("GetJobRun").output_shape.members["jobRun"]


class _Athena:
    """`athena:startQueryExecution.sync`: waits for the query, and stops it when stopped."""

    service, start = "athena", "startqueryexecution"
    ended = ("SUCCEEDED", "FAILED", "CANCELLED")

    @staticmethod
    def describe(client: Any, started: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        answer = client.get_query_execution(QueryExecutionId=started["QueryExecutionId"])
        answer.pop("ResponseMetadata", None)
        return answer["QueryExecution"]["Status"]["State"], answer

    @staticmethod
    def cancel(client: Any, started: dict[str, Any]) -> None:
        client.stop_query_execution(QueryExecutionId=started["QueryExecutionId"])

    @staticmethod
    def shape(model: Any) -> Any:
        return model.operation_model("GetQueryExecution").output_shape


@patch(
    "stepfunctions.sync",
    gap="emr-serverless:startJobRun.sync and athena:startQueryExecution.sync are not supported",
)
def sync() -> None:
    callback = _service("state_task_service_callback").StateTaskServiceCallback
    unsupported = _service("state_task_service_unsupported").StateTaskServiceUnsupported
    conditions = _service("resource").ResourceCondition
    client_for = importlib.import_module("moto.stepfunctions.parser.asl.utils.boto_client")
    session = botocore.session.get_session()

    class SyncTask(unsupported):
        def __init__(self, integration):
            patterns = {conditions.Sync}
            callback.__init__(self, supported_integration_patterns=patterns)
            self.integration = integration

        def _log_unsupported_warning(self):
            pass

        def _from_error(self, env, ex):
            named = _client_error(self, env, ex)
            return named or super()._from_error(env=env, ex=ex)

        def _eval_integration_pattern(
            self, env, resource_runtime_part, normalised_parameters, state_credentials
        ):
            started = env.stack.pop()
            service, integration = self.integration.service, self.integration
            record_sync(state_credentials.role_arn, service, resource_runtime_part.region)
            client = client_for.boto_client_for(
                service=service,
                region=resource_runtime_part.region,
                state_credentials=state_credentials,
            )
            while True:
                state, description = integration.describe(client, started)
                if state in integration.ended:
                    break
                if not env.is_running():  # stopped, or timed out: AWS cancels what it has started
                    integration.cancel(client, started)
                    return
                time.sleep(POLL_SECONDS)
            shape = integration.shape(session.get_service_model(service))
            self._from_boto_response(description, shape)
            description = json.loads(json.dumps(description, default=_timestamp))
            if state in ("SUCCESS", "SUCCEEDED"):
                env.stack.append(description)
                return
            raise _task_failed(self, env, "States.TaskFailed", json.dumps(description))

    factory = _service("state_task_service_factory")
    original = factory.state_task_service_for
    integrations = {one.service: one for one in (_Emr, _Athena)}

    def state_task_service_for(service_name):
        if service_name in integrations:
            return SyncTask(integrations[service_name])
        return original(service_name)

    factory.state_task_service_for = state_task_service_for
    importlib.import_module(
        f"{_TASK}.state_task_factory"
    ).state_task_service_for = state_task_service_for


def _timestamp(value: Any) -> Any:
    return int(value.timestamp() * 1000) if hasattr(value, "timestamp") else str(value)


def _client_error(task: Any, env: Any, ex: Exception) -> Any:
    """An error of the call itself: AWS names it `EMRServerless.<code>`, `Athena.<code>`."""
    from botocore.exceptions import ClientError

    if not isinstance(ex, ClientError):
        return None
    prefix = {"emr-serverless": "EMRServerless", "athena": "Athena"}[task.integration.service]
    error = ex.response["Error"]
    LOG.info("%s: %s", task.resource.resource_arn, error)
    failed = _task_failed(task, env, f"{prefix}.{error['Code']}", error["Message"])
    return failed.failure_event


def _task_failed(task: Any, env: Any, name: str, cause: str) -> Exception:
    from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
    from moto.stepfunctions.parser.asl.component.common.error_name import (
        custom_error_name,
        failure_event,
        states_error_name,
        states_error_name_type,
    )
    from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

    details = TaskFailedEventDetails(
        resource=task._get_sfn_resource(),
        resourceType=task._get_sfn_resource_type(),
        error=name,
        cause=cause,
    )
    if name == "States.TaskFailed":
        known = states_error_name_type.StatesErrorNameType.StatesTaskFailed
        error_name = states_error_name.StatesErrorName(typ=known)
    else:
        error_name = custom_error_name.CustomErrorName(name)
    return failure_event.FailureEventException(
        failure_event.FailureEvent(
            env=env,
            error_name=error_name,
            event_type=HistoryEventType.TaskFailed,
            event_details=EventDetails(taskFailedEventDetails=details),
        )
    )
