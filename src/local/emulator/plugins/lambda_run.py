"""Lambda: the code of the zip runs in a Node.js process; memory and network are not limited."""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
import zipfile
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from emulator import calls, children
from emulator.registry import patch, wrap
from emulator.runtime import LOG, background, settings

BOOTSTRAP = Path(__file__).parent.parent / "lambda_bootstrap.mjs"
# Between two attempts of an asynchronous invocation AWS waits one minute, then two.
RETRY_SECONDS = (1.0, 2.0)

_unpacked: dict[str, Path] = {}
_unpacking = threading.Lock()


# How soon an asynchronous invocation that was throttled is tried again; AWS begins with a second.
THROTTLED_SECONDS = 1.0


class Throttled(Exception):
    """As many invocations of the function run as may; the message is its name."""


@dataclass
class Outcome:
    payload: str
    failed: bool
    logs: str


def task_root(function: Any) -> Path:
    """The folder with the unpacked zip; one for each version of the code."""
    with _unpacking:
        digest = function.code_sha_256
        if digest not in _unpacked:
            folder = Path(tempfile.mkdtemp(prefix="lambda-", dir=settings.work))
            with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as archive:
                archive.extractall(folder)
            _unpacked[digest] = folder
        return _unpacked[digest]


def _environment(function: Any, root: Path, group: str, stream: str) -> dict[str, str]:
    """The function's own variables and those that Lambda reserves."""
    reserved = {
        **calls.credentials(function.role),
        "AWS_SESSION_TOKEN": "test",
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ENDPOINT_URL": settings.endpoint,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST" if function.version == 1 else function.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": group,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "AWS_EC2_METADATA_DISABLED": "true",
        "LAMBDA_TASK_ROOT": str(root),
        "LAMBDA_RUNTIME_DIR": str(BOOTSTRAP.parent),
        "_HANDLER": function.handler,
        "TZ": ":UTC",
    }
    own = {**function.environment_vars, **{k: str(v) for k, v in reserved.items()}}
    return {"PATH": children.environment().get("PATH", ""), "HOME": str(root), **own}


def run(function: Any, event: Any) -> Outcome:
    """One invocation from START to REPORT, with the logs in the function's log group."""
    if not str(function.run_time).startswith("nodejs"):
        error = {"errorType": "Runtime.Unsupported", "errorMessage": f"no {function.run_time} here"}
        return Outcome(json.dumps(error), True, "")
    logging_config = function.get_configuration().get("LoggingConfig", {})
    group = logging_config.get("LogGroup") or function.logs_group_name
    request_id, today = str(uuid.uuid4()), datetime.now(timezone.utc).strftime("%Y/%m/%d")
    stream = f"{today}/[$LATEST]{uuid.uuid4().hex}"
    began = time.monotonic()
    result_file = settings.work / f"result-{request_id}.json"
    invocation = {
        "event": event,
        "requestId": request_id,
        "functionArn": function.function_arn,
        "resultFile": str(result_file),
        "deadline": int(1000 * (time.time() + int(function.timeout))),
        "logFormat": logging_config.get("LogFormat", "Text"),
    }
    try:
        root = task_root(function)
        process = children.start(
            [settings.node, str(BOOTSTRAP)],
            name=f"function:{function.function_name}",
            cwd=root,
            env=_environment(function, root, group, stream),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, zipfile.BadZipFile) as problem:
        error = {"errorType": "Runtime.InvalidEntrypoint", "errorMessage": str(problem)}
        return Outcome(json.dumps(error), True, "")
    timed_out = False
    try:
        output, _ = process.communicate(json.dumps(invocation), timeout=int(function.timeout))
    except subprocess.TimeoutExpired:
        timed_out = True
        children.kill(process)
        output, _ = process.communicate()
    children.finished(process)
    took = 1000 * (time.monotonic() - began)
    payload = _payload(result_file, request_id, process.returncode, timed_out, function)
    failed = timed_out or process.returncode != 0
    logs = _framed(output, request_id, took, timed_out, function)
    _store_logs(function, group, stream, logs)
    return Outcome(payload, failed, logs)


def _payload(file: Path, request_id: str, status: int, timed_out: bool, function: Any) -> str:
    if file.exists() and not timed_out:
        payload = file.read_text(encoding="utf-8")
        file.unlink()
        return payload
    kind, text = "Runtime.ExitError", f"Runtime exited with error: exit status {status}"
    if status == 0:
        text = "Runtime exited without providing a reason"
    if timed_out:
        kind, text = "Sandbox.Timedout", f"Task timed out after {int(function.timeout):.2f} seconds"
    message = f"RequestId: {request_id} Error: {text}"
    return json.dumps({"errorType": kind, "errorMessage": message})


