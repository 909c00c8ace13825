"""EC2: security group rules, and whose role flow logs are written with."""

from __future__ import annotations

import inspect

from emulator import calls
from emulator.registry import patch, wrap


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


@patch(
    "ec2.flow_log_role",
    gap="what AWS does with the role of a flow log is not told; no traffic is logged here, either",
)
def flow_log_role() -> None:
    from moto.ec2.models.flow_logs import FlowLogsBackend

    @wrap(FlowLogsBackend, "create_flow_logs")
    def create_flow_logs(original, self, *args, **kwargs):
        """What the role must be allowed where the log group is there already:
        https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html"""
        made, errors = original(self, *args, **kwargs)
        for flow_log in made:
            role = flow_log.deliver_logs_permission_arn
            destination = flow_log.log_destination or ""
            group = flow_log.log_group_name or destination.partition(":log-group:")[2]
            if not role or not group:
                continue  # S3 and Firehose are written to without a role of the account's
            group = group.removesuffix(":*")
            calls.record_log_group(role, self.region_name, "", "DescribeLogGroups")
            calls.record_log_group(role, self.region_name, group, "DescribeLogStreams")
            calls.record_log_writes(role, self.region_name, group, f"{flow_log.resource_id}-all")
        return made, errors
