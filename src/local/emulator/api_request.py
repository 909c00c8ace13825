"""An HTTP request to the AWS API, read by botocore's models: which operation, with what."""

from __future__ import annotations

import functools
import json
import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.faults import action_of, service_of

_SIGNED_FOR = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/")
_ADDRESS = re.compile(r"[\d.:\[\]]+|localhost(:\d+)?")


@dataclass(frozen=True)
class ApiRequest:
    """Parameters of S3 are `Bucket`, `Key`, the query's and the headers' by their own names."""

    service: str  # as boto3 names it
    operation: str  # empty where no model knows it
    region: str
    method: str
    path: str  # as it was before the URL quoted it
    parameters: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""


def signer(environ: dict[str, Any]) -> tuple[str, str]:
    """Access key id and region of the signature, in the header or in a presigned URL."""
    signed = environ.get("HTTP_AUTHORIZATION", "")
    if not signed and "X-Amz-Credential" in environ.get("QUERY_STRING", ""):
        query = urllib.parse.parse_qs(environ["QUERY_STRING"])
        signed = f"Credential={query['X-Amz-Credential'][0]}"
    found = _SIGNED_FOR.search(signed)
    return (found[1], found[2]) if found else ("", "")


def headers_of(environ: dict[str, Any]) -> dict[str, str]:
    """The request's headers; names in lower case."""
    return {k[5:].replace("_", "-").lower(): v for k, v in environ.items() if k[:5] == "HTTP_"}


def read(environ: dict[str, Any], region: str, body: Callable[[], bytes]) -> ApiRequest:
    """`body` is asked only where it tells something: an object that is put to S3 is not read."""
    query_text = environ.get("QUERY_STRING", "")
    query = dict(urllib.parse.parse_qsl(query_text, keep_blank_values=True))
    headers = headers_of(environ)
    path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    method = environ["REQUEST_METHOD"]
    service = service_of(headers.get("authorization", ""), query_text)
    if service == "s3":
        path = _path_style(path, headers.get("host", ""))
    content = body() if service != "s3" or (method == "POST" and "delete" in query) else b""
    operation = action_of(service, method, path, query_text, headers, content)
    if service == "s3":
        bucket, _, key = path.lstrip("/").partition("/")
        parameters: dict[str, Any] = {"Bucket": bucket, "Key": key}
    else:
        parameters = {**query, **_members(content), **_in_path(service, operation, path)}
    return ApiRequest(service, operation, region, method, path, parameters, query, headers, content)


def _path_style(path: str, host: str) -> str:
    """`/bucket/key`, also where the bucket is the host's first label."""
    if _ADDRESS.fullmatch(host) or host.startswith("s3."):
        return path
    return f"/{host.split('.')[0]}{path}"


def _members(body: bytes) -> dict[str, Any]:
    """The members of a JSON document or of a form; of anything else none."""
    if body[:1] == b"{":
        try:
            return json.loads(body)
        except ValueError:
            return {}
    if b"Action=" in body:
        return dict(urllib.parse.parse_qsl(body.decode("utf-8", "replace")))
    return {}


def _in_path(service: str, operation: str, path: str) -> dict[str, str]:
    pattern = _path_pattern(service, operation)
    found = pattern.fullmatch(path) if pattern else None
    return found.groupdict() if found else {}


@functools.cache
def _path_pattern(service: str, operation: str) -> re.Pattern[str] | None:
    """The operation's path with its parameters as named groups; None where it has none."""
    import botocore.session
    from botocore.exceptions import UnknownServiceError
    from botocore.model import OperationNotFoundError

    try:
        model = botocore.session.get_session().get_service_model(service)
        path = model.operation_model(operation).http["requestUri"].partition("?")[0]
    except (OperationNotFoundError, UnknownServiceError):
        return None
    parts = re.split(r"\{(\w+)\+?\}", path)
    if len(parts) == 1:
        return None
    pattern = "".join(
        f"(?P<{part}>.+)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
    )
    return re.compile(pattern.rstrip("/") + "/?")
