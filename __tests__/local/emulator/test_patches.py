"""Each patch: its probe passes with it, and fails on a server that runs without it."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import probes_access  # noqa: F401 - adds its probes
import probes_metrics  # noqa: F401 - adds its probes
import probes_upload  # noqa: F401 - adds its probes
import pytest
from emulator_support import MINUTE, Aws, Emulator
from probes import PROBES, Probe


def test_every_patch_has_a_probe() -> None:
    from emulator import registry

    assert sorted(registry.load()) == sorted(probe.patch for probe in PROBES)


def test_every_patch_says_what_it_is_for() -> None:
    from emulator import registry

    assert all(len(patch.gap) > 20 for patch in registry.load().values())


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.patch)
def test_the_gap_is_closed(probe: Probe, aws: Aws) -> None:
    probe.check(aws)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory, jars: Path) -> Iterator[Callable[[int], Aws]]:
    """Gives the server without the patches of a group, with all others; started once a group."""
    with contextlib.ExitStack() as servers:

        @functools.cache
        def start(group: int) -> Aws:
            options = [f"--without={probe.patch}" for probe in PROBES if probe.group == group]
            options += ["--jars", str(jars), f"--minute={MINUTE}"]
            folder = tmp_path_factory.mktemp("without")
            return Aws(servers.enter_context(Emulator(folder, *options)).endpoint)

        yield start


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.patch)
def test_moto_still_has_the_gap(probe: Probe, without: Callable[[int], Aws]) -> None:
    """Fails on the day on which moto closes the gap: then the patch goes, with its probe."""
    server = without(probe.group)
    with pytest.raises(Exception):  # noqa: B017 - any failure will do: the behaviour is missing
        probe.check(server)
