"""The job as a process of its own, as spark-submit starts it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import JOBS, Lake, iceberg_jars, iceberg_settings


def submit(
    lake: Lake, source: str = "feed", entry: Path = JOBS / "etl.py", variables=None, **changes
):
    """Starts it in a process group of its own; ``entry`` may stand in for etl.py."""
    home = Path(sys.executable).parent
    package = shutil.make_archive(str(lake.root / "lake"), "zip", JOBS, "lake")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(lake.root / "spark"),
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        **iceberg_settings(lake.processed.parent, iceberg_jars()),
    }
    conf = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    command = [str(home / "spark-submit"), "--master", "local[1]", *conf]
    command += [
        "--py-files",
        f"{package},{JOBS / 'etl.py'}",
        str(entry),
        *lake.arguments(source, **changes),
    ]
    environment = {
        "PATH": f"{home}:/usr/local/bin:/usr/bin:/bin",
        "PYSPARK_PYTHON": sys.executable,
        **(variables or {}),
        **{k: v for k, v in os.environ.items() if k in ("JAVA_HOME", "HOME")},
    }
    return subprocess.Popen(
        command,
        cwd=lake.root,
        env=environment,
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
