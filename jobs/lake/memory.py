"""How large a file may be that a worker takes as a whole, given the memory that Spark has."""

from __future__ import annotations

import re

from pyspark.sql import SparkSession

#: What of a heap Spark itself takes, as it reckons too.
RESERVED_BYTES = 300 * 1024**2
#: A task may meet a file of this share of its part of the rest. Spark holds such a file four times
#: (its bytes, in a row of up to twice its size, its pieces), and a heap takes no arrays of that
#: size to its brim. Measured with a heap of 2 GB for two tasks: files of 128 MB are read, of 180 MB
#: not, and then nothing tells; the limit there is 109 MB.
SHARE = 8
#: Where a row's size no longer fits what the JVM can have in one array.
MOST_BYTES = 1024**3

_LOCAL = re.compile(r"local(?:\[(\d+|\*)(?:,\s*\d+)?\])?")


def whole_file_limit(spark: SparkSession) -> int:
    """Bytes, as stored, of a file that Spark cannot split; what is packed in it may be more."""
    heap, tasks = _executor(spark)
    return min(MOST_BYTES, max(0, heap - RESERVED_BYTES) // (SHARE * tasks))


def _executor(spark: SparkSession) -> tuple[int, int]:
    """The heap in bytes, and the tasks that share it."""
    jvm, context = spark._jvm, spark.sparkContext
    local = _LOCAL.fullmatch(context.master)
    if local:  # The driver does the work.
        runtime = jvm.java.lang.Runtime.getRuntime()
        threads = local.group(1) or "1"
        tasks = runtime.availableProcessors() if threads == "*" else int(threads)
        return runtime.maxMemory(), tasks
    conf = context.getConf()
    heap = jvm.org.apache.spark.network.util.JavaUtils.byteStringAsMb(
        conf.get("spark.executor.memory", "1g")
    )
    cores, cpus = [int(conf.get(f"spark.{name}", "1")) for name in ("executor.cores", "task.cpus")]
    return heap * 1024**2, max(1, cores // cpus)
