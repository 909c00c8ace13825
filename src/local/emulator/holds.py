"""Job runs that stay in a state for as long as a test likes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

STATES = ("PENDING", "SCHEDULED", "RUNNING")
_LOOK_SECONDS = 0.1  # how soon a cancellation is noticed


class Holds:
    """All job runs that reach the state stay in it until it is released, or they are cancelled."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._changed = threading.Condition()

    def add(self, given: dict[str, Any]) -> None:
        """:raises ValueError: for anything but `{"job_runs": STATE}`"""
        state = _state(given)
        with self._changed:
            self._held.add(state)

    def release(self, given: dict[str, Any]) -> None:
        """
        Lets go the job runs in one state, or with nothing given all.
        :raises ValueError: for anything else than `{"job_runs": STATE}`
        """
        states = {_state(given)} if given else set(STATES)
        with self._changed:
            self._held -= states
            self._changed.notify_all()

    def describe(self) -> dict[str, list[str]]:
        with self._changed:
            return {"job_runs": sorted(self._held)}

    def wait(self, state: str, interrupted: Callable[[], bool]) -> None:
        """Returns when nothing holds job runs in this state, or this one is interrupted."""
        with self._changed:
            while state in self._held and not interrupted():
                self._changed.wait(_LOOK_SECONDS)


def _state(given: dict[str, Any]) -> str:
    state = given.get("job_runs")
    if set(given) != {"job_runs"} or state not in STATES:
        raise ValueError(f'a hold is {{"job_runs": STATE}} with {", ".join(STATES)}')
    return str(state)


holds = Holds()
