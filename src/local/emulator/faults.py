"""
Failures on demand, for tests: an API call that is refused, or that kills who makes it.

AWS throttles, and answers 500 now and then; a job dies between two of its calls. A fault says which
call of which service, how often, and what happens; it is used up call by call, in any order of
clients. Nothing is looked at while no fault is set.
"""

from __future__ import annotations

import functools
import itertools
import re
import threading
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

from emulator import children

_STATUS = {
    "InternalError": 500,
    "InternalFailure": 500,
    "InternalServerException": 500,
    "InternalServiceException": 500,
    "RequestTimeout": 400,
    "ServiceException": 500,
    "ServiceUnavailable": 503,
    "SlowDown": 503,
    "TooManyRequestsException": 429,
}
_numbers = itertools.count(1)


@dataclass
class Fault:
    """`times` calls fail, after `skip` of them have passed; `match` is sought in path and body."""

    service: str  # as boto3 names it
    action: str
    times: int = 1
    skip: int = 0
    match: str = ""
    error: str = ""
    message: str = "a fault that a test has asked for"
    status: int = 0
    kill: str = ""  # `job_run` or `function`: all that run; with `:ID` or `:NAME` one of them
    when: str = "before"  # the call takes effect and then there is a kill: `after`
    hits: int = field(default=0, init=False)
    id: int = field(default_factory=lambda: next(_numbers), init=False)

    def __post_init__(self) -> None:
        model = _operations(self.service)
        if self.action not in model:
            raise ValueError(f"{self.service} has no action {self.action}")
        if protocol_of(self.service) not in ("json", "query", "rest-json", "rest-xml"):
            raise ValueError(f"errors of {self.service} cannot be written here")
        if not self.error and not self.kill:
            raise ValueError("a fault needs an error, or what to kill")
        if self.kill and self.kill.split(":")[0] not in ("job_run", "function"):
            raise ValueError(f"kill is job_run or function, with :ID for one, not {self.kill}")
        if self.when not in ("before", "after"):
            raise ValueError(f"when is before or after, not {self.when}")
        self.error = self.error or "InternalError"
        self.status = self.status or _STATUS.get(self.error, 400)
        re.compile(self.match)

    def strike(self, text: str) -> bool:
        """Whether this call is one that fails."""
        if self.times <= 0 or not re.search(self.match, text):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times, self.hits = self.times - 1, self.hits + 1
        return True

    def end(self) -> None:
        """Kills, where that was asked for."""
        if self.kill:
            children.kill_named(self.kill)


class Faults:
    def __init__(self) -> None:
        self.all: list[Fault] = []
        self.lock = threading.Lock()

    def add(self, given: dict[str, Any]) -> Fault:
        fault = Fault(**given)
        with self.lock:
            self.all.append(fault)
        return fault

    def clear(self) -> None:
        with self.lock:
            self.all.clear()

    def concerns(self, service: str) -> bool:
        return any(fault.service == service and fault.times > 0 for fault in self.all)

    def strike(self, service: str, action: str, text: str) -> Fault | None:
        with self.lock:
            for fault in self.all:
                if (fault.service, fault.action) == (service, action) and fault.strike(text):
                    return fault
        return None

    def check(self, service: str, action: str, text: str) -> None:
        """For what the emulator does without an HTTP call: ClientError where a fault strikes."""
        from botocore.exceptions import ClientError

        fault = self.strike(service, action, text) if self.all else None
        if fault:
            fault.end()
            answer = {"Error": {"Code": fault.error, "Message": fault.message}}
            status = {"HTTPStatusCode": fault.status}
            raise ClientError({**answer, "ResponseMetadata": status}, action)


faults = Faults()


@dataclass(frozen=True)
class Operation:
    """How a request of a REST service is told from the service's other requests."""

    name: str
    method: str
    path: re.Pattern[str]
    query: frozenset[str]
    headers: frozenset[str]


def service_of(authorization: str, query: str) -> str:
    """boto3's name of the service for which a request is signed."""
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", authorization)
    presigned = urllib.parse.parse_qs(query).get("X-Amz-Credential", ["///"])[0].split("/")
    signed = scope[1] if scope else presigned[3] if len(presigned) > 3 else ""
    return _services().get(signed, signed)


def action_of(service: str, method: str, path: str, query: str, headers: Any, body: bytes) -> str:
    """The operation's name, whichever protocol says it; empty where none does."""
    target = headers.get("x-amz-target", "")
    if target:
        return target.rpartition(".")[2]
    if rpc := re.fullmatch(r"/service/\w+/operation/(\w+)", path):
        return rpc[1]
    if form := re.search(rb"(?:^|&)Action=(\w+)", body[:4096] + b"&" + query.encode()):
        return form[1].decode()
    given = set(urllib.parse.parse_qs(query, keep_blank_values=True))
    fitting = [
        one
        for one in _operations(service).values()
        if one.method == method
        and one.path.fullmatch(path)
        and one.query <= given
        and all(name in headers for name in one.headers)
    ]
    best = max(fitting, key=lambda one: len(one.query) + len(one.headers), default=None)
    return best.name if best else ""


@functools.cache
def _session() -> Any:
    import botocore.session

    return botocore.session.get_session()


@functools.cache
def _services() -> dict[str, str]:
    """boto3's name by the signing name, where they differ, of what the lake uses."""
    return {"states": "stepfunctions", "monitoring": "cloudwatch"}


@functools.cache
def _operations(service: str) -> dict[str, Operation]:
    from botocore.exceptions import UnknownServiceError

    try:
        model = _session().get_service_model(service)
    except UnknownServiceError:
        raise ValueError(f"no service {service}: boto3's names are meant") from None
    found = {}
    for name in model.operation_names:
        operation = model.operation_model(name)
        path, _, query = operation.http["requestUri"].partition("?")
        pattern = "".join(
            part if number % 2 == 0 else ".+" if part.endswith("+") else "[^/]+"
            for number, part in enumerate(re.split(r"\{([^}]+)\}", path))
        )
        shape = operation.input_shape
        members = shape.members if shape else {}
        required = {
            kind: {
                members[m].serialization["name"]
                for m in (shape.required_members if shape else ())
                if members[m].serialization.get("location") == kind
            }
            for kind in ("querystring", "header")
        }
        static = {part.split("=")[0] for part in query.split("&") if part}
        found[name] = Operation(
            name,
            operation.http["method"],
            re.compile(pattern.rstrip("/") + "/?"),
            frozenset(static | required["querystring"]),
            frozenset(one.lower() for one in required["header"]),
        )
    return found


def protocol_of(service: str) -> str:
    return _session().get_service_model(service).metadata["protocol"]
