"""Bytes that Spark's readers take from the disk for each query, layout by layout.

A line on stdout for each: {"query", "layout", "bytes", "rows"}; before them one for each layout:
{"layout", "bytes", "files"}. All answers to a query are compared before any is printed.

Athena bills the bytes that it reads: of Parquet the chunks of the columns that a query names, in
the row groups that its conditions do not rule out. That is what is counted here, file system reads
as they happen, footers and the table's metadata among them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import duckdb
from ground import flights, lake_in, put_flights, read_bytes, run, say, spark_in

SCHEMA = "date TIMESTAMP, delay BIGINT, distance BIGINT, origin STRING, destination STRING"
SORTED = "lake, sorted by origin"
ONE_DAY = "year = '{year}' AND month = '{month}' AND day = '{day}'"


def queries(named: dict[str, str], day: str, span: tuple) -> dict[str, str]:
    """Those that the stack gives to every source, and such as statistics can help."""
    year, month, date = day.split("-")
    one_day = ONE_DAY.format(year=year, month=month, day=date)
    between = "date >= TIMESTAMP '{}' AND date < TIMESTAMP '{}'".format(*span)
    return {
        **named,
        "latest day": f"SELECT * FROM flights WHERE {one_day}",
        "one origin": "SELECT count(*), sum(delay) FROM flights WHERE origin = 'SEA'",
        "one origin on one day": f"SELECT * FROM flights WHERE {one_day} AND origin = 'SEA'",
        "a tenth of one day": f"SELECT origin, delay FROM flights WHERE {one_day} AND {between}",
    }


def answer(spark, sql: str) -> list:
    """What a query answers, in few bytes: all values of all rows are read for it."""
    rows = spark.sql(sql)
    columns = ", ".join(f"CAST(`{name}` AS STRING)" for name in sorted(rows.columns))
    rows.createOrReplaceTempView("answer")
    [found] = spark.sql(
        f"SELECT count(*), sum(CAST(xxhash64({columns}) AS DECIMAL(38, 0))) FROM answer"
    ).collect()
    return [found[0], str(found[1])]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=int, required=True, help="of one day")
    parser.add_argument("--days", type=int, required=True)
    parser.add_argument("--named", type=json.loads, required=True, help="name → SQL, Spark's")
    given = parser.parse_args()
    spark = spark_in(given.folder)
    lake = lake_in(given.folder, spark)
    lake.sources["feed"]["schema"] = SCHEMA
    days = [f"2025-01-{n:02d}" for n in range(1, given.days + 1)]
    raw = [put_flights(lake, day, at * given.rows, given.rows) for at, day in enumerate(days)]
    one = given.folder / "one.parquet"
    parts = [
        f"(SELECT *, '{y}' AS year, '{m}' AS month, '{d}' AS day "
        f"FROM ({flights(at * given.rows, given.rows)}))"
        for at, (y, m, d) in enumerate(day.split("-") for day in days)
    ]
    duckdb.sql(f"COPY ({' UNION ALL '.join(parts)}) TO '{one}' (FORMAT parquet, CODEC snappy)")
    last = f"({flights((given.days - 1) * given.rows, given.rows)})"
    [[edges]] = duckdb.sql(f"SELECT quantile_disc(date, [0.4, 0.5]) FROM {last}").fetchall()
    asked = queries(given.named, days[-1], edges)

    json_rows = spark.read.schema(f"{SCHEMA}, year STRING, month STRING, day STRING")
    views = {
        "raw JSON": lambda: json_rows.json(str(lake.root / "raw/feed")),
        "one Parquet file": lambda: spark.read.parquet(str(one)),
        "lake": lambda: spark.table(f"lake.{lake.database}.feed"),
        SORTED: lambda: spark.table(f"lake.{lake.database}.feed"),
        f"{SORTED}, by page": lambda: (
            spark.read.option("basePath", str(lake.processed / "feed"))
            .schema(f"{SCHEMA}, year STRING, month STRING, day STRING")
            .parquet(*map(str, lake.live_files()))
        ),
    }
    spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
    found = []
    for layout, view in views.items():
        if layout in ("lake", SORTED):
            lake.sources["feed"]["sort_by"] = ["origin"] if layout == SORTED else []
            run(lake, days)
        files = {"raw JSON": raw, "one Parquet file": [one]}.get(layout) or lake.live_files()
        say(layout=layout, bytes=sum(path.stat().st_size for path in files), files=len(files))
        view().createOrReplaceTempView("flights")
        for name, sql in asked.items():
            before = read_bytes(spark)
            result = answer(spark, sql)
            found.append((name, layout, read_bytes(spark) - before, result))
    for name in asked:
        answers = {json.dumps(result) for query, _, _, result in found if query == name}
        if len(answers) != 1:
            sys.exit(f"{name}: the layouts answer differently: {', '.join(sorted(answers))}")
    for name, layout, read, result in found:
        say(query=name, layout=layout, bytes=read, rows=result[0])


if __name__ == "__main__":
    main()
