"""Athena: real rows from the catalog's partitions, in Athena's shapes."""

from __future__ import annotations

import base64
import datetime
import json
from typing import Any

import pyarrow as pa
import pytest
from botocore.exceptions import ClientError
from emulator_support import Aws, parquet


@pytest.fixture(scope="module")
def lake(emulator: Any) -> tuple[str, str]:
    """A bucket and a database with one table, `flights`, of two days."""
    aws = Aws(emulator.endpoint)
    bucket = aws.bucket()
    for day, delays in (("09", [5, -3]), ("10", [40, None])):
        moment = datetime.datetime(2025, 10, int(day), 6, 30)
        rows = {
            "delay": pa.array(delays, pa.int64()),
            "origin": ["SFO", "JFK"],
            "at": pa.array([moment] * 2, pa.timestamp("us", tz="UTC")),
            "tags": [["a"], []],
            "leg": [{"number": 1, "to": "LAX"}] * 2,
        }
        key = f"processed/flights/year=2025/month=10/day={day}/a.parquet"
        aws.put(bucket, key, parquet(rows))
    database, _, _ = aws.crawl(f"s3://{bucket}/processed/")
    # Not in the catalog, hidden, or empty: none of these is read.
    stray = parquet({"delay": [1000]})
    for key in ("day=11/a.parquet", "day=10/_temporary/a.parquet", "day=10/.b.parquet"):
        aws.put(bucket, f"processed/flights/year=2025/month=10/{key}", stray)
    return bucket, database


def reason(aws: Aws, lake: tuple[str, str], sql: str) -> str:
    bucket, database = lake
    ended = aws.query(sql, database, bucket)
    assert ended["Status"]["State"] == "FAILED"
    return ended["Status"]["StateChangeReason"]


