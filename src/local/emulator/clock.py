"""What happens once a CloudWatch minute: gauges are read, schedules are due, alarms are judged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from emulator import alarm_watch, metrics
from emulator.minutes import minutes
from emulator.runtime import LOG

# Read at the end of a minute: functions that put the gauges of one service, given the moment.
gauges: list[Callable[[float], None]] = []
# Called with the number of the minute that begins.
schedules: list[Callable[[int], None]] = []
evaluates_alarms = False


def start() -> None:
    """Ticks in a daemon thread for as long as the process lives; does nothing without a use."""
    if gauges or schedules or evaluates_alarms:
        threading.Thread(target=_run, name="cloudwatch minutes", daemon=True).start()


def _run() -> None:
    minute = minutes.of(time.time())
    while True:
        minute += 1
        while (wait := minutes.begin(minute) - time.time()) > 0:
            minutes.changed.wait(wait)
            minutes.changed.clear()
        # A minute that was slept through is not made up for: its data count as missing, as on AWS.
        minute = max(minute, minutes.of(time.time()))
        tick(minute)


def tick(minute: int) -> None:
    """Ends the minute before this one. One that fails is logged; the clock goes on."""
    last = minutes.begin(minute) - 0.001
    for read in gauges:
        _try(read, last)
    metrics.publish()
    for due in schedules:
        _try(due, minute)
    if evaluates_alarms:
        _try(alarm_watch.evaluate_all, minute)
    if minute % 60 == 0:
        metrics.metrics.forget(minute)


def _try(work: Callable[..., None], *args: float) -> None:
    try:
        work(*args)
    except Exception:
        LOG.exception("%s failed", getattr(work, "__name__", work))
