"""Events of S3 on their way to EventBridge: at once, unless a test wants them late or twice."""

from __future__ import annotations

import fnmatch
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.runtime import LOG


@dataclass
class Disturbance:
    """What happens to the events of a bucket's keys that match a pattern; drawn by a seed."""

    bucket: str
    keys: str = "*"
    seed: int = 0
    duplicate: float = 0.0  # the share of events that come a second time
    delay: float = 0.0  # seconds that an event is late at most: so they overtake each other
    events: int = field(default=0, init=False)
    copies: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if not 0 <= self.duplicate <= 1:
            raise ValueError(f"duplicate is a share between 0 and 1, not {self.duplicate}")
        if not 0 <= self.delay <= 600:
            raise ValueError(f"delay is a number of seconds up to 600, not {self.delay}")
        self.random = random.Random(self.seed)

    def draw(self) -> list[float]:
        """After how many seconds the event is delivered, once for each time."""
        times = 2 if self.random.random() < self.duplicate else 1
        self.events, self.copies = self.events + 1, self.copies + times - 1
        return [self.random.uniform(0, self.delay) for _ in range(times)]


@dataclass
class Deliveries:
    """Hands events over, and knows how many are still on their way."""

    disturbances: list[Disturbance] = field(default_factory=list)
    pending: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hand_over(self, bucket: str, key: str, deliver: Callable[[], None]) -> None:
        with self.lock:
            found = (d for d in self.disturbances if d.bucket == bucket)
            disturbance = next((d for d in found if fnmatch.fnmatchcase(key, d.keys)), None)
            waits = disturbance.draw() if disturbance else []
            self.pending += len(waits)
        if disturbance is None:
            deliver()
        for wait in waits:
            timer = threading.Timer(wait, self._late, [deliver])
            timer.daemon = True
            timer.start()

    def _late(self, deliver: Callable[[], None]) -> None:
        try:
            deliver()
        except Exception:
            LOG.exception("a delayed event is lost")
        finally:
            with self.lock:
                self.pending -= 1

    def disturb(self, given: dict[str, Any]) -> None:
        one = Disturbance(**given)
        with self.lock:
            self.disturbances.insert(0, one)  # a later one is asked first

    def calm(self) -> None:
        """No event is late or doubled any more; those on their way still come."""
        with self.lock:
            self.disturbances.clear()

    def describe(self) -> dict[str, Any]:
        with self.lock:
            return {
                "pending": self.pending,
                "disturbances": [
                    {"bucket": d.bucket, "keys": d.keys, "events": d.events, "copies": d.copies}
                    for d in self.disturbances
                ],
            }


deliveries = Deliveries()
