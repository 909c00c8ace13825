"""Each patch: its probe passes with it, and fails on a server that runs without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from emulator_support import Aws, Emulator
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
def without(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Aws]:
    """A server without the patches of one group, with all others."""
    left_out = [f"--without={probe.patch}" for probe in PROBES if probe.group == request.param]
    with Emulator(tmp_path_factory.mktemp("without"), *left_out) as running:
        yield Aws(running.endpoint)


@pytest.mark.parametrize(
    ("without", "probe"),
    [pytest.param(p.group, p, id=p.patch) for p in sorted(PROBES, key=lambda p: p.group)],
    indirect=["without"],
)
def test_moto_still_has_the_gap(without: Aws, probe: Probe) -> None:
    """Fails on the day on which moto closes the gap: then the patch goes, with its probe."""
    with pytest.raises(Exception):  # noqa: B017 - any failure will do: the behaviour is missing
        probe.check(without)
