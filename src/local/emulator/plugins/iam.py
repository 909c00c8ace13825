"""IAM policies: moto evaluates bucket policies, but knows nothing of the request's context."""

from __future__ import annotations

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


def conditions_met(conditions: dict[str, dict[str, Any]]) -> bool:
    """Whether the statement applies; one on a key that is not known here never does."""
    for operator, block in conditions.items():
        for key, wanted in block.items():
            have = _REQUEST.get(key.lower())
            values = [str(w) for w in (wanted if isinstance(wanted, list) else [wanted])]
            if have is None or not _holds(operator, have, values):
                return False
    return True


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