def _framed(output: str, request_id: str, took: float, timed_out: bool, function: Any) -> str:
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    late = f"{now} {request_id} Task timed out after {int(function.timeout):.2f} seconds\n"
    return (
        f"START RequestId: {request_id} Version: $LATEST\n"
        + output
        + ("" if not output or output.endswith("\n") else "\n")
        + (late if timed_out else "")
        + f"END RequestId: {request_id}\n"
        + f"REPORT RequestId: {request_id}\tDuration: {took:.2f} ms\tBilled Duration: "
        + f"{int(took) + 1} ms\tMemory Size: {function.memory_size} MB\n"
    )


def _store_logs(function: Any, group: str, stream: str, logs: str) -> None:
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": line} for line in logs.splitlines() if line]
    if group not in function.logs_backend.groups:
        calls.record_log_group(function.role, function.region, group)
        function.logs_backend.ensure_log_group(group)
    calls.record_log_writes(function.role, function.region, group, stream)
    function.logs_backend.create_log_stream(group, stream)
    function.logs_backend.put_log_events(group, stream, events)


def _run_when_free(function: Any, event: Any) -> Outcome:
    """Being throttled counts as no attempt: AWS tries for six hours, here there is no end."""
    while True:
        try:
            return run(function, event)
        except Throttled:
            time.sleep(THROTTLED_SECONDS)


def run_asynchronously(function: Any, event: Any) -> None:
    """InvocationType Event: up to two retries, then the destination or the dead-letter queue."""
    config = function.event_invoke_config[0].config if function.event_invoke_config else {}
    retries = config.get("MaximumRetryAttempts", 2)
    for attempt in range(retries + 1):
        outcome = _run_when_free(function, event)
        if not outcome.failed:
            break
        if attempt < retries:
            time.sleep(RETRY_SECONDS[attempt])
    side = "OnFailure" if outcome.failed else "OnSuccess"
    destination = config.get("DestinationConfig", {}).get(side, {}).get("Destination")
    kept = getattr(function, "kept_configuration", {})
    dead_letters = kept.get("DeadLetterConfig", {}).get("TargetArn")
    if destination:
        context = {
            "requestId": str(uuid.uuid4()),
            "functionArn": f"{function.function_arn}:$LATEST",
            "condition": "RetriesExhausted" if outcome.failed else "Success",
            "approximateInvokeCount": attempt + 1,
        }
        record = {
            "version": "1.0",
            "timestamp": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "requestContext": context,
            "requestPayload": event,
            "responsePayload": json.loads(outcome.payload),
        }
        _send(function, destination, json.dumps(record))
    elif outcome.failed and dead_letters:
        _send(function, dead_letters, json.dumps(event))


def _send(function: Any, arn: str, body: str) -> None:
    """Sends with the function's role, as destinations and dead-letter queues are served."""
    from moto.sns.models import sns_backends
    from moto.sqs.models import sqs_backends
    from moto.utilities.arns import parse_arn

    parsed = parse_arn(arn)
    if parsed.service == "sqs":
        calls.record(function.role, "sqs:SendMessage", arn)
        sqs_backends[parsed.account][parsed.region].send_message(parsed.resource_id, body)
    elif parsed.service == "sns":
        calls.record(function.role, "sns:Publish", arn)
        sns_backends[parsed.account][parsed.region].publish(message=body, arn=arn)
    else:
        LOG.warning("destination %s is of no service known here", arn)


@patch(
    "lambda.node",
    gap="a function runs in Docker only; an asynchronous invocation blocks, is not tried again "
    "and reaches no destination; a failure is reported as Handled (AWS: Unhandled)",
)
def node() -> None:
    from moto.awslambda.models import LambdaBackend, LambdaFunction

    @wrap(LambdaFunction, "invoke")
    def invoke(original, self, body, request_headers, response_headers):
        event = json.loads(body) if body else {}
        kind = {k.lower(): v for k, v in dict(request_headers).items()}.get(
            "x-amz-invocation-type", "RequestResponse"
        )
        if kind == "Event":
            background(f"lambda {self.function_name}", run_asynchronously, self, event)
            return b""
        if kind == "DryRun":
            return b""
        outcome = run(self, event)
        if outcome.failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        tail = outcome.logs.encode()[-4096:]
        response_headers["x-amz-log-result"] = base64.b64encode(tail).decode()
        return outcome.payload.encode()

    @wrap(LambdaBackend, "delete_function")
    def delete_function(original, self, function_name, qualifier=None):
        digests = {f.code_sha_256 for f in self.list_functions("ALL")}
        original(self, function_name, qualifier)
        unused = digests - {f.code_sha_256 for f in self.list_functions("ALL")}
        with _unpacking:
            for digest in unused & _unpacked.keys():
                shutil.rmtree(_unpacked.pop(digest), ignore_errors=True)
