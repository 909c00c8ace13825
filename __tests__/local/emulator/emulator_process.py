"""An emulator of a test's own, from its start to its end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

SOURCES = Path(__file__).parents[3] / "src" / "local"


class Emulator:
    """A running `python -m emulator`, ended at the end of the with block."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.environment = environment
        self.folder = folder
        self.log = folder / "log"
        self.command = [
            sys.executable,
            *("-m", "emulator", "--work", str(folder / "work")),
            *("--log", str(self.log), "--node", shutil.which("node") or "node", *arguments),
        ]

    def start(self) -> Emulator:
        env = {**os.environ, "PYTHONPATH": str(SOURCES), **self.environment}
        self.process = subprocess.Popen(
            self.command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline()
        assert line, f"the emulator did not start: {self.log.read_text()}"
        ready = json.loads(line)
        self.endpoint, self.pid = ready["endpoint"], ready["pid"]
        return self

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)
        self.process.stdin.close()
        self.process.stdout.close()

    __enter__ = start

    def __exit__(self, *unused: object) -> None:
        self.stop()
