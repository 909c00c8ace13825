"""Spark settings of a job on this machine: what EMR's image and its network would give."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from emulator import jars
from emulator.runtime import settings
from emulator.spark_request import DEFAULTS

# Set by EMR or by us, or of no meaning on one machine.
_DROPPED = (
    "spark.master",
    "spark.submit.deployMode",
    "spark.emr-serverless.",
    "spark.hadoop.hive.metastore.client.factory.class",
    "spark.executorEnv.",
    "spark.archives",
)
_IMAGE = "/usr/share/aws/"
ICEBERG_ON_EMR = f"{_IMAGE}iceberg/lib/iceberg-spark3-runtime.jar"
_JOINED = {"spark.driver.extraClassPath": ":", "spark.driver.extraJavaOptions": " "}


class NotRunnable(Exception):
    """The driver could not be started; the text says why and how to mend it."""


def of_job(conf: dict[str, str], region: str, work: Path, access_key: str) -> dict[str, str]:
    """The job's own settings, without those that only EMR understands, and the local ones."""
    found = {k: v for k, v in conf.items() if not k.startswith(_DROPPED)}
    folders = [require_jars(jars.S3A_JARS)]
    wanted, of_image = _split_jars(found.pop("spark.jars", ""))
    if ICEBERG_ON_EMR in of_image:
        folders.append(require_jars(jars.ICEBERG_JARS) / "iceberg")
    if wanted:
        found["spark.jars"] = ",".join(wanted)
    for name, value in _local_settings(region, work, folders, access_key).items():
        own = found.get(name) if name in _JOINED else None
        found[name] = _JOINED[name].join((value, own)) if own else value
    return found


def require_jars(wanted: dict[str, str]) -> Path:
    if settings.jars is None or jars.missing(settings.jars, wanted):
        folder = settings.jars or "DIR"
        raise NotRunnable(
            f"Spark's S3 file system or Iceberg is missing in {folder}; "
            f"run `python -m emulator.jars --into {folder}`"
        )
    return settings.jars


def _split_jars(listed: str) -> tuple[list[str], set[str]]:
    """The job's own jars, and those of EMR's image, of which only Iceberg's is at hand here."""
    own, of_image = [], set()
    for jar in filter(None, (one.strip() for one in listed.split(","))):
        path = re.sub(r"^(local|file):(//)?", "", jar)
        if path.startswith(_IMAGE):
            of_image.add(path)
        else:
            own.append(jar)
    if unknown := of_image - {ICEBERG_ON_EMR}:
        raise NotRunnable(
            f"spark.jars names {', '.join(sorted(unknown))}: of EMR's own jars the local AWS has "
            f"{ICEBERG_ON_EMR} only"
        )
    return own, of_image


def threads(conf: dict[str, str]) -> int:
    """As many tasks at once as the executors would have cores, or this machine has."""
    wanted = {**DEFAULTS, **conf}
    executors = wanted.get("spark.dynamicAllocation.maxExecutors")
    count = int(executors or wanted["spark.executor.instances"])
    return max(1, min(os.cpu_count() or 1, int(wanted["spark.executor.cores"]) * count))


def _local_settings(
    region: str, work: Path, folders: list[Path], access_key: str
) -> dict[str, Any]:
    """EMR's s3:// is its own file system; here S3A answers for that scheme."""
    hadoop = {
        "fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "fs.AbstractFileSystem.s3.impl": "org.apache.hadoop.fs.s3a.S3A",
        "fs.AbstractFileSystem.s3a.impl": "org.apache.hadoop.fs.s3a.S3A",
        "fs.s3a.endpoint": settings.endpoint,
        "fs.s3a.endpoint.region": region,
        "fs.s3a.path.style.access": "true",
        "fs.s3a.connection.ssl.enabled": "false",
        "fs.s3a.access.key": access_key,
        "fs.s3a.secret.key": "test",
        "fs.s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        "fs.s3a.buffer.dir": str(work / "buffer"),
        "fs.s3a.attempts.maximum": "3",
        "fs.s3a.retry.limit": "3",
        # Like EMR's S3-optimized committer: a task's files are in place when the task commits.
        "mapreduce.fileoutputcommitter.algorithm.version": "2",
    }
    return {
        **{f"spark.hadoop.{name}": value for name, value in hadoop.items()},
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(work / "local"),
        "spark.sql.warehouse.dir": str(work / "warehouse"),
        # On the class path rather than in spark.jars, which Spark would copy for every job.
        "spark.driver.extraClassPath": ":".join(f"{folder}/*" for folder in folders),
        # No files outside the working folder: they would outlive a driver that is killed.
        "spark.driver.extraJavaOptions": (
            f"-Djava.io.tmpdir={work} -Dderby.system.home={work} -XX:-UsePerfData"
            # Small data on few cores: the optimizing compiler would cost more than it brings.
            " -XX:TieredStopAtLevel=1"
        ),
    }
