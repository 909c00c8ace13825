"""The jars for Spark: pinned, fetched once, checked."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from emulator_support import SOURCES  # noqa: F401 - puts the emulator on the path


def test_what_is_complete_is_left_alone(jars: Path) -> None:
    from emulator import jars as module

    told: list[str] = []
    began = time.monotonic()
    module.fetch(jars, told.append)
    assert told == []
    assert time.monotonic() - began < 1


def test_a_changed_jar_counts_as_missing(jars: Path, tmp_path: Path) -> None:
    from emulator import jars as module

    copy = tmp_path / "jars"
    shutil.copytree(jars, copy)
    assert module.missing(copy) == []
    coordinates = next(iter(module.JARS))
    with (copy / module.file_name(coordinates)).open("ab") as file:
        file.write(b"x")
    assert module.missing(copy) == [coordinates]


def test_without_java_the_way_to_get_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from emulator import jars as module

    monkeypatch.setenv("PATH", os.devnull)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert module.main(["--into", str(tmp_path / "new")]) == 1
    assert "install Java 17" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