def test_rows_come_in_order_with_a_header_and_types(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake
    sql = "SELECT origin, delay, at, tags, leg, day FROM flights ORDER BY delay DESC NULLS LAST"
    ended = aws.query(sql, database, bucket)
    answer = aws.athena.get_query_results(QueryExecutionId=ended["QueryExecutionId"])
    metadata = answer["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    kinds = ["varchar", "bigint", "timestamp", "array", "row", "varchar"]
    assert [column["Type"] for column in metadata] == kinds
    rows = [[c.get("VarCharValue") for c in row["Data"]] for row in answer["ResultSet"]["Rows"]]
    leg = "{number=1, to=LAX}"
    assert rows == [
        ["origin", "delay", "at", "tags", "leg", "day"],
        ["SFO", "40", "2025-10-10 06:30:00.000", "[a]", leg, "10"],
        ["SFO", "5", "2025-10-09 06:30:00.000", "[a]", leg, "09"],
        ["JFK", "-3", "2025-10-09 06:30:00.000", "[]", leg, "09"],
        ["JFK", None, "2025-10-10 06:30:00.000", "[]", leg, "10"],
    ]
    key = f"results/{ended['QueryExecutionId']}.csv"
    assert ended["ResultConfiguration"]["OutputLocation"] == f"s3://{bucket}/{key}"
    stored = aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode().splitlines()
    assert stored[0] == '"origin","delay","at","tags","leg","day"'
    assert stored[4] == f'"JFK",,"2025-10-10 06:30:00.000","[]","{leg}","10"'


def test_a_partition_predicate_reads_less(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake

    def scanned(where: str) -> int:
        ended = aws.query(f"SELECT max(delay) FROM flights {where}", database, bucket)
        assert ended["Status"]["State"] == "SUCCEEDED", ended["Status"]
        return ended["Statistics"]["DataScannedInBytes"]

    everything = scanned("")
    assert 0 < scanned("WHERE year = '2025' AND day = '09'") < everything * 0.6
    assert scanned("WHERE day = '99'") == 0


def test_trinos_functions_and_names(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake
    sql = """
        SELECT date_format(at, '%Y-%m'), count_if(delay > 0) AS late, 7 / 2,
               approx_distinct(origin) AS places, cardinality(array_agg(origin)) AS n
        FROM flights GROUP BY 1"""
    assert aws.rows(sql, database, bucket) == [
        ["_col0", "late", "_col2", "places", "n"],
        ["2025-10", "2", "3", "2", "4"],
    ]
    quoted = f'SELECT count(*) AS n FROM "AwsDataCatalog"."{database}"."flights"'
    assert aws.rows(quoted, "default", bucket) == [["n"], ["4"]]


def test_the_rows_of_pages_follow_each_other(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake
    sql = "SELECT n FROM UNNEST(sequence(1, 5)) AS t(n)"
    query = aws.query(sql, database, bucket)["QueryExecutionId"]
    pages = aws.athena.get_paginator("get_query_results").paginate(
        QueryExecutionId=query, PaginationConfig={"PageSize": 2}
    )
    rows = [row["Data"][0]["VarCharValue"] for page in pages for row in page["ResultSet"]["Rows"]]
    assert rows == ["n", "1", "2", "3", "4", "5"]


def test_errors_name_the_thing(aws: Aws, lake: tuple[str, str]) -> None:
    _, database = lake
    assert reason(aws, lake, "SELECT\n nothing FROM flights") == (
        "COLUMN_NOT_FOUND: line 2:2: Column 'nothing' cannot be resolved"
    )
    assert reason(aws, lake, "SELECT 1 FROM trains") == (
        f"TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.{database}.trains' does not exist"
    )
    assert reason(aws, lake, "SELECT 1 FROM other.trains") == (
        "SCHEMA_NOT_FOUND: line 1:15: Schema 'other' does not exist"
    )
    assert reason(aws, lake, "SELECT nofunction(delay) FROM flights").startswith(
        "FUNCTION_NOT_FOUND: line 1:8: Function 'nofunction'"
    )
    assert reason(aws, lake, "SELECT origin, delay FROM flights GROUP BY origin").startswith(
        "EXPRESSION_NOT_AGGREGATE: line 1:16: 'delay' must be"
    )
    assert reason(aws, lake, "SELECT CAST('x' AS integer)").startswith("INVALID_CAST_ARGUMENT")
    assert reason(aws, lake, "MSCK REPAIR TABLE flights").startswith("NOT_SUPPORTED")


def test_what_is_no_sql_is_refused_at_once(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake
    with pytest.raises(ClientError, match="line 1:7: mismatched input '1'"):
        aws.query("SELEC 1 FRO flights", database, bucket)


def test_results_of_a_failed_query_are_an_error(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake
    query = aws.query("SELECT 1 FROM trains", database, bucket)["QueryExecutionId"]
    with pytest.raises(ClientError, match="Final query state: FAILED"):
        aws.athena.get_query_results(QueryExecutionId=query)


def test_a_view_is_stored_in_the_catalog_and_queried(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake
    create = "VIEW late AS SELECT origin, delay FROM flights WHERE delay > {}"
    aws.rows("CREATE " + create.format(0), database, bucket)
    assert reason(aws, lake, "CREATE " + create.format(0)).startswith("ALREADY_EXISTS")
    aws.rows("CREATE OR REPLACE " + create.format(10), database, bucket)
    assert aws.rows("SELECT * FROM late", database, bucket)[1:] == [["SFO", "40"]]
    view = aws.glue.get_table(DatabaseName=database, Name="late")["Table"]
    assert view["TableType"] == "VIRTUAL_VIEW"
    encoded = view["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    definition = json.loads(base64.b64decode(encoded))
    assert definition["originalSql"] == "SELECT origin, delay FROM flights WHERE delay > 10"
    assert [c["type"] for c in definition["columns"]] == ["varchar", "bigint"]
    assert aws.rows("SHOW TABLES", database, bucket) == [["flights"], ["late"]]
    aws.rows("DROP VIEW late", database, bucket)
    assert aws.rows("SHOW VIEWS", database, bucket) == []
    assert reason(aws, lake, "DROP VIEW late").startswith("TABLE_NOT_FOUND")


def test_show_and_describe(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake
    found = aws.rows("SHOW PARTITIONS flights", database, bucket)
    assert sorted(found) == [["year=2025/month=10/day=09"], ["year=2025/month=10/day=10"]]
    described = [row[0] for row in aws.rows(f"DESCRIBE {database}.flights", database, bucket)]
    assert described[0] == "delay\tbigint\t"
    assert "day\tstring\t" in described
    assert [database] in aws.rows("SHOW DATABASES", database, bucket)


def test_parameters_fill_the_placeholders(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake
    started = aws.athena.start_query_execution(
        QueryString="SELECT count(*) AS n FROM flights WHERE origin = ? AND delay > ?",
        ExecutionParameters=["'SFO'", "10"],
        QueryExecutionContext={"Database": database},
        ResultConfiguration={"OutputLocation": f"s3://{bucket}/results/"},
    )["QueryExecutionId"]
    assert started

    def rows() -> Any:
        state = aws.athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
        if state["Status"]["State"] in ("QUEUED", "RUNNING"):
            return None
        return aws.athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]

    from emulator_support import until

    assert until(rows)[1]["Data"][0]["VarCharValue"] == "1"


def test_the_workgroup_says_where_results_go(aws: Aws, lake: tuple[str, str]) -> None:
    bucket, database = lake
    location = f"s3://{bucket}/group/"
    aws.athena.create_work_group(
        Name="lake",
        Configuration={
            "EnforceWorkGroupConfiguration": True,
            "ResultConfiguration": {"OutputLocation": location},
        },
    )
    started = aws.athena.start_query_execution(
        QueryString="SELECT 1",
        WorkGroup="lake",
        ResultConfiguration={"OutputLocation": f"s3://{bucket}/elsewhere/"},
    )["QueryExecutionId"]
    found = aws.athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]
    assert found["ResultConfiguration"]["OutputLocation"] == f"{location}{started}.csv"
    with pytest.raises(ClientError, match="No output location provided"):
        aws.athena.start_query_execution(QueryString="SELECT 1")
