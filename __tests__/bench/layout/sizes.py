"""Real data as JSON lines, as CSV and as the job's Parquet.

A line on stdout for each data set: {"data", "rows", "json", "csv", "parquet"}, the last three in
bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
from ground import DATA, flights, lake_in, run, say, spark_in

DAY = "2025-01-09"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--flights", type=int, required=True, help="rows of them")
    given = parser.parse_args()
    lake = lake_in(given.folder, spark_in(given.folder))
    data = {
        "flights": f"({flights(0, given.flights)})",
        "zipcodes": f"read_csv('{DATA / 'zipcodes.csv'}')",
        "birdstrikes": f"read_csv('{DATA / 'birdstrikes.csv'}')",
    }
    for name, rows in data.items():
        lake.sources[name] = {"format": "json"}
        raw = lake.put(f"{name}.json", b"", DAY, name)
        duckdb.sql(f"COPY (SELECT * FROM {rows}) TO '{raw}' (FORMAT json)")
        csv = given.folder / f"{name}.csv"
        duckdb.sql(f"COPY (SELECT * FROM {rows}) TO '{csv}' (FORMAT csv, HEADER)")
        summary = run(lake, [DAY], name)
        [[count]] = duckdb.sql(f"SELECT count(*) FROM {rows}").fetchall()
        if summary["rows_written"] != count:
            raise SystemExit(f"{name}: expected {count} rows, found {summary['rows_written']}")
        say(
            data=name,
            rows=count,
            json=raw.stat().st_size,
            csv=csv.stat().st_size,
            parquet=summary["bytes_written"],
        )


if __name__ == "__main__":
    main()
