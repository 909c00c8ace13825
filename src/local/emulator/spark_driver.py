"""Runs a job run's Spark driver: spark-submit of the installed pyspark, reading s3:// by S3A."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from emulator import calls, children, jars, spark_settings
from emulator.runtime import ACCOUNT, LOG, client, settings, split_s3_uri
from emulator.spark_request import SparkSubmit
from emulator.spark_settings import NotRunnable

_FILES = ("spark.jars", "spark.files", "spark.submit.pyFiles")


@dataclass
class Result:
    succeeded: bool
    details: str = ""


def submit(
    backend: Any,
    run: Any,
    conf: dict[str, str],
    parameters: SparkSubmit,
    interrupted: Callable[[], bool],
) -> Result:
    """Runs the driver to its end, or to `interrupted`; its logs go where the job run says."""
    work = Path(tempfile.mkdtemp(prefix=f"job-{run.id}-", dir=settings.work))
    logs = {name: work / name for name in ("stdout", "stderr")}
    try:
        command, env = _command(backend.region_name, run, conf, parameters, work)
        with logs["stdout"].open("wb") as stdout, logs["stderr"].open("wb") as stderr:
            name = f"job_run:{run.id}"
            process = children.start(
                command, name=name, cwd=work, env=env, stdout=stdout, stderr=stderr
            )
            while process.poll() is None:
                if interrupted():
                    children.kill(process)
                    process.wait()
                time.sleep(0.1)
            children.finished(process)
        result = _result(process.returncode, logs)
    except (NotRunnable, BotoCoreError, ClientError, OSError, ValueError) as problem:
        LOG.warning("job run %s: %s", run.id, problem)
        with logs["stderr"].open("a", encoding="utf-8") as stderr:
            stderr.write(f"{problem}\n")
        result = Result(False, f"{_FAILED} {problem}")
    try:
        _deliver_logs(backend.region_name, run, logs)
    except (BotoCoreError, ClientError, ValueError) as problem:
        LOG.warning("job run %s: its logs are lost: %s", run.id, problem)
    shutil.rmtree(work, ignore_errors=True)
    return result


_FAILED = "Job failed, please check complete logs in configured logging destination."


def _result(status: int, logs: dict[str, Path]) -> Result:
    """The last exception: Spark lets a Python driver's stderr run into its stdout."""
    if status == 0:
        return Result(True)
    texts = (logs[n].read_text(encoding="utf-8", errors="replace") for n in ("stderr", "stdout"))
    lines = [line for text in texts for line in text.splitlines() if line.strip()]
    raised = [x for x in lines if re.match(r"[A-Za-z_][\w.$]*(Error|Exception|Exit)\b", x)]
    # A program that ends itself says so as Unix programs do: `etl: error: …`.
    told = [x for x in lines if re.match(r"[\w.-]+: error: ", x)]
    logged = [x for x in lines if " ERROR " in x]
    last = (told or raised or logged or lines or ["no output"])[-1]
    return Result(False, f"{_FAILED} ExitCode: {status}. Last few exceptions: {last[:1000]}")


def _command(
    region: str, run: Any, conf: dict[str, str], parameters: SparkSubmit, work: Path
) -> tuple[list[str], dict[str, str]]:
    job = (run.job_driver or {}).get("sparkSubmit")
    if not job:
        raise NotRunnable("only sparkSubmit job drivers are run here")
    if not shutil.which("java") and not os.environ.get("JAVA_HOME"):
        raise NotRunnable("no Java found: install Java 17, or set JAVA_HOME")
    home = jars.spark_home()
    role = run.execution_role_arn
    settings_of_job = spark_settings.of_job(conf, region, work, calls.access_key(role))
    for name in _FILES:
        if name in settings_of_job:
            settings_of_job[name] = _local_copies(settings_of_job[name], region, work, role)
    entry = _local_copies(job["entryPoint"], region, work, role)
    master = f"local[{spark_settings.threads(conf)}]"
    command = [str(home / "bin" / "spark-submit"), "--master", master]
    for name, value in settings_of_job.items():
        command += ["--conf", f"{name}={value}"]
    if parameters.main_class:
        command += ["--class", parameters.main_class]
    command += [entry, *(job.get("entryPointArguments") or [])]
    return command, _environment(region, conf, home, work, role)


