"""CloudWatch metrics of what runs here: gathered by CloudWatch minutes, published once in each."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from emulator.minutes import minutes

# An alarm looks back seven days at most, and two periods more where data are missing:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
KEPT_MINUTES = 10 * 24 * 60


@dataclass
class Statistics:
    """What CloudWatch keeps of the values of one minute."""

    count: float = 0.0
    total: float = 0.0
    least: float = math.inf
    greatest: float = -math.inf

    def add(self, other: Statistics) -> None:
        self.count += other.count
        self.total += other.total
        self.least = min(self.least, other.least)
        self.greatest = max(self.greatest, other.greatest)

    def value(self, statistic: str) -> float:
        """
        One of the five statistics by its name in the API.
        :raises KeyError: for a percentile and the like, which need every single value
        """
        return {
            "SampleCount": self.count,
            "Sum": self.total,
            "Average": self.total / self.count if self.count else math.nan,
            "Minimum": self.least,
            "Maximum": self.greatest,
        }[statistic]


@dataclass(frozen=True)
class Series:
    """A metric: the same name with other dimensions is another metric."""

    region: str
    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, region: str, namespace: str, name: str, dimensions: Mapping[str, str]) -> Series:
        return cls(region, namespace, name, frozenset(dimensions.items()))


@dataclass
class Metrics:
    """All data of all metrics; a point is the statistics of one minute."""

    points: dict[Series, dict[int, Statistics]] = field(default_factory=dict)
    unpublished: dict[tuple[Series, int], tuple[Statistics, str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(
        self, series: Series, values: Iterable[float], unit: str = "None", at: float | None = None
    ) -> None:
        """Adds values to the minute of `at`, in seconds since the epoch; by default to this one."""
        new = Statistics()
        for value in values:
            new.add(Statistics(1, value, value, value))
        if new.count:
            self.put_statistics(series, new, unit, at)

    def put_statistics(
        self,
        series: Series,
        new: Statistics,
        unit: str = "None",
        at: float | None = None,
        *,
        publish: bool = True,
    ) -> None:
        """:param publish: False where the API shows the data already"""
        minute = minutes.of(time.time() if at is None else at)
        with self.lock:
            self.points.setdefault(series, {}).setdefault(minute, Statistics()).add(new)
            if publish:
                kept, _ = self.unpublished.setdefault((series, minute), (Statistics(), unit))
                kept.add(new)

    def period(self, series: Series, end: int, count: int) -> Statistics | None:
        """The statistics of `count` minutes before `end`; None where there are no data."""
        found = Statistics()
        with self.lock:
            points = self.points.get(series, {})
            if len(points) < count:
                here = [point for at, point in points.items() if end - count <= at < end]
            else:
                here = [points[at] for at in range(end - count, end) if at in points]
            for point in here:
                found.add(point)
        return found if found.count else None

    def take_unpublished(self) -> list[tuple[Series, int, Statistics, str]]:
        with self.lock:
            taken = [(*key, *value) for key, value in self.unpublished.items()]
            self.unpublished.clear()
        return taken

    def forget(self, now: int) -> None:
        """Drops what no alarm can look back to."""
        with self.lock:
            for points in self.points.values():
                for minute in [m for m in points if m < now - KEPT_MINUTES]:
                    del points[minute]


metrics = Metrics()


def publish() -> None:
    """Hands what has been gathered to moto, where GetMetricStatistics and the like find it."""
    from moto.cloudwatch.models import MetricAggregatedDatum, cloudwatch_backends

    from emulator.runtime import ACCOUNT

    for series, minute, one, unit in metrics.take_unpublished():
        moment = datetime.fromtimestamp(minutes.begin(minute), timezone.utc).replace(tzinfo=None)
        datum = MetricAggregatedDatum(
            namespace=series.namespace,
            name=series.name,
            min_stat=one.least,
            max_stat=one.greatest,
            sample_count=one.count,
            sum_stat=one.total,
            dimensions=[{"Name": n, "Value": v} for n, v in sorted(series.dimensions)],
            timestamp=moment,
            unit=unit,
        )
        cloudwatch_backends[ACCOUNT][series.region].metric_data.append(datum)


def values_of(given: Mapping[str, Any]) -> Statistics:
    """The values of one datum of PutMetricData, in whichever of its three forms."""
    found = Statistics()
    if given.get("StatisticValues"):
        s = {name: float(value) for name, value in given["StatisticValues"].items()}
        return Statistics(s["SampleCount"], s["Sum"], s["Minimum"], s["Maximum"])
    if given.get("Values"):
        counts = given.get("Counts") or [1] * len(given["Values"])
        for value, count in zip(given["Values"], counts):
            found.add(Statistics(float(count), float(value) * float(count), value, value))
        return found
    value = float(given.get("Value", 0))
    return Statistics(1, value, value, value)


def regions() -> Iterator[tuple[str, Any]]:
    """The regions in which anything of CloudWatch has been used, with moto's backend of each."""
    from moto.cloudwatch.models import cloudwatch_backends

    from emulator.runtime import ACCOUNT

    yield from list(cloudwatch_backends[ACCOUNT].items())
