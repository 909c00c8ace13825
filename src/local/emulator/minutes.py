"""
CloudWatch minutes: by default a real one each, or as many seconds as a test likes.

They are what CloudWatch and EventBridge count by: periods of alarms, the rhythm of gauges,
`rate(…)` schedules, and the ages that a service measures of its own. All else keeps real time:
timestamps, what functions measure, time limits.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Any

LEAST_SECONDS, MOST_SECONDS = 0.1, 60.0


class Minutes:
    """Counts minutes since the epoch; from each change of their length on by the new one."""

    def __init__(self, seconds: float = MOST_SECONDS) -> None:
        self.changed = threading.Event()
        self.start(seconds)

    def start(self, seconds: float) -> None:
        """Counts from the beginning by minutes of so many seconds."""
        self._lengths = [(0.0, 0.0, seconds)]  # since when, how many had gone by, their length

    @property
    def seconds(self) -> float:
        return self._lengths[-1][2]

    def change(self, given: dict[str, Any]) -> None:
        """
        Minutes have another length from now on.
        :param given: `{"seconds": 0.1 to 60}`
        :raises ValueError: for anything else
        """
        seconds = given.get("seconds")
        if set(given) != {"seconds"} or not is_length(seconds):
            raise ValueError(f"a minute has {LEAST_SECONDS:g} to {MOST_SECONDS:g} seconds")
        now = time.time()
        self._lengths = [*self._lengths, (now, self.at(now), float(seconds))]
        self.changed.set()

    def describe(self) -> dict[str, Any]:
        """The length, and since when it and those before it hold: see `_lengths`."""
        return {"seconds": self.seconds, "lengths": self._lengths}

    def at(self, moment: float) -> float:
        """The minutes until a moment, which is in seconds since the epoch."""
        since, gone, seconds = next(one for one in reversed(self._lengths) if one[0] <= moment)
        return gone + (moment - since) / seconds

    def of(self, moment: float) -> int:
        """The number of the minute in which a moment lies."""
        return math.floor(self.at(moment))

    def begin(self, minute: int) -> float:
        """When a minute begins, in seconds since the epoch."""
        since, gone, seconds = next(one for one in reversed(self._lengths) if one[1] <= minute)
        return since + (minute - gone) * seconds

    def between(self, begin: float, end: float) -> float:
        """How long a span of real time is by these minutes, in seconds."""
        return 60 * (self.at(end) - self.at(begin))


def is_length(seconds: Any) -> bool:
    return (
        isinstance(seconds, (int, float))
        and not isinstance(seconds, bool)
        and LEAST_SECONDS <= seconds <= MOST_SECONDS
    )


minutes = Minutes()
