"""The emulator's life: the ready line, the port, and that nothing outlives it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from emulator_support import SMALL_JOB, SOURCES, Aws, Emulator, until

SLEEPER = """
import { writeFileSync } from 'node:fs';
export const handler = async () => {
  writeFileSync(process.env.PID_FILE, String(process.pid));
  await new Promise((r) => setTimeout(r, 60000));
};"""

SPARK_SLEEPER = """
import os, sys, time
from pyspark.sql import SparkSession

folder = sys.argv[1]

def wait(number):
    open(f"{folder}/worker", "w").write(str(os.getpid()))
    time.sleep(60)

with open(f"{folder}/driver", "w") as file:
    file.write(f"{os.getpid()} {os.getppid()}")
SparkSession.builder.getOrCreate().sparkContext.parallelize([1], 1).foreach(wait)
"""


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie that waits for its parent does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def terminate(emulator: Emulator) -> None:
    emulator.process.send_signal(signal.SIGTERM)


def interrupt(emulator: Emulator) -> None:
    emulator.process.send_signal(signal.SIGINT)


def kill(emulator: Emulator) -> None:
    emulator.process.kill()


def close_stdin(emulator: Emulator) -> None:
    emulator.process.stdin.close()


def pids_in(file: Path) -> list[int]:
    text = until(lambda: file.exists() and file.read_text(), 40)
    return [int(pid) for pid in text.split()]


@pytest.mark.parametrize("end", [terminate, interrupt, close_stdin, kill])
def test_nothing_outlives_the_emulator(
    end: Callable[[Emulator], None], tmp_path: Path, jars: Path
) -> None:
    emulator = Emulator(tmp_path, "--watch-stdin", "--jars", str(jars)).start()
    aws = Aws(emulator.endpoint)
    pid_file = tmp_path / "node"
    name = aws.function(SLEEPER, Timeout=60, Environment={"Variables": {"PID_FILE": str(pid_file)}})
    aws.lambda_.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")
    children = []
    if end is kill:  # the hardest way to go; Spark is slow to start, so it is tried once
        bucket = aws.bucket()
        aws.put(bucket, "job.py", SPARK_SLEEPER)
        application = aws.application()
        aws.job(application, f"s3://{bucket}/job.py", str(tmp_path), parameters=SMALL_JOB)
        children += pids_in(tmp_path / "driver") + pids_in(tmp_path / "worker")
    children += pids_in(pid_file)
    assert all(map(alive, children))
    assert any((tmp_path / "work").iterdir())

    end(emulator)
    status = emulator.process.wait(10)
    assert status == (-signal.SIGKILL if end is kill else 0)
    until(lambda: not any(map(alive, children)), 10)
    until(lambda: not any((tmp_path / "work").iterdir()), 10)
    emulator.process.stdout.close()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "emulator", *arguments],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run("--port", str(port))
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr == f"emulator: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_it_listens_on_the_loopback_only(emulator: Emulator) -> None:
    port = int(emulator.endpoint.rsplit(":", 1)[1])
    assert emulator.endpoint == f"http://127.0.0.1:{port}"
    listening = Path("/proc/net/tcp")
    if not listening.exists():
        pytest.skip("no /proc")
    lines = [line.split() for line in listening.read_text().splitlines()[1:]]
    own = [line[1] for line in lines if line[1].endswith(f":{port:04X}") and line[3] == "0A"]
    assert own == [f"0100007F:{port:04X}"]


def test_the_environment_cannot_lead_it_to_a_real_account(tmp_path: Path) -> None:
    """Neither a profile nor an endpoint of the user's reaches the emulator's own clients."""
    misleading = {"AWS_PROFILE": "none-such", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    with Emulator(tmp_path, **misleading, HTTP_PROXY="http://127.0.0.1:9") as running:
        aws = Aws(running.endpoint)
        _, _, last = aws.crawl(f"s3://{aws.bucket()}/nothing/")
        assert last["Status"] == "SUCCEEDED"


def test_patches_are_listed() -> None:
    lines = run("--list-patches").stdout.splitlines()
    assert any(line.startswith("s3.lifecycle ") for line in lines)


def test_an_unknown_patch_is_an_error() -> None:
    result = run("--without", "s3.nothing")
    assert result.returncode == 1
    assert "no such patch: s3.nothing" in result.stderr
