"""
The state of an alarm by its data points, as CloudWatch says it decides.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html has the rules
and two tables of examples, which are the test of this module.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT = "OK", "ALARM", "INSUFFICIENT_DATA"

# How many periods CloudWatch looks at beyond those that it evaluates, should some be missing.
# AWS: "the exact number depends on the length of the alarm period"; in its examples it is two.
BEYOND = 2

_COMPARISONS = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
COMPARISONS = frozenset(_COMPARISONS)


@dataclass(frozen=True)
class Rule:
    """When an alarm fires: `to_alarm` of `periods` data points are beyond the threshold."""

    comparison: str
    threshold: float
    periods: int
    to_alarm: int
    missing: str = "missing"  # or breaching, notBreaching, ignore


@dataclass(frozen=True)
class Point:
    """A period's value, and its text for the reason: `5.0 (23/11/26 10:00:00)`."""

    value: float
    text: str = ""


@dataclass(frozen=True)
class Verdict:
    """The state that the data say; None leaves the alarm in the state in which it is."""

    state: str | None
    reason: str
    evaluated: tuple[Point, ...] = ()


def judge(rule: Rule, range_: Sequence[Point | None]) -> Verdict:
    """
    The state by the points of the evaluation range.
    :param range_: newest last, None where there are no data; at most periods + BEYOND are looked at
    """
    compare, words = _COMPARISONS[rule.comparison]
    looked_at = list(range_)[-(rule.periods + BEYOND) :]
    # Age 1 is the newest period's.
    aged = zip(range(len(looked_at), 0, -1), looked_at)
    used = [(age, point) for age, point in aged if point is not None][-rule.periods :]
    points = tuple(point for _, point in used)
    breaching = [point for point in points if compare(point.value, rule.threshold)]
    absent = rule.periods - len(used)

    def crossed(state: str) -> Verdict:
        return Verdict(state, _crossed(rule, points, len(breaching), words, state), points)

    if not used:
        return _without_data(rule)
    if len(breaching) >= rule.to_alarm:
        return crossed(ALARM)
    if not absent:
        return crossed(OK)
    if rule.missing == "breaching":
        return crossed(ALARM if len(breaching) + absent >= rule.to_alarm else OK)
    if rule.missing == "notBreaching" or len(breaching) < len(used):
        return crossed(OK)
    # All data there are breach, and they are too few. "Premature" alarm: the oldest of them is as
    # old as it would take, so nothing that is still to come for those periods could say otherwise.
    if rule.missing == "ignore":
        return Verdict(None, "", points)
    if used[0][0] >= rule.to_alarm:
        return crossed(ALARM)
    return Verdict(INSUFFICIENT, _unknown(absent), points)


def _without_data(rule: Rule) -> Verdict:
    if rule.missing == "ignore":
        return Verdict(None, "")
    if rule.missing == "missing":
        return Verdict(INSUFFICIENT, _unknown(rule.periods))
    state, treated = (ALARM, "Breaching") if rule.missing == "breaching" else (OK, "NonBreaching")
    datapoints = "datapoint was" if rule.periods == 1 else "datapoints were"
    return Verdict(
        state,
        f"Threshold Crossed: no datapoints were received for {rule.periods} "
        f"{'period' if rule.periods == 1 else 'periods'} and {rule.periods} missing {datapoints} "
        f"treated as [{treated}].",
    )


def _unknown(count: int) -> str:
    were = "datapoint was" if count == 1 else "datapoints were"
    return f"Insufficient Data: {count} {were} unknown."


def _crossed(rule: Rule, points: Sequence[Point], breaching: int, words: str, state: str) -> str:
    """CloudWatch's own sentence; for OK it tells how many points were not beyond the threshold."""
    count = breaching if state == ALARM else len(points) - breaching
    listed = ", ".join(point.text for point in reversed(points))
    minimum = rule.to_alarm if state == ALARM else rule.periods - rule.to_alarm + 1
    change = "OK -> ALARM" if state == ALARM else "ALARM -> OK"
    verb = ("was" if count == 1 else "were") + ("" if state == ALARM else " not")
    datapoints = "datapoint" if minimum == 1 else "datapoints"
    return (
        f"Threshold Crossed: {count} out of the last {len(points)} datapoints [{listed}] {verb} "
        f"{words} the threshold ({rule.threshold}) "
        f"(minimum {minimum} {datapoints} for {change} transition)."
    )
