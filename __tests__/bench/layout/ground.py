"""What the layout's benchmarks stand on: the job in this process, and flights as its raw files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "jobs" / "tests"))

from conftest import Lake, local_session  # noqa: E402

DATA = ROOT / "node_modules" / "vega-datasets" / "data"
FLIGHTS = DATA / "flights-3m.parquet"
_ROWS = 3_000_000


def spark_in(folder: Path, heap: str = "3g"):
    """Spark on two cores, whose file system counts every byte that is read."""
    spark = local_session("bench", folder, folder / "catalog", driver_memory=heap)
    files = spark._jvm.org.apache.hadoop.fs.FileSystem
    # Checksums stand in files beside the data, which S3 has not and which would be counted too.
    files.getLocal(spark._jsc.hadoopConfiguration()).setVerifyChecksum(False)
    return spark


def read_bytes(spark) -> int:
    """That this process's Hadoop file systems have read."""
    statistics = spark._jvm.org.apache.hadoop.fs.FileSystem.getAllStatistics()
    return sum(one.getBytesRead() for one in statistics)


def lake_in(folder: Path, spark) -> Lake:
    root = folder / "lake"
    root.mkdir()
    return Lake(root, folder / "catalog", spark)


def run(lake: Lake, days: list[str], source: str = "feed") -> dict:
    """The job's own summary of a run; what it prints is kept off the figures."""
    import etl

    out, sys.stdout = sys.stdout, sys.stderr
    try:
        if etl.main(lake.arguments(source, days)) != 0:
            raise SystemExit("the job failed: what it said stands above")
    finally:
        sys.stdout = out
    return json.loads((lake.root / "runs/etl-12345678/summary.json").read_text())


def flights(first: int, rows: int) -> str:
    """SQL of rows ``first`` and on, in their order; past the last flight the first comes again, as
    many years later."""
    copies = (first + rows - 1) // _ROWS + 1
    parts = [
        f"SELECT {copy} * {_ROWS} + file_row_number AS n, "
        f"date + INTERVAL {copy} YEAR AS date, delay, distance, origin, destination "
        f"FROM read_parquet('{FLIGHTS}', file_row_number = true)"
        for copy in range(copies)
    ]
    return (
        f"SELECT date, delay, distance, origin, destination FROM ({' UNION ALL '.join(parts)}) "
        f"WHERE n >= {first} AND n < {first + rows} ORDER BY n"
    )


def put_flights(
    lake: Lake,
    day: str,
    first: int,
    rows: int,
    name: str = "flights.json",
    source: str = "feed",
) -> Path:
    """As JSON lines into the day's raw folder."""
    path = lake.put(name, b"", day, source)
    duckdb.sql(f"COPY ({flights(first, rows)}) TO '{path}' (FORMAT json)")
    return path


def say(**figures) -> None:
    """One line of figures for the program that asked."""
    print(json.dumps(figures), flush=True)
