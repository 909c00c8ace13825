"""What AWS asks IAM before it does an operation: actions, each on a resource, with its context.

By the tables "API operations", "Actions" and "Resource types" of the Service Authorization
Reference, https://docs.aws.amazon.com/service-authorization/latest/reference/ (list_s3 and so on).
An operation that stands in no table here is asked as `<service>:<Operation>` on the ARN that its
parameters name, else on `*`: nothing is dropped.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from emulator import authorization_s3
from emulator.api_request import ApiRequest
from emulator.runtime import ACCOUNT


class Asked(NamedTuple):
    action: str
    resource: str
    context: Mapping[str, str | list[str]] = {}


# The prefix of a service's actions, where it is not boto3's name of the service.
_PREFIXES = {"stepfunctions": "states"}


def asked(request: ApiRequest) -> list[Asked]:
    """All that must be allowed for this request to go through."""
    if request.service == "s3":
        return [Asked(*one) for one in authorization_s3.asked(request)]
    rule = _RULES.get(request.service, _other)
    return list(rule(request))


def asked_of_answer(request: ApiRequest, status: int) -> list[Asked]:
    """All that must be allowed, besides, for AWS to give this answer, by its HTTP status."""
    if request.service == "s3" and status == 404:
        return [Asked(*one) for one in authorization_s3.asked_of_absence(request)]
    return []


def _arn(request: ApiRequest, resource: str) -> str:
    service = _PREFIXES.get(request.service, request.service)
    return f"arn:aws:{service}:{request.region}:{ACCOUNT}:{resource}"


def _named(request: ApiRequest, name: str, prefix: str) -> str:
    """The ARN of a resource that is given by its name, or by its ARN."""
    return name if name.startswith("arn:") else _arn(request, prefix + name)


def _action(request: ApiRequest, operation: str = "") -> str:
    prefix = _PREFIXES.get(request.service, request.service) or "unknown"
    known = operation or request.operation
    return f"{prefix}:{known or f'{request.method} {request.path}'}"


def _other(request: ApiRequest) -> Iterator[Asked]:
    values = request.parameters.values()
    named = (v for v in values if isinstance(v, str) and v.startswith("arn:"))
    yield Asked(_action(request), next(named, "*"))


def _dynamodb(request: ApiRequest) -> Iterator[Asked]:
    given = request.parameters
    if "TransactItems" in given:  # each is asked as the operation that it is
        single = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem"}
        single |= {"Get": "GetItem", "ConditionCheck": "ConditionCheckItem"}
        for item in given["TransactItems"]:
            for kind, what in item.items():
                yield Asked(
                    _action(request, single.get(kind, kind)),
                    _named(request, what["TableName"], "table/"),
                )
    elif "RequestItems" in given:
        for table in given["RequestItems"]:
            yield Asked(_action(request), _named(request, table, "table/"))
    elif "TableName" in given:
        table = _named(request, given["TableName"], "table/")
        index = f"/index/{given['IndexName']}" if given.get("IndexName") else ""
        yield Asked(_action(request), table + index)
    else:
        yield from _other(request)


def _emr_serverless(request: ApiRequest) -> Iterator[Asked]:
    given = request.parameters
    resource = f"/applications/{given.get('applicationId', '')}"
    if given.get("jobRunId"):
        resource += f"/jobruns/{given['jobRunId']}"
    if request.operation in ("ListApplications", "CreateApplication"):
        resource = "/*"
    yield Asked(_action(request), _arn(request, resource))
    if request.operation == "StartJobRun":
        service = {"iam:PassedToService": "emr-serverless.amazonaws.com"}
        yield Asked("iam:PassRole", given.get("executionRoleArn", ""), service)


def _events(request: ApiRequest) -> Iterator[Asked]:
    given = request.parameters
    if request.operation == "PutEvents":
        for bus in {entry.get("EventBusName") or "default" for entry in given.get("Entries", [])}:
            yield Asked(_action(request), _named(request, bus, "event-bus/"))
        return
    rule = given.get("Rule") or given.get("Name")
    if not rule or not request.operation.endswith(("Rule", "Targets", "TargetsByRule")):
        yield from _other(request)
        return
    bus = (given.get("EventBusName") or "default").rpartition("/")[2]
    yield Asked(
        _action(request), _arn(request, f"rule/{'' if bus == 'default' else bus + '/'}{rule}")
    )


def _glue(request: ApiRequest) -> Iterator[Asked]:
    """An operation on a table needs the catalog and the database as well."""
    given, operation = request.parameters, request.operation
    if "Crawl" in operation:
        name = given.get("Name") or given.get("CrawlerName") or "*"
        yield Asked(_action(request), _arn(request, f"crawler/{name}"))
        return
    if "Database" not in operation and not any(k in given for k in ("DatabaseName", "TableInput")):
        yield from _other(request)
        return
    inputs = given.get("TableInput") or given.get("DatabaseInput") or {}
    database = given.get("DatabaseName")
    resources = ["catalog"]
    if database is None:  # an operation on the database itself; GetDatabases is on all
        resources.append(f"database/{given.get('Name') or inputs.get('Name') or '*'}")
    else:
        table = given.get("TableName") or given.get("Name") or inputs.get("Name") or "*"
        resources += [f"database/{database}", f"table/{database}/{table}"]
    for resource in resources:
        yield Asked(_action(request), _arn(request, resource))


def _kms(request: ApiRequest) -> Iterator[Asked]:
    from moto.kms.models import kms_backends

    given = request.parameters
    key = str(given.get("KeyId") or "*")
    if key != "*":
        backend = kms_backends[ACCOUNT][request.region]
        found = backend.keys.get(backend.any_id_to_key_id(key))
        key = found.arn if found else _named(request, key, "key/")
    pairs = given.get("EncryptionContext") or {}
    context = {f"kms:EncryptionContext:{name}": value for name, value in pairs.items()}
    yield Asked(_action(request), key, context)


def _lambda(request: ApiRequest) -> Iterator[Asked]:
    name = request.parameters.get("FunctionName")
    if not name:
        yield from _other(request)
        return
    name = name if name.startswith("arn:") else name.rpartition("function:")[2]
    function = _named(request, name, "function:")
    if qualifier := request.query.get("Qualifier"):
        function += f":{qualifier}"
    invokes = request.operation in ("Invoke", "InvokeAsync", "InvokeWithResponseStream")
    yield Asked(_action(request, "InvokeFunction" if invokes else ""), function)


def _logs(request: ApiRequest) -> Iterator[Asked]:
    """CloudWatch Logs asks for `log-group:<group>:log-stream:<stream>`, the stream left empty
    where the operation names none."""
    given = request.parameters
    group = given.get("logGroupName") or given.get("logGroupIdentifier") or ""
    if group.startswith("arn:"):
        group = group.split(":log-group:")[1].removesuffix(":*")
    stream = given.get("logStreamName") or ""
    yield Asked(_action(request), _arn(request, f"log-group:{group}:log-stream:{stream}"))


def _sns(request: ApiRequest) -> Iterator[Asked]:
    given = request.parameters
    resource = given.get("TopicArn") or given.get("TargetArn") or "*"
    yield Asked(_action(request, request.operation.removesuffix("Batch")), resource)


def _sqs(request: ApiRequest) -> Iterator[Asked]:
    given = request.parameters
    url = given.get("QueueUrl") or ""
    name = urllib.parse.urlparse(url).path.rpartition("/")[2] or given.get("QueueName") or "*"
    yield Asked(_action(request, request.operation.removesuffix("Batch")), _arn(request, name))


def _states(request: ApiRequest) -> Iterator[Asked]:
    given = request.parameters
    for name in ("executionArn", "stateMachineArn", "activityArn", "mapRunArn", "resourceArn"):
        if given.get(name):
            yield Asked(_action(request), given[name])
            return
    yield from _other(request)


def _sts(request: ApiRequest) -> Iterator[Asked]:
    """GetCallerIdentity needs no permission, says its page of the API reference:
    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
    if request.operation != "GetCallerIdentity":
        yield Asked(_action(request), request.parameters.get("RoleArn") or "*")


_RULES: dict[str, Callable[[ApiRequest], Iterator[Asked]]] = {
    "dynamodb": _dynamodb,
    "emr-serverless": _emr_serverless,
    "events": _events,
    "glue": _glue,
    "kms": _kms,
    "lambda": _lambda,
    "logs": _logs,
    "sns": _sns,
    "sqs": _sqs,
    "stepfunctions": _states,
    "sts": _sts,
}
