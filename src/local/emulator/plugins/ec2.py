"""EC2: security group rules."""

from __future__ import annotations

import inspect

from emulator.registry import patch


@patch(
    "ec2.rule_description",
    gap="the description of a security group rule that references a group is lost",
)
def rule_description() -> None:
    rule = _rule()
    rule.description = property(
        lambda self: (
            (self.ip_range or {}).get("Description") or (self.source_group or {}).get("Description")
        )
    )


@patch(
    "ec2.prefix_list_description",
    gap="the description of a security group rule that references a prefix list is lost",
)
def prefix_list_description() -> None:
    rule = _rule()
    make, described = rule.__init__, rule.description.fget
    signature = inspect.signature(make)

    def make_with_description(self, *args, **kwargs) -> None:
        make(self, *args, **kwargs)
        prefix_list = signature.bind(self, *args, **kwargs).arguments.get("prefix_list_id")
        self.prefix_list_description = (prefix_list or {}).get("Description")

    rule.__init__ = make_with_description
    rule.description = property(
        lambda self: described(self) or getattr(self, "prefix_list_description", None)
    )


def _rule() -> type:
    from moto.ec2.models import security_groups

    return getattr(security_groups, "SecurityRule", None) or security_groups.SecurityGroupRule
