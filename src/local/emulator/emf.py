"""
Embedded metric format: metrics in a log line of JSON.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
A line that breaks the specification gives no metrics, and nobody is told: as on AWS.
"""

from __future__ import annotations

import functools
import json
import time
from dataclasses import dataclass
from typing import Any

_MOST_DIMENSIONS = 30
_MOST_METRICS = 100
_MOST_VALUES = 100
_OLDEST_SECONDS = 14 * 24 * 3600
_NEWEST_SECONDS = 2 * 3600
_LONGEST_BYTES = 1024 * 1024


class NotEmf(ValueError):
    """The line is meant to be of this format and breaks its rules; the message says which."""


@dataclass(frozen=True)
class Datum:
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    values: tuple[float, ...]
    unit: str
    at: float  # seconds since the epoch


def metrics_in(line: str, now: float | None = None) -> list[Datum]:
    """
    The metrics of one log line; none where it is another line.
    :raises NotEmf: where it has `_aws` and is not as specified
    """
    if not line.startswith("{") or '"_aws"' not in line:
        return []
    try:
        root = json.loads(line)
    except ValueError as problem:
        raise NotEmf(f"not JSON: {problem}") from None
    if not isinstance(root, dict) or "_aws" not in root:
        return []
    _must(len(line.encode()) <= _LONGEST_BYTES, "longer than 1 MB")
    about = root["_aws"]
    _must(isinstance(about, dict), "_aws is no object")
    at = _timestamp(about.get("Timestamp"), time.time() if now is None else now)
    directives = about.get("CloudWatchMetrics")
    _must(isinstance(directives, list), "_aws.CloudWatchMetrics is no array")
    return [datum for directive in directives for datum in _of(directive, root, at)]


def _timestamp(given: Any, now: float) -> float:
    _must(_is_number(given), "_aws.Timestamp is no number of milliseconds")
    at = given / 1000
    _must(now - _OLDEST_SECONDS <= at <= now + _NEWEST_SECONDS, "_aws.Timestamp is out of range")
    return at


def _of(directive: Any, root: dict[str, Any], at: float) -> list[Datum]:
    _must(isinstance(directive, dict), "a directive is no object")
    namespace, sets = directive.get("Namespace"), directive.get("Dimensions")
    definitions = directive.get("Metrics")
    _must(isinstance(namespace, str) and 0 < len(namespace) <= 1024, "Namespace is no name")
    _must(isinstance(sets, list), "Dimensions is no array of arrays")
    _must(isinstance(definitions, list), "Metrics is no array")
    _must(len(definitions) <= _MOST_METRICS, f"more than {_MOST_METRICS} metrics")
    return [
        Datum(namespace, name, _dimensions(keys, root), values, unit, at)
        for keys in sets
        for name, values, unit in (_metric(one, root) for one in definitions)
    ]


def _dimensions(keys: Any, root: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    _must(isinstance(keys, list), "Dimensions is no array of arrays")
    _must(len(keys) <= _MOST_DIMENSIONS, f"more than {_MOST_DIMENSIONS} dimensions")
    for key in keys:
        _must(isinstance(key, str) and key in root, f"no member for dimension {key}")
        value = root[key]
        _must(isinstance(value, str) and 0 < len(value) <= 1024, f"dimension {key} is no text")
    return tuple((key, root[key]) for key in keys)


def _metric(definition: Any, root: dict[str, Any]) -> tuple[str, tuple[float, ...], str]:
    _must(isinstance(definition, dict), "a metric is no object")
    name, unit = definition.get("Name"), definition.get("Unit", "None")
    _must(isinstance(name, str) and 0 < len(name) <= 1024, "a metric has no Name")
    _must(unit in _units(), f"no unit {unit}")
    _must(definition.get("StorageResolution", 60) in (1, 60), "StorageResolution is 1 or 60")
    _must(name in root, f"no member for metric {name}")
    values = root[name] if isinstance(root[name], list) else [root[name]]
    _must(0 < len(values) <= _MOST_VALUES and all(map(_is_number, values)), f"{name} is no number")
    return name, tuple(float(value) for value in values), unit


@functools.cache
def _units() -> frozenset[str]:
    """Those of PutMetricData."""
    import botocore.session

    model = botocore.session.get_session().get_service_model("cloudwatch")
    return frozenset(model.shape_for("StandardUnit").enum)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotEmf(otherwise)
