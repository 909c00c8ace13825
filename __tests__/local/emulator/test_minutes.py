"""CloudWatch minutes: how they are counted while their length changes."""

from __future__ import annotations

import time

import emulator_support  # noqa: F401 - puts the emulator on the path
import pytest
from emulator.minutes import Minutes


def test_a_minute_of_sixty_seconds_is_the_real_one() -> None:
    minutes = Minutes()
    assert [minutes.of(59.9), minutes.of(60), minutes.begin(2)] == [0, 1, 120]
    assert minutes.between(30, 90) == 60


def test_a_short_minute_makes_an_age_longer() -> None:
    assert Minutes(0.5).between(10, 12) == 240


def test_minutes_go_on_where_their_length_changes() -> None:
    minutes = Minutes(2)
    before = time.time()
    minutes.change({"seconds": 0.5})
    changed, gone, _ = minutes._lengths[-1]
    assert minutes.seconds == 0.5
    # What was is as it was, and the moments of minutes stand in one row.
    assert minutes.of(before - 100) == (before - 100) // 2
    assert minutes.at(changed + 1) == pytest.approx(gone + 2)
    begins = [minutes.begin(minute) for minute in range(int(gone) - 2, int(gone) + 3)]
    assert begins == sorted(begins)
    assert all(minutes.of(begin + 0.01) == int(gone) - 2 + n for n, begin in enumerate(begins))
    assert minutes.between(changed - 2, changed + 1) == pytest.approx(60 + 120)


@pytest.mark.parametrize("given", [{}, {"seconds": 0}, {"seconds": 61}, {"seconds": True}])
def test_other_lengths_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"0\.1 to 60 seconds"):
        Minutes().change(given)