def _environment(
    region: str, conf: dict[str, str], home: Path, work: Path, role: str
) -> dict[str, str]:
    prefix = "spark.emr-serverless.driverEnv."
    own = {k.removeprefix(prefix): v for k, v in conf.items() if k.startswith(prefix)}
    for name in ("PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON", "JAVA_HOME"):
        own.pop(name, None)  # paths of EMR's image
    return children.environment(
        **own,
        **calls.credentials(role),
        AWS_ENDPOINT_URL=settings.endpoint,
        AWS_DEFAULT_REGION=region,
        AWS_REGION=region,
        AWS_EC2_METADATA_DISABLED="true",
        SPARK_HOME=str(home),
        SPARK_LOCAL_IP="127.0.0.1",
        PYSPARK_PYTHON=sys.executable,
        PYSPARK_DRIVER_PYTHON=sys.executable,
        PYTHONUNBUFFERED="1",
        TMPDIR=str(work),
    )


def _local_copies(uris: str, region: str, work: Path, role: str) -> str:
    """Downloads s3:// files, each into a folder of its own: file names must stay as they are."""
    copies = []
    for uri in filter(None, uris.split(",")):
        if "://" not in uri or uri.startswith("file:"):
            copies.append(uri)
            continue
        bucket, key = split_s3_uri(uri)
        folder = Path(tempfile.mkdtemp(prefix="file-", dir=work))
        target = folder / key.rsplit("/", 1)[-1]
        try:
            answer = client("s3", region, role).get_object(Bucket=bucket, Key=key)
        except ClientError as problem:
            raise NotRunnable(f"{uri}: {problem.response['Error']['Message']}") from problem
        target.write_bytes(answer["Body"].read())
        copies.append(str(target))
    return ",".join(copies)


def _deliver_logs(region: str, run: Any, logs: dict[str, Path]) -> None:
    """The driver's logs to the S3 prefix and the log group that the job run names."""
    config = (run.configuration_overrides or {}).get("monitoringConfiguration") or {}
    path = f"applications/{run.application_id}/jobs/{run.id}/SPARK_DRIVER"
    uri = (config.get("s3MonitoringConfiguration") or {}).get("logUri")
    contents = {n: f.read_bytes() if f.exists() else b"" for n, f in logs.items()}
    if uri:
        bucket, prefix = split_s3_uri(uri.rstrip("/"))
        for name, content in contents.items():
            key = f"{prefix}/{path}/{name}.gz".lstrip("/")
            body = gzip.compress(content)
            s3 = client("s3", region, run.execution_role_arn)
            s3.put_object(Bucket=bucket, Key=key, Body=body)
    watch = config.get("cloudWatchLoggingConfiguration") or {}
    if watch.get("enabled"):
        group = watch.get("logGroupName") or "/aws/emr-serverless"
        for name, content in contents.items():
            stream = "/".join(filter(None, (watch.get("logStreamNamePrefix"), path, name)))
            text = content.decode("utf-8", "replace")
            _put_log_events(run.execution_role_arn, region, group, stream, text)


def _put_log_events(role: str, region: str, group: str, stream: str, text: str) -> None:
    """
    With the job's role, which must be allowed to look for the group and the stream as well:
    https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/logging.html
    """
    from moto.logs.models import logs_backends

    backend = logs_backends[ACCOUNT][region]
    calls.record_log_group(role, region, "", "DescribeLogGroups")
    calls.record_log_group(role, region, group, "DescribeLogStreams")
    if group not in backend.groups:
        calls.record_log_group(role, region, group)
        backend.ensure_log_group(group)
    calls.record_log_writes(role, region, group, stream)
    backend.create_log_stream(group, stream)
    now = int(time.time() * 1000)
    lines = [{"timestamp": now, "message": line} for line in text.splitlines() if line]
    for first in range(0, len(lines), 1000):
        backend.put_log_events(group, stream, lines[first : first + 1000])
