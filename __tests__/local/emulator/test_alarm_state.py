"""
The state of an alarm by its data points; the tables are AWS's own, row by row.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import emulator_support  # noqa: F401 - puts the emulator on the path
import pytest
from emulator.alarm_state import Point, Rule, judge

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
STATES = {"O": "OK", "A": "ALARM", "I": "INSUFFICIENT_DATA", "R": None}  # R: retain current state

# The data points, oldest first, as in the tables: 0 is within the threshold, X beyond it, - is
# missing. Then the state by treatment, in the order of TREATMENTS.
THREE_OF_THREE = [
    ("0-X-X", "OOOO"),
    ("0----", "OOOO"),
    ("-----", "IRAO"),
    ("0XX-X", "AAAA"),
    ("--X--", "ARAO"),
    # Of the page before it was rewritten in 2020; nothing in today's contradicts them.
    ("----X", "IRAO"),
    ("X----", "ARAO"),
]
TWO_OF_THREE = [
    ("0-X-X", "AAAA"),
    ("00X0X", "AAAA"),
    ("0-X--", "OOAO"),
    ("----0", "OOAO"),
    ("---X-", "ARAO"),
    ("----X", "IRAO"),
]
ROWS = [(3, *row) for row in THREE_OF_THREE] + [(2, *row) for row in TWO_OF_THREE]


def points(text: str) -> list[Point | None]:
    values = {"0": 0.0, "X": 1.0}
    return [None if one == "-" else Point(values[one], f"{values[one]}") for one in text]


@pytest.mark.parametrize("treatment", TREATMENTS)
@pytest.mark.parametrize(("to_alarm", "data", "states"), ROWS)
def test_a_row_of_the_tables(to_alarm: int, data: str, states: str, treatment: str) -> None:
    rule = Rule("GreaterThanThreshold", 0.5, 3, to_alarm, treatment)
    wanted = STATES[states[TREATMENTS.index(treatment)]]
    assert judge(rule, points(data)).state == wanted


@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("GreaterThanThreshold", [False, False, True]),
        ("GreaterThanOrEqualToThreshold", [False, True, True]),
        ("LessThanThreshold", [True, False, False]),
        ("LessThanOrEqualToThreshold", [True, True, False]),
    ],
)
def test_each_comparison_at_below_and_above_the_threshold(
    comparison: str, breaching: list[bool]
) -> None:
    rule = Rule(comparison, 2.0, 1, 1)
    states = [judge(rule, [Point(value)]).state for value in (1.0, 2.0, 3.0)]
    assert states == ["ALARM" if one else "OK" for one in breaching]


def test_a_point_counts_for_two_periods_more_than_are_evaluated() -> None:
    """A failure in one quarter of an hour keeps such an alarm up for three: people measured so."""
    rule = Rule("GreaterThanThreshold", 0.0, 1, 1, "notBreaching")
    states = [judge(rule, points("X" + "-" * later)).state for later in range(4)]
    assert states == ["ALARM", "ALARM", "ALARM", "OK"]


def test_reasons_are_cloudwatch_s_own_sentences() -> None:
    rule = Rule("GreaterThanThreshold", 0.0, 1, 1, "notBreaching")
    assert judge(rule, [Point(5.0, "5.0 (23/11/26 10:00:00)")]).reason == (
        "Threshold Crossed: 1 out of the last 1 datapoints [5.0 (23/11/26 10:00:00)] was greater "
        "than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )
    assert judge(rule, [None]).reason == (
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was "
        "treated as [NonBreaching]."
    )
    breaching = Rule("LessThanThreshold", 1.0, 3, 3, "breaching")
    assert judge(breaching, [None] * 5).reason == (
        "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints "
        "were treated as [Breaching]."
    )
    unknown = Rule("LessThanThreshold", 1.0, 2, 2)
    assert judge(unknown, [None] * 4).reason == "Insufficient Data: 2 datapoints were unknown."
