"""Budgets: notifications of what a test says has been spent."""

from __future__ import annotations

import operator
from datetime import datetime, timezone
from typing import Any

from emulator.registry import patch, wrap
from emulator.runtime import ACCOUNT, LOG

_COMPARISONS = {
    "GREATER_THAN": (operator.gt, "greater than", ">"),
    "LESS_THAN": (operator.lt, "less than", "<"),
    "EQUAL_TO": (operator.eq, "equal to", "="),
}
_spent: dict[str, float] = {"ACTUAL": 0.0, "FORECASTED": 0.0}
_applied = False


def spend(given: dict[str, Any]) -> dict[str, Any]:
    """
    Sets this month's spend, the same for every budget, and sends what that makes due.
    :param given: `actual` and `forecast` in USD; what is left out stays
    :raises ValueError: for other names, or amounts that are none
    """
    if unknown := set(given) - {"actual", "forecast"}:
        raise ValueError(f"spend is actual and forecast, not {', '.join(sorted(unknown))}")
    for name, kind in (("actual", "ACTUAL"), ("forecast", "FORECASTED")):
        amount = given.get(name, _spent[kind])
        if isinstance(amount, bool) or not isinstance(amount, (int, float)) or amount < 0:
            raise ValueError(f"{name} is an amount of USD, not {amount}")
        _spent[kind] = float(amount)
    sent = _notify() if _applied else []
    return {"actual": _spent["ACTUAL"], "forecast": _spent["FORECASTED"], "sent": sent}


def _notify() -> list[str]:
    """Sends each notification whose threshold has been crossed since the last look; their names."""
    from moto.budgets.models import budgets_backends

    sent = []
    for budget in list(budgets_backends[ACCOUNT]["aws"].budgets[ACCOUNT].values()):
        for one in budget.notifications:
            is_over = _is_over(budget.budget, one.details)
            if is_over and not getattr(one, "is_over", False):
                _send(budget.budget, one)
                details = one.details
                sent.append(
                    f"{budget.budget['BudgetName']} {details['NotificationType']} "
                    f"{float(details['Threshold']):g}"
                )
            one.is_over = is_over
    return sent


def _threshold(budget: dict[str, Any], details: dict[str, Any]) -> float:
    """USD."""
    threshold = float(details["Threshold"])
    if details.get("ThresholdType", "PERCENTAGE") == "PERCENTAGE":
        return threshold / 100 * float(budget["BudgetLimit"]["Amount"])
    return threshold


def _is_over(budget: dict[str, Any], details: dict[str, Any]) -> bool:
    compare = _COMPARISONS[details["ComparisonOperator"]][0]
    return compare(_spent[details["NotificationType"]], _threshold(budget, details))


def _send(budget: dict[str, Any], notification: Any) -> None:
    from moto.sns.models import sns_backends
    from moto.utilities.arns import parse_arn

    for subscriber in notification.subscribers:
        if subscriber["SubscriptionType"] != "SNS":
            continue
        topic = parse_arn(subscriber["Address"])
        try:
            sns_backends[topic.account][topic.region].publish(
                message=text(budget, notification.details, _spent),
                arn=subscriber["Address"],
                subject=f"AWS Budgets: {budget['BudgetName']} has exceeded your alert threshold",
            )
        except Exception as problem:
            LOG.warning("budget %s: no message: %s", budget["BudgetName"], problem)


def text(budget: dict[str, Any], details: dict[str, Any], spent: dict[str, float]) -> str:
    """The message as AWS words it; there is no page of AWS's with it, but many that got one."""
    kind, name = details["NotificationType"], budget["BudgetName"]
    _, words, sign = _COMPARISONS[details["ComparisonOperator"]]
    threshold, amount = f"${_threshold(budget, details):.2f}", f"${spent[kind]:.2f}"
    return (
        f"AWS Budget Notification {datetime.now(timezone.utc):%B %d, %Y}\n"
        f"AWS Account {ACCOUNT}\n\nDear AWS Customer,\n\n"
        f"You requested that we alert you when the {kind} Cost associated with your {name} budget "
        f"is {words} {threshold} for the current month. The {kind} Cost associated with this "
        f"budget is {amount}. You can find additional details below and by accessing the AWS "
        f"Budgets dashboard [1].\n\nBudget Name: {name}\nBudget Type: Cost\n"
        f"Budgeted Amount: ${float(budget['BudgetLimit']['Amount']):.2f}\nAlert Type: {kind}\n"
        f"Alert Threshold: {sign} {threshold}\n{kind} Amount: {amount}\n\n"
        "[1] https://console.aws.amazon.com/billing/home#/budgets\n"
    )


@patch(
    "budgets.notifications",
    gap="a budget never notifies: nothing is spent. Here POST /emulator/spend says what is, for "
    "every budget alike; mail is not sent, and whether the policies of topic and key let "
    "budgets.amazonaws.com publish is not checked",
)
def notifications() -> None:
    from moto.budgets.models import Budget

    global _applied
    _applied = True

    @wrap(Budget, "to_dict")
    def to_dict(original, self):
        found = original(self)
        found["CalculatedSpend"] = {
            "ActualSpend": {"Amount": str(_spent["ACTUAL"]), "Unit": "USD"},
            "ForecastedSpend": {"Amount": str(_spent["FORECASTED"]), "Unit": "USD"},
        }
        return found
