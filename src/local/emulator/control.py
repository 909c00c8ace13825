"""Every request passes here: it is noted, refused by a fault, or a command of a test."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from emulator import api_request, authorization, calls, commands
from emulator.faults import Fault, action_of, faults, protocol_of, service_of
from emulator.plugins.iam import request_headers
from emulator.runtime import LOG

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class FrontDoor:
    """Every request passes here before moto gets it."""

    def __init__(self, application: Callable[[Environ, StartResponse], Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/emulator/"):
            return _control(environ, start_response)
        start_response = _note(environ, start_response)
        request_headers.set(api_request.headers_of(environ))
        fault = _struck(environ) if faults.all else None
        if fault is None:
            return self.application(environ, start_response)
        if fault.when == "after":
            answer = self.application(environ, start_response)
            fault.end()
            return answer
        fault.end()
        return _refuse(fault, start_response)


def _note(environ: Environ, start_response: StartResponse) -> StartResponse:
    """Notes what a request with the credentials of a role must be allowed."""
    key, region = api_request.signer(environ)
    role = calls.role_of(key)
    if role is None:
        return start_response
    try:
        request = api_request.read(environ, region, lambda: _body(environ))
        for one in authorization.asked(request):
            calls.record(role, *one)
    except Exception:  # the call goes on, and who judges the calls is told of one nobody understood
        LOG.exception("a call of %s could not be read", role)
        what = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        calls.record(role, f"unreadable:{what}", "*")
        return start_response

    def start(status: str, *more: Any) -> Any:
        for one in authorization.asked_of_answer(request, int(status.split()[0])):
            calls.record(role, *one)
        return start_response(status, *more)

    return start


def _struck(environ: Environ) -> Fault | None:
    query = environ.get("QUERY_STRING", "")
    service = service_of(environ.get("HTTP_AUTHORIZATION", ""), query)
    if not faults.concerns(service):
        return None
    body = _body(environ)
    headers = api_request.headers_of(environ)
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    action = action_of(service, method, path, query, headers, body)
    text = f"{path}?{query}\n{body[:65536].decode('utf-8', 'replace')}"
    return faults.strike(service, action, text)


def _body(environ: Environ) -> bytes:
    """Reads the request's body, and leaves it to be read again."""
    length = environ.get("CONTENT_LENGTH")
    stream = environ["wsgi.input"]
    if length:
        body = stream.read(int(length))
    else:
        body = stream.read() if environ.get("wsgi.input_terminated") else b""
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _refuse(fault: Fault, start_response: StartResponse) -> Iterable[bytes]:
    """The error in the form of the service's protocol."""
    code, message = html.escape(fault.error), html.escape(fault.message)
    protocol = protocol_of(fault.service)
    headers = [("x-amzn-RequestId", f"fault-{fault.id}"), ("x-amzn-ErrorType", fault.error)]
    kind = "text/xml"
    if protocol == "rest-xml":
        body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    elif protocol == "query":
        inner = (
            f"<Error><Type>Receiver</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        )
        body = f"<ErrorResponse>{inner}<RequestId>fault-{fault.id}</RequestId></ErrorResponse>"
    else:
        kind = "application/x-amz-json-1.0"
        body = json.dumps({"__type": fault.error, "message": fault.message})
    return _answer(start_response, fault.status, body, kind, headers)


def _answer(
    start_response: StartResponse,
    status: int,
    body: str,
    kind: str = "application/json",
    headers: Iterable[tuple[str, str]] = (),
) -> Iterable[bytes]:
    content = body.encode()
    length = ("Content-Length", str(len(content)))
    start_response(
        f"{status} {HTTPStatus(status).phrase}", [("Content-Type", kind), length, *headers]
    )
    return [content]


def _control(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    what, method = environ["PATH_INFO"].removeprefix("/emulator/"), environ["REQUEST_METHOD"]
    body = _body(environ)
    try:
        answer = commands.do(what, method, json.loads(body) if body else {})
    except (ValueError, TypeError) as problem:  # TypeError: a name that Fault or Disturbance lacks
        message = f"{method} /emulator/{what}: {str(problem).partition('() ')[2] or problem}"
        return _answer(start_response, 400, json.dumps({"message": message}))
    return _answer(start_response, 200, json.dumps(answer))
