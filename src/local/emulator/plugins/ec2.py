"""EC2: security group rules."""

from __future__ import annotations

from emulator.registry import patch


@patch(
    "ec2.rule_description",
    gap="the description of a security group rule that references a group is lost",
)
def rule_description() -> None:
    from moto.ec2.models import security_groups

    rule = getattr(security_groups, "SecurityRule", None) or security_groups.SecurityGroupRule
    rule.description = property(
        lambda self: (
            (self.ip_range or {}).get("Description") or (self.source_group or {}).get("Description")
        )
    )
