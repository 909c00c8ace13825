"""Fixtures: one emulator with every patch for the whole run, others on demand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from emulator_support import MINUTE, Aws, Emulator, fetched_jars


@pytest.fixture(scope="session")
def jars() -> Path:
    return fetched_jars()


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory, jars: Path) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("emulator")
    # What lies above the emulator's folder is nothing to the functions in it.
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    with Emulator(folder, "--jars", str(jars), f"--minute={MINUTE}") as running:
        yield running


@pytest.fixture(scope="session")
def aws(emulator: Emulator) -> Aws:
    return Aws(emulator.endpoint)
