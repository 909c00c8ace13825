"""Budgets: the subscribers of a notification, and tags."""

from __future__ import annotations

import json
from typing import Any

from emulator.registry import patch, wrap


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    def key(n: dict[str, Any]) -> tuple[Any, ...]:
        kind = n.get("ThresholdType", "PERCENTAGE")
        return n["NotificationType"], n["ComparisonOperator"], float(n["Threshold"]), kind

    return key(one) == key(other)


@patch("budgets.subscribers", gap="DescribeSubscribersForNotification is missing")
def subscribers() -> None:
    from moto.budgets.exceptions import NotFoundException
    from moto.budgets.responses import BudgetsResponse

    def describe_subscribers_for_notification(self) -> str:
        budgets = self.backend.budgets[self._get_param("AccountId")]
        name, wanted = self._get_param("BudgetName"), self._get_param("Notification")
        for one in budgets[name].notifications if name in budgets else ():
            if _same(one.details, wanted):
                return json.dumps({"Subscribers": one.subscribers, "NextToken": None})
        raise NotFoundException(f"Unable to get notification of budget {name}")

    BudgetsResponse.describe_subscribers_for_notification = describe_subscribers_for_notification


@patch("budgets.tags", gap="ListTagsForResource, TagResource and UntagResource are missing")
def tags() -> None:
    from moto.budgets.responses import BudgetsResponse

    stored: dict[str, dict[str, str]] = {}

    def given(self) -> dict[str, str]:
        return {t["Key"]: t["Value"] for t in self._get_param("ResourceTags") or []}

    @wrap(BudgetsResponse, "create_budget")
    def create_budget(original, self):
        response = original(self)
        name = self._get_param("Budget")["BudgetName"]
        arn = f"arn:aws:budgets::{self._get_param('AccountId')}:budget/{name}"
        stored[arn] = given(self)
        return response

    def list_tags_for_resource(self) -> str:
        found = stored.get(self._get_param("ResourceARN"), {})
        return json.dumps({"ResourceTags": [{"Key": k, "Value": v} for k, v in found.items()]})

    def tag_resource(self) -> str:
        stored.setdefault(self._get_param("ResourceARN"), {}).update(given(self))
        return "{}"

    def untag_resource(self) -> str:
        for key in self._get_param("ResourceTagKeys") or []:
            stored.get(self._get_param("ResourceARN"), {}).pop(key, None)
        return "{}"

    for operation in (list_tags_for_resource, tag_resource, untag_resource):
        setattr(BudgetsResponse, operation.__name__, operation)
