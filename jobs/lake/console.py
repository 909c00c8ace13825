"""Lines for a person, on stderr, so that stdout holds the summary alone."""

from __future__ import annotations

import os
import sys

from pyspark import SparkContext


def say(line: str) -> None:
    """spark-submit folds Python's stderr into its own stdout: there the JVM's stderr is the one."""
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        SparkContext._ensure_initialized()
        SparkContext._jvm.java.lang.System.err.println(line)
    else:
        print(line, file=sys.stderr, flush=True)
