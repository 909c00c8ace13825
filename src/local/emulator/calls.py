"""Who calls what: each actor of the local AWS has credentials of its role, and its calls are kept.

The local AWS refuses nothing by IAM. Instead it notes, for every call that is made with the
credentials of a role, what AWS would ask the role's policies: `GET /emulator/calls` lists the
distinct ones, `DELETE` forgets them. What comes with other credentials (Terraform, the user's own
clients) is not noted: it needs no role of the lake.

What AWS asks for beside the call itself and that follows from the resource, such as kms:Decrypt for
an object under a key, is not noted: it can be derived.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from emulator.runtime import ACCOUNT

_lock = threading.Lock()
_roles: dict[str, str] = {}  # ARN by access key id
_counts: Counter[str] = Counter()  # by the call as JSON

Context = Mapping[str, "str | list[str]"]


def role_arn(role: str) -> str:
    """The ARN of a role that is given by ARN, or by name (with its path or not) as Glue allows."""
    from moto.iam.exceptions import NotFoundException
    from moto.iam.models import iam_backends

    if role.startswith("arn:"):
        return role
    name = role.rpartition("/")[2]
    try:
        return iam_backends[ACCOUNT]["aws"].get_role(name).arn
    except NotFoundException:
        return f"arn:aws:iam::{ACCOUNT}:role/{role.lstrip('/')}"


def access_key(role: str) -> str:
    """The access key id of whoever acts with this role; always the same one."""
    arn = role_arn(role)
    digest = base64.b32encode(hashlib.sha256(arn.encode()).digest()).decode()
    key = f"ASIA{digest[:16]}"
    with _lock:
        _roles[key] = arn
    return key


def credentials(role: str) -> dict[str, str]:
    """Environment variables with which an SDK acts with this role."""
    return {"AWS_ACCESS_KEY_ID": access_key(role), "AWS_SECRET_ACCESS_KEY": "test"}


def role_of(key: str) -> str | None:
    """The ARN of the role whose access key id this is; None for one that belongs to no role."""
    return _roles.get(key)


def record(role: str | None, action: str, resource: str, context: Context | None = None) -> None:
    """Notes one call; those without a role are not noted."""
    if not role:
        return
    call = {
        "role": role_arn(role),
        "action": action,
        "resource": resource,
        "context": dict(sorted((context or {}).items())),
    }
    with _lock:
        _counts[json.dumps(call)] += 1


def record_log_writes(role: str | None, region: str, group: str, stream: str) -> None:
    """
    A service writes to a log stream with a role. CloudWatch Logs names the stream in what it asks
    IAM for both actions: https://github.com/aws-solutions/aws-crr-monitor/issues/8 shows a refusal.
    """
    name = f"arn:aws:logs:{region}:{ACCOUNT}:log-group:{group}:log-stream:{stream}"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        record(role, action, name)


def record_log_group(
    role: str | None, region: str, group: str, operation: str = "CreateLogGroup"
) -> None:
    """A service acts on a log group, or with the empty name on all of them, with a role."""
    name = f"arn:aws:logs:{region}:{ACCOUNT}:log-group:{group}:log-stream:"
    record(role, f"logs:{operation}", name)


def listed() -> list[dict[str, Any]]:
    """The distinct calls, each with its count, in a stable order."""
    with _lock:
        found = [{**json.loads(call), "count": count} for call, count in _counts.items()]
    return sorted(found, key=lambda call: json.dumps(call))


def forget() -> None:
    """Empties the list; the roles keep their credentials."""
    with _lock:
        _counts.clear()
