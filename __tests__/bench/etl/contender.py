"""One contender of `npm run bench:etl` in a process of its own: ``python contender.py SPEC``.

SPEC is JSON: ``contender`` (``ours``, ``pyspark`` or ``duckdb``), ``format``, ``raw`` (folder of
the raw zone; the files lie in ``feed/year=2025/month=01/day=DD``), ``day`` (ISO), ``out`` (folder
of the result; of ours the catalog's warehouse), ``work`` (folder of temporary files), ``settings``
(Spark's) and ``result``, the file that gets one line of JSON: ``seconds`` from when Spark is up
and has run a first trivial job, ``up_seconds`` until then, ``read_bytes`` that Hadoop's file
system read meanwhile, from files only, and ``application``, the name of Spark's event log. Exit 1,
and one line on stderr, where the contender failed.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

JOBS = Path(__file__).resolve().parents[3] / "jobs"
#: As many cores as Spark has, and the memory of the worker that Spark's heap is for.
_DUCKDB = {"threads": 2, "memory_limit": "8GB"}
SOURCE, DATABASE, RUN_ID = "feed", "bench", "etl-12345678"


def folder_of(day: str) -> str:
    year, month, date = day.split("-")
    return f"{SOURCE}/year={year}/month={month}/day={date}"


def run_job(spec: dict, spark) -> None:
    """The job's own main, as spark-submit would call it, but for the session that is up already."""
    sys.path.insert(0, str(JOBS))
    import etl

    work, kind = Path(spec["work"]), "csv" if spec["format"].startswith("csv") else "json"
    config = work / "sources.json"
    config.write_text(json.dumps({SOURCE: {"format": kind}}))
    values = {
        "run-id": RUN_ID,
        "source": SOURCE,
        "config": config.as_uri(),
        "partitions": json.dumps([spec["day"]]),
        "raw": Path(spec["raw"]).as_uri(),
        "database": DATABASE,
        "processed": f"file:{spec['out']}/{DATABASE}",
        "quarantine": (work / "quarantine").as_uri(),
        "summary": (work / "summary.json").as_uri(),
    }
    code = etl.main([part for name, value in values.items() for part in (f"--{name}", value)])
    if code != 0:
        sys.exit(code)


def obvious_script(spec: dict, spark) -> None:
    """What anybody would write first: types inferred, the folders' names as columns."""
    raw = f"{spec['raw']}/{SOURCE}"
    if spec["format"].startswith("csv"):
        rows = spark.read.csv(raw, header=True, inferSchema=True)
    else:
        rows = spark.read.json(raw, multiLine=spec["format"] == "array")
    rows.write.mode("overwrite").partitionBy("year", "month", "day").parquet(spec["out"])


def copy(spec: dict, database) -> None:
    """All as DuckDB likes it; one file of Parquet."""
    files = f"{spec['raw']}/{folder_of(spec['day'])}/*"
    read = "read_csv_auto" if spec["format"].startswith("csv") else "read_json_auto"
    Path(spec["out"]).mkdir(parents=True)
    rows = f"SELECT * FROM {read}('{files}', hive_partitioning = false)"
    database.execute(f"COPY ({rows}) TO '{spec['out']}/rows.parquet' (FORMAT parquet)")


def in_duckdb(spec: dict) -> dict:
    import duckdb

    began = time.monotonic()
    with duckdb.connect(config=_DUCKDB | {"temp_directory": spec["work"]}) as database:
        database.execute("SELECT 1").fetchall()
        up = time.monotonic()
        copy(spec, database)
        return {"seconds": time.monotonic() - up, "up_seconds": up - began}


def in_spark(spec: dict) -> dict:
    from pyspark.sql import SparkSession

    began = time.monotonic()
    builder = SparkSession.builder.master("local[2]").appName(spec["contender"])
    for name, value in spec["settings"].items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF" if spec["contender"] == "ours" else "ERROR")
    spark.range(1000).selectExpr("sum(id)").collect()
    up, before = time.monotonic(), _read_bytes(spark)
    work = run_job if spec["contender"] == "ours" else obvious_script
    work(spec, spark)
    found = {
        "seconds": time.monotonic() - up,
        "up_seconds": up - began,
        "read_bytes": _read_bytes(spark) - before,
        "application": spark.sparkContext.applicationId,
    }
    spark.stop()
    return found


def _read_bytes(spark) -> int:
    """By all threads of the JVM, which is driver and executor here; blocks that Spark keeps and
    shuffles do not go through Hadoop's file system."""
    statistics = spark._jvm.org.apache.hadoop.fs.FileSystem.getAllStatistics()
    return sum(one.getBytesRead() for one in statistics)


def main() -> None:
    spec = json.loads(sys.argv[1])
    found = in_duckdb(spec) if spec["contender"] == "duckdb" else in_spark(spec)
    Path(spec["result"]).write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
