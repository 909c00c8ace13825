"""What a Spark job asks of EMR Serverless, and whether an application's maximum capacity holds it.

The driver is one worker, each executor another. A worker's memory is the heap plus its overhead
(10 %, at least 384 MB), rounded up to a size that EMR Serverless offers for the vCPU.
"""

from __future__ import annotations

import math
import re
import shlex
from dataclasses import dataclass, field
from typing import Any

# Defaults of EMR Serverless, not of Spark.
DEFAULTS = {
    "spark.driver.cores": "4",
    "spark.driver.memory": "14g",
    "spark.executor.cores": "4",
    "spark.executor.memory": "14g",
    "spark.executor.instances": "3",
    "spark.dynamicAllocation.enabled": "true",
}
_FLAGS = {
    "--driver-memory": "spark.driver.memory",
    "--driver-cores": "spark.driver.cores",
    "--executor-memory": "spark.executor.memory",
    "--executor-cores": "spark.executor.cores",
    "--num-executors": "spark.executor.instances",
    "--name": "spark.app.name",
    "--jars": "spark.jars",
    "--files": "spark.files",
    "--archives": "spark.archives",
    "--packages": "spark.jars.packages",
    "--py-files": "spark.submit.pyFiles",
}
# vCPU: (least, greatest, step) of its memory in GB.
WORKER_SIZES = {1: (2, 8, 1), 2: (4, 16, 1), 4: (8, 30, 1), 8: (16, 60, 4), 16: (32, 120, 8)}
DISK_GB = 20.0


class BadParameters(ValueError):
    """SparkSubmitParameters that spark-submit would not understand."""


@dataclass
class SparkSubmit:
    """SparkSubmitParameters, taken apart."""

    conf: dict[str, str] = field(default_factory=dict)
    main_class: str | None = None

    @classmethod
    def parse(cls, parameters: str) -> SparkSubmit:
        try:
            tokens = shlex.split(parameters or "")
        except ValueError as problem:
            raise BadParameters(f"{problem}: {parameters}") from problem
        submit = cls()
        while tokens:
            flag = tokens.pop(0)
            flag, joined, value = flag.partition("=") if flag.startswith("--") else (flag, "", "")
            if not joined:
                if not tokens:
                    raise BadParameters(f"{flag} has no value")
                value = tokens.pop(0)
            if flag in ("--conf", "-c"):
                name, equals, setting = value.partition("=")
                if not equals:
                    raise BadParameters(f"not NAME=VALUE: {value}")
                submit.conf[name] = setting
            elif flag == "--class":
                submit.main_class = value
            elif flag in _FLAGS:
                submit.conf[_FLAGS[flag]] = value
            elif flag not in ("--master", "--deploy-mode"):  # EMR sets these itself
                raise BadParameters(f"unknown option {flag}")
        return submit


@dataclass(frozen=True)
class Resources:
    vcpu: float = 0.0
    memory_gb: float = 0.0
    disk_gb: float = 0.0

    def __add__(self, other: Resources) -> Resources:
        return Resources(
            self.vcpu + other.vcpu,
            self.memory_gb + other.memory_gb,
            self.disk_gb + other.disk_gb,
        )

    def __mul__(self, count: float) -> Resources:
        return Resources(self.vcpu * count, self.memory_gb * count, self.disk_gb * count)

    def excess_over(self, limit: Resources) -> list[str]:
        """What does not fit, in words."""
        pairs = (
            ("vCPU", self.vcpu, limit.vcpu),
            ("GB memory", self.memory_gb, limit.memory_gb),
            ("GB disk", self.disk_gb, limit.disk_gb),
        )
        return [f"{have:g} {unit} of {most:g}" for unit, have, most in pairs if have > most]


@dataclass(frozen=True)
class Request:
    driver: Resources
    executor: Resources
    executors: int

    @property
    def total(self) -> Resources:
        return self.driver + self.executor * self.executors


def gigabytes(size: str, default_unit: str = "m") -> float:
    """A Spark or EMR size (`14g`, `1024m`, `16 GB`, `2048` MB) in GB."""
    match = re.fullmatch(r"\s*([\d.]+)\s*([kmgt]?)b?\s*", size.lower())
    if not match:
        raise BadParameters(f"not a size: {size}")
    return (
        float(match[1]) * {"k": 2**-20, "m": 2**-10, "g": 1, "t": 2**10}[match[2] or default_unit]
    )


def worker(cores: int, heap: str, overhead: str | None, disk: str | None) -> Resources:
    memory = gigabytes(heap)
    memory += gigabytes(overhead) if overhead else max(0.1 * memory, 384 / 1024)
    size = WORKER_SIZES.get(cores)
    if size is None:
        raise BadParameters(f"EMR Serverless offers no worker with {cores} vCPU")
    least, greatest, step = size
    rounded = max(least, step * math.ceil(round(memory / step, 6)))
    if rounded > greatest:
        raise BadParameters(
            f"{memory:.1f} GB with overhead: a worker with {cores} vCPU takes {greatest} GB at most"
        )
    return Resources(cores, rounded, gigabytes(disk, "g") if disk else DISK_GB)


def request(conf: dict[str, str]) -> Request:
    """The most that the job will hold: the driver and all executors it may have."""
    conf = {**DEFAULTS, **conf}
    count = int(conf["spark.executor.instances"])
    if conf["spark.dynamicAllocation.enabled"].lower() == "true":
        least = int(conf.get("spark.dynamicAllocation.initialExecutors", count))
        count = int(conf.get("spark.dynamicAllocation.maxExecutors", max(count, least)))

    def part(role: str) -> Resources:
        return worker(
            int(conf[f"spark.{role}.cores"]),
            conf[f"spark.{role}.memory"],
            conf.get(f"spark.{role}.memoryOverhead"),
            conf.get(f"spark.emr-serverless.{role}.disk"),
        )

    return Request(part("driver"), part("executor"), count)


def limit(maximum_capacity: dict[str, Any] | None) -> Resources:
    """maximumCapacity as EMR returns it: `"40 vCPU"`, `"160 GB"`."""
    given = maximum_capacity or {}

    def number(name: str) -> float:
        text = str(given.get(name) or "inf").split()[0]
        return float(re.sub(r"[A-Za-z]+$", "", text) or "inf") if text != "inf" else math.inf

    return Resources(number("cpu"), number("memory"), number("disk"))
