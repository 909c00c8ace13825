"""Embedded metric format: what gives metrics, and what gives none."""

from __future__ import annotations

import json
from typing import Any

import emulator_support  # noqa: F401 - puts the emulator on the path
import pytest
from emulator.emf import Datum, NotEmf, metrics_in

NOW = 1_795_000_000.0


def line(**changes: Any) -> str:
    directive = {
        "Namespace": "DataLake",
        "Dimensions": [["Lake", "Source"]],
        "Metrics": [{"Name": "Rows", "Unit": "Count"}, {"Name": "Cost"}],
        **changes.pop("directive", {}),
    }
    about = {"Timestamp": int(NOW * 1000), "CloudWatchMetrics": [directive]}
    root = {
        "_aws": {**about, **changes.pop("about", {})},
        "Lake": "lake-dev",
        "Source": "orders",
        "Rows": 7,
        "Cost": [0.5, 1.5],
        "run": "etl-1",
        **changes,
    }
    return json.dumps(root)


def test_metrics_with_their_dimensions_units_and_all_values() -> None:
    dimensions = (("Lake", "lake-dev"), ("Source", "orders"))
    assert metrics_in(line(), NOW) == [
        Datum("DataLake", "Rows", dimensions, (7.0,), "Count", NOW),
        Datum("DataLake", "Cost", dimensions, (0.5, 1.5), "None", NOW),
    ]


def test_each_set_of_dimensions_is_a_metric_of_its_own() -> None:
    sets = [["Lake"], ["Lake", "Source"], []]
    found = metrics_in(line(directive={"Dimensions": sets, "Metrics": [{"Name": "Rows"}]}), NOW)
    assert [len(one.dimensions) for one in found] == [1, 2, 0]


@pytest.mark.parametrize("text", ["", "START RequestId: 1", '{"level":"INFO"}', '["_aws"]'])
def test_other_lines_have_none(text: str) -> None:
    assert metrics_in(text, NOW) == []


def test_a_line_wrapped_by_the_runtime_has_none() -> None:
    """console.log where the log format is JSON: the document is a member, not the root."""
    wrapped = json.dumps({"level": "INFO", "message": json.loads(line())})
    assert metrics_in(wrapped, NOW) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (line()[:-1], "not JSON"),
        (line(about={"Timestamp": "now"}), "Timestamp"),
        (line(about={"Timestamp": int((NOW - 15 * 86400) * 1000)}), "out of range"),
        (line(about={"Timestamp": int((NOW + 3 * 3600) * 1000)}), "out of range"),
        (line(about={"CloudWatchMetrics": {}}), "no array"),
        (line(directive={"Namespace": ""}), "Namespace"),
        (line(directive={"Dimensions": ["Lake"]}), "array of arrays"),
        (line(directive={"Dimensions": [["Region"]]}), "no member for dimension Region"),
        (line(directive={"Metrics": [{"Name": "Bytes"}]}), "no member for metric Bytes"),
        (line(directive={"Metrics": [{"Name": "Rows", "Unit": "Rows"}]}), "no unit Rows"),
        (line(directive={"Metrics": [{"Name": "run"}]}), "run is no number"),
        (line(Lake=3), "dimension Lake is no text"),
        (line(Rows=True), "Rows is no number"),
        (line(Rows=list(range(101))), "Rows is no number"),
    ],
)
def test_what_breaks_the_specification_gives_nothing_and_says_why(text: str, why: str) -> None:
    with pytest.raises(NotEmf, match=why):
        metrics_in(text, NOW)
