"""Child processes (node for Lambda, spark-submit with its JVM) that never outlive the emulator."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from emulator import warden

_lock = threading.Lock()
_running: dict[int, subprocess.Popen[Any]] = {}
_names: dict[int, str] = {}
_warden: subprocess.Popen[str] | None = None
_folders: list[Path] = []
_closed = False


class EmulatorIsEnding(RuntimeError):
    """Raised instead of starting a child once the emulator has begun to end."""


def open_warden() -> None:
    """Starts the process that cleans up should this one be killed outright."""
    global _warden
    _warden = subprocess.Popen(
        [sys.executable, "-I", "-S", str(Path(warden.__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def _tell(line: str) -> None:
    if _warden and _warden.stdin:
        with contextlib.suppress(BrokenPipeError):
            _warden.stdin.write(line + "\n")
            _warden.stdin.flush()


def remove_at_end(folder: Path) -> None:
    _folders.append(folder)
    with _lock:
        _tell(f"remove {folder}")


def start(command: list[str], *, name: str, **options: Any) -> subprocess.Popen[Any]:
    """Popen in a session of its own, known to the warden until `finished` is called."""
    with _lock:
        if _closed:
            raise EmulatorIsEnding(command[0])
        child = subprocess.Popen(command, start_new_session=True, **options)
        _running[child.pid], _names[child.pid] = child, name
        _tell(f"start {child.pid}")
    return child


def kill(child: subprocess.Popen[Any]) -> None:
    """Ends the child and all that it has started."""
    warden.kill_sessions([child.pid])


def kill_named(name: str) -> int:
    """Ends the children of that name (`job_run:ID`), or of that kind (`job_run`); how many."""
    with _lock:
        found = [pid for pid, own in _names.items() if name in (own, own.split(":")[0])]
    warden.kill_sessions(found)
    return len(found)


def finished(child: subprocess.Popen[Any]) -> None:
    """To be called when the child has ended: what it left behind in its session ends too."""
    if warden.session_members({child.pid}):
        warden.kill_sessions([child.pid])
    with _lock:
        _running.pop(child.pid, None)
        _names.pop(child.pid, None)
        _tell(f"end {child.pid}")


def end_all() -> None:
    """Ends every child and removes the temporary folders; nothing can be started afterwards."""
    global _closed
    with _lock:
        _closed = True
        left = list(_running)
    warden.kill_sessions(left)
    for child in list(_running.values()):
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(5)
    for folder in _folders:
        shutil.rmtree(folder, ignore_errors=True)
    if _warden and _warden.stdin:
        with contextlib.suppress(BrokenPipeError):
            _warden.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            _warden.wait(5)


def environment(**extra: str) -> dict[str, str]:
    """What a child inherits: nothing that would lead it to another endpoint or account."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "MOTO_", "SPARK_"))}
    return {**kept, **extra}
