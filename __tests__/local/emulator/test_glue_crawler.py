"""Crawlers: tables, types, partitions and failures from real Parquet files."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from emulator_support import Aws, parquet

NUMBERS = {"n": [1, 2]}


def partitions(aws: Aws, database: str, table: str) -> list[list[str]]:
    found = aws.glue.get_partitions(DatabaseName=database, TableName=table)["Partitions"]
    return sorted(one["Values"] for one in found)


def columns(aws: Aws, database: str, table: str) -> dict[str, str]:
    found = aws.glue.get_table(DatabaseName=database, Name=table)["Table"]
    return {c["Name"]: c["Type"] for c in found["StorageDescriptor"]["Columns"]}


def test_types_come_from_the_footers(aws: Aws) -> None:
    bucket = aws.bucket()
    moment = datetime.datetime(2025, 10, 9, 12)
    values: dict[str, Any] = {
        "Flag": [True],
        "small": pa.array([1], pa.int32()),
        "large": [1],
        "ratio": [1.5],
        "amount": [Decimal("1.50")],
        "day": [moment.date()],
        "at": pa.array([moment], pa.timestamp("us", tz="UTC")),
        "name": ["x"],
        "list": [["x"]],
        "record": [{"a": 1, "b": ["x"]}],
        "map": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int32())),
    }
    aws.put(bucket, "processed/all-types/a.snappy.parquet", parquet(values))
    database, _, _ = aws.crawl(f"s3://{bucket}/processed/")
    assert columns(aws, database, "all_types") == {
        "flag": "boolean",
        "small": "int",
        "large": "bigint",
        "ratio": "double",
        "amount": "decimal(3,2)",
        "day": "date",
        "at": "timestamp",
        "name": "string",
        "list": "array<string>",
        "record": "struct<a:bigint,b:array<string>>",
        "map": "map<string,int>",
    }


def test_each_source_folder_becomes_a_table_with_its_partitions(aws: Aws) -> None:
    bucket = aws.bucket()
    body = parquet(NUMBERS)
    for key in (
        "flights/year=2025/month=10/day=09/part-0.snappy.parquet",
        "flights/year=2025/month=10/day=10/part-0.snappy.parquet",
        "weather/a.parquet",
    ):
        aws.put(bucket, f"processed/{key}", body)
    for key in ("flights/_SUCCESS", "flights/_temporary/0/x.parquet", "weather/.hidden"):
        aws.put(bucket, f"processed/{key}", "no Parquet")
    database, _, _ = aws.crawl(f"s3://{bucket}/processed/", TablePrefix="t_")
    names = [t["Name"] for t in aws.glue.get_tables(DatabaseName=database)["TableList"]]
    assert names == ["t_flights", "t_weather"]
    assert partitions(aws, database, "t_flights") == [["2025", "10", "09"], ["2025", "10", "10"]]
    table = aws.glue.get_table(DatabaseName=database, Name="t_flights")["Table"]
    assert [k["Name"] for k in table["PartitionKeys"]] == ["year", "month", "day"]
    assert {k["Type"] for k in table["PartitionKeys"]} == {"string"}
    assert table["StorageDescriptor"]["Location"] == f"s3://{bucket}/processed/flights/"
    assert table["Parameters"]["classification"] == "parquet"
    assert table["Parameters"]["recordCount"] == "4"


def test_a_target_with_partitions_directly_below_is_one_table(aws: Aws) -> None:
    bucket = aws.bucket()
    for source in ("flights", "weather"):
        aws.put(bucket, f"processed/{source}/day=1/a.parquet", parquet(NUMBERS))
    database, _, _ = aws.crawl(
        f"s3://{bucket}/processed/flights/", f"s3://{bucket}/processed/weather"
    )
    names = [t["Name"] for t in aws.glue.get_tables(DatabaseName=database)["TableList"]]
    assert names == ["flights", "weather"]
    assert partitions(aws, database, "weather") == [["1"]]


def test_a_second_crawl_adds_what_is_new_and_drops_nothing(aws: Aws) -> None:
    bucket = aws.bucket()
    aws.put(bucket, "p/t/day=1/a.parquet", parquet(NUMBERS))
    database, crawler, _ = aws.crawl(f"s3://{bucket}/p/")
    aws.s3.delete_object(Bucket=bucket, Key="p/t/day=1/a.parquet")
    aws.put(bucket, "p/t/day=2/a.parquet", parquet({"more": ["x"]}))
    assert aws.crawl_again(crawler)["Status"] == "SUCCEEDED"
    assert partitions(aws, database, "t") == [["1"], ["2"]]
    assert columns(aws, database, "t") == {"more": "string", "n": "bigint"}


def test_nothing_at_the_target_is_no_failure(aws: Aws) -> None:
    database, _, last = aws.crawl(f"s3://{aws.bucket()}/processed/")
    assert last["Status"] == "SUCCEEDED"
    assert aws.glue.get_tables(DatabaseName=database)["TableList"] == []


@pytest.mark.parametrize("where", ["broken file", "no bucket"])
def test_a_crawl_that_fails_says_why(aws: Aws, where: str) -> None:
    bucket = aws.bucket()
    aws.put(bucket, "p/t/day=1/a.parquet", "no Parquet at all")
    path = f"s3://{bucket}/p/" if where == "broken file" else "s3://no-such-bucket-here/p/"
    _, crawler, last = aws.crawl(path)
    assert last["Status"] == "FAILED"
    expected = "p/t/day=1/a.parquet is not a readable" if where == "broken file" else "no-such"
    assert expected in last["ErrorMessage"]
    # A failed crawl leaves the crawler usable.
    if where == "broken file":
        aws.put(bucket, "p/t/day=1/a.parquet", parquet(NUMBERS))
        assert aws.crawl_again(crawler)["Status"] == "SUCCEEDED"


def test_a_crawler_runs_once_at_a_time_and_tells_eventbridge(aws: Aws) -> None:
    url, queue = aws.queue()
    _, crawler, _ = aws.crawl(f"s3://{aws.bucket()}/p/")
    aws.rule({"source": ["aws.glue"], "detail": {"crawlerName": [crawler]}}, queue)
    aws.glue.start_crawler(Name=crawler)
    with pytest.raises(aws.glue.exceptions.CrawlerRunningException):
        aws.glue.start_crawler(Name=crawler)
    assert aws.receive(url)["detail"]["state"] == "Started"
    assert aws.receive(url)["detail"]["state"] == "Succeeded"
