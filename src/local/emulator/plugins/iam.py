"""IAM policies: moto evaluates bucket policies, but knows nothing of the request's context."""

from __future__ import annotations

from contextvars import ContextVar
from fnmatch import fnmatchcase
from typing import Any

from emulator.registry import patch, wrap
from emulator.runtime import ACCOUNT

# What holds for every request to the local AWS: plain HTTP on the loopback stands for TLS.
_REQUEST = {
    "aws:securetransport": "true",
    "s3:tlsversion": "1.3",
    "aws:principalaccount": ACCOUNT,
    "aws:viaawsservice": "false",
}
# Condition keys of S3 whose value is that of the header; they are absent where the header is.
_OF_HEADERS = "s3:x-amz-"
request_headers: ContextVar[dict[str, str]] = ContextVar("request_headers")


def _holds(operator: str, have: str, wanted: list[str]) -> bool:
    operator = operator.removesuffix("IfExists")
    if operator.startswith("Numeric"):
        value, limit = float(have), float(wanted[0])
        return {
            "NumericEquals": value == limit,
            "NumericNotEquals": value != limit,
            "NumericLessThan": value < limit,
            "NumericLessThanEquals": value <= limit,
            "NumericGreaterThan": value > limit,
            "NumericGreaterThanEquals": value >= limit,
        }[operator]
    if "Like" in operator:
        matches = any(fnmatchcase(have, pattern) for pattern in wanted)
    else:
        matches = have.lower() in [w.lower() for w in wanted]
    return not matches if "Not" in operator else matches


def _applies(operator: str, key: str, wanted: list[str]) -> bool:
    """One key of a condition; one that is not known here never applies."""
    have = _REQUEST.get(key)
    if key.startswith(_OF_HEADERS):
        have = request_headers.get({}).get(key.removeprefix("s3:"))
        if operator == "Null":
            return (have is None) == (wanted[0].lower() == "true")
        if have is None:  # what is not there differs from everything
            return operator.endswith("IfExists") or "Not" in operator
    return have is not None and _holds(operator, have, wanted)


def conditions_met(conditions: dict[str, dict[str, Any]]) -> bool:
    """Whether the statement applies to the request that is being answered."""
    return all(
        _applies(operator, key.lower(), [str(w) for w in _listed(wanted)])
        for operator, block in conditions.items()
        for key, wanted in block.items()
    )


def _listed(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


@patch(
    "iam.conditions",
    gap="a bucket policy's statement whose Condition is not met denies every request in moto "
    "(a TLS-only policy: 403 on each put); on AWS the statement does not apply",
)
def conditions() -> None:
    from moto.iam import access_control

    @wrap(access_control.IAMPolicyStatement, "is_action_permitted")
    def is_action_permitted(original, self, action, resource="*", principal=None, values=None):
        unmet = self._statement.get("Condition")
        if values is not None or not unmet:  # values: a trust policy, which moto evaluates
            return original(self, action, resource, principal, values)
        if not conditions_met(unmet):
            return access_control.PermissionResult.NEUTRAL
        plain = {k: v for k, v in self._statement.items() if k != "Condition"}
        return original(access_control.IAMPolicyStatement(plain), action, resource, principal, None)


@patch(
    "iam.object_actions",
    gap="a bucket's policy is asked for s3:PostObject and s3:HeadObject, which no policy names: a "
    "multipart upload begins where AWS refuses it",
)
def object_actions() -> None:
    from moto.s3.models import FakeBucket

    actual = {"s3:PostObject": "s3:PutObject", "s3:HeadObject": "s3:GetObject"}

    @wrap(FakeBucket, "get_permission")
    def get_permission(original, self, action, resource):
        return original(self, actual.get(action, action), resource)
