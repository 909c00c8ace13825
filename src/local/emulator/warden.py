"""Ends what the emulator has started, however the emulator itself ends.

Runs as a process of its own (standard library only) and reads lines from stdin: `start PID` and
`end PID` for a child that leads its own session, `remove PATH` for a temporary folder. When stdin
reaches EOF the emulator is gone, by SIGKILL perhaps: what is still registered is killed, and the
folders are removed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable


def session_members(leaders: set[int]) -> list[int]:
    """Processes of the leaders' sessions: Spark's Python workers leave their process group."""
    members = []
    try:
        pids = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
    except FileNotFoundError:  # no /proc (macOS): the process groups have to do
        return members
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) in leaders:
                members.append(pid)
    return members


def kill_sessions(leaders: Iterable[int]) -> None:
    """SIGKILL to every process of the given sessions, until none is left."""
    wanted = set(leaders)
    for leader in wanted:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
    for _ in range(20):  # a process may fork while it is being killed
        members = session_members(wanted)
        if not members:
            return
        for pid in members:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)  # only EOF ends it
    children: set[int] = set()
    folders: list[str] = []
    for line in sys.stdin:
        verb, _, argument = line.rstrip("\n").partition(" ")
        if verb == "start":
            children.add(int(argument))
        elif verb == "end":
            children.discard(int(argument))
        elif verb == "remove":
            folders.append(argument)
    kill_sessions(children)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
