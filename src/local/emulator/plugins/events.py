"""EventBridge: which rules match and how each kind of target gets the event."""

from __future__ import annotations

import copy
import json
import re
import threading
import uuid
from datetime import datetime, timezone
from typing import Any

from emulator.faults import faults
from emulator.registry import patch, wrap
from emulator.runtime import LOG, client

# AWS tries for a day, up to 185 times; here a lasting fault is to be seen in a test's time.
RETRIES = 6
RETRY_SECONDS = 0.1


def as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """The event as a target sees it: time as ISO text, no fields of moto's own."""
    sent = {k: v for k, v in copy.deepcopy(event).items() if k != "ingestion-time"}
    if not isinstance(sent.get("time"), str):
        moment = datetime.fromtimestamp(float(sent["time"]), timezone.utc)
        sent["time"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return sent


def at_path(event: Any, path: str) -> Any:
    """The JSONPath subset of EventBridge: dots and array indexes; None where there is nothing."""
    for name, index in re.findall(r"([^.$\[\]]+)|\[(\d+)\]", path):
        try:
            event = event[name] if name else event[int(index)]
        except (KeyError, IndexError, TypeError):
            return None
    return event


def transformed(transformer: dict[str, Any], event: dict[str, Any], rule: Any) -> Any:
    """InputTransformer: variables inside quotes are filled in as text, others as JSON."""
    values = {k: at_path(event, p) for k, p in transformer.get("InputPathsMap", {}).items()}
    values |= {
        "aws.events.rule-arn": rule.arn,
        "aws.events.rule-name": rule.name,
        "aws.events.event.ingestion-time": event["time"],
        "aws.events.event": event,
        "aws.events.event.json": event,
    }
    template = transformer["InputTemplate"]
    in_quotes, output, position = False, [], 0
    for token in re.finditer(r'\\.|"|<([^<>]+)>', template):
        output.append(template[position : token.start()])
        position = token.end()
        if token[0] == '"':
            in_quotes = not in_quotes
        if token[1] is None or token[1] not in values:
            output.append(token[0])
        elif in_quotes:
            value = values[token[1]]
            text = value if isinstance(value, str) else json.dumps(value)
            output.append(json.dumps("" if value is None else text)[1:-1])
        else:
            output.append(json.dumps(values[token[1]]))
    output.append(template[position:])
    text = "".join(output)
    try:
        return json.loads(text)
    except ValueError:
        return text  # AWS, too, sends a template that is no JSON as plain text


def payload_for(target: dict[str, Any], event: dict[str, Any], rule: Any) -> Any:
    if target.get("Input"):
        return json.loads(target["Input"])
    if target.get("InputPath"):
        return at_path(event, target["InputPath"])
    if target.get("InputTransformer"):
        return transformed(target["InputTransformer"], event, rule)
    return event


def deliver(rule: Any, target: dict[str, Any], event: dict[str, Any]) -> None:
    """Hands the event to one target; Lambda and executions go on by themselves, as on AWS."""
    from moto.utilities.arns import parse_arn

    arn, role = parse_arn(target["Arn"]), target.get("RoleArn") or ""
    payload = payload_for(target, event, rule)
    body = payload if isinstance(payload, str) else json.dumps(payload)
    if arn.service == "sqs":
        group = target.get("SqsParameters", {}).get("MessageGroupId")
        queue_url(arn).send_message(body, group)
    elif arn.service == "lambda":
        given = json.dumps(payload).encode()
        client("lambda", arn.region, role).invoke(
            FunctionName=target["Arn"], InvocationType="Event", Payload=given
        )
    elif arn.service == "states":
        client("stepfunctions", arn.region, role).start_execution(
            stateMachineArn=target["Arn"], name=str(uuid.uuid4()), input=json.dumps(payload)
        )
    elif arn.service == "sns":
        client("sns", arn.region, role).publish(TopicArn=target["Arn"], Message=body)
    elif arn.service == "logs":
        rule._send_to_cw_log_group(arn.resource_id.removesuffix(":*"), log_event(payload))
    elif arn.service == "events" and arn.resource_type == "event-bus":
        entry = {
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Detail": json.dumps(event["detail"]),
            "EventBusName": target["Arn"],
        }
        client("events", arn.region, role).put_events(Entries=[entry])
    else:
        LOG.warning("rule %s: targets of %s get nothing here", rule.name, arn.service)


def attempt(rule: Any, target: dict[str, Any], event: dict[str, Any], number: int) -> None:
    """Delivers; what the target's service refuses for the moment is tried again, as on AWS."""
    try:
        deliver(rule, target, event)
    except Exception as problem:  # whatever it is: the other targets still get the event
        policy = target.get("RetryPolicy") or {}
        most = min(policy.get("MaximumRetryAttempts", RETRIES), RETRIES)
        if number < most and is_passing(problem):
            seconds = RETRY_SECONDS * 2**number
            again = threading.Timer(seconds, attempt, [rule, target, event, number + 1])
            again.daemon = True
            again.start()
            return
        LOG.warning("rule %s: no delivery to %s: %s", rule.name, target["Arn"], problem)
        bury(rule, target, event, problem)


def is_passing(problem: Exception) -> bool:
    """Throttling, or an error of the service itself."""
    answer = getattr(problem, "response", None) or {}
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = answer.get("Error", {}).get("Code", "")
    return status >= 500 or status == 429 or "Throttl" in code or "TooManyRequests" in code


def bury(rule: Any, target: dict[str, Any], event: dict[str, Any], problem: Exception) -> None:
    """Sends what could not be delivered to the target's dead-letter queue, and says why."""
    from moto.utilities.arns import parse_arn

    arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not arn:
        return
    error = getattr(problem, "response", {}).get("Error", {})
    facts = {
        "RULE_ARN": rule.arn,
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": error.get("Code") or "INTERNAL_ERROR",
        "ERROR_MESSAGE": error.get("Message") or str(problem) or type(problem).__name__,
    }
    attributes = {k: {"DataType": "String", "StringValue": v} for k, v in facts.items()}
    try:
        queue_url(parse_arn(arn)).send_message(json.dumps(event), attributes=attributes)
    except Exception:
        LOG.exception("rule %s: nor to its dead-letter queue %s", rule.name, arn)


def log_event(payload: Any) -> dict[str, Any]:
    """moto formats the time of what it logs and wants a number for it."""
    logged = dict(payload) if isinstance(payload, dict) else {"message": payload}
    logged.pop("time", None)
    if isinstance(payload, dict) and "time" in payload:
        moment = datetime.strptime(payload["time"], "%Y-%m-%dT%H:%M:%SZ")
        logged["time"] = moment.replace(tzinfo=timezone.utc).timestamp()
    return logged


class queue_url:  # noqa: N801 - reads as a call
    """The queue of an ARN: sent to in-process, for a put of a thousand objects sends thousands."""

    def __init__(self, arn: Any) -> None:
        self.arn = arn

    def send_message(
        self, body: str, group: str | None = None, attributes: dict[str, Any] | None = None
    ) -> None:
        from moto.sqs.models import sqs_backends

        faults.check("sqs", "SendMessage", f"{self.arn.resource_id}\n{body}")
        backend = sqs_backends[self.arn.account][self.arn.region]
        backend.send_message(
            queue_name=self.arn.resource_id,
            message_body=body,
            group_id=group,
            message_attributes=attributes,
        )


@patch(
    "events.targets",
    gap="a Lambda, Step Functions or SNS target is dropped with every target after it; "
    "InputTransformer, Input and InputPath are ignored for S3 events; a disabled rule fires; a "
    "rule with a schedule only matches every event",
)
def targets() -> None:
    from moto.events.models import Rule

    @wrap(Rule, "send_to_targets")
    def send_to_targets(original, self, original_event, transform_input=True):
        if self.state == "DISABLED" or not self.event_pattern.get_pattern():
            return
        event = as_sent(original_event)
        if not self.event_pattern.matches_event(event):
            return
        for target in list(self.targets):
            if target["Arn"].endswith(":event-bus/") or "archive-arn" in original_event:
                original(self, original_event, transform_input)
                continue
            attempt(self, target, event, 0)
