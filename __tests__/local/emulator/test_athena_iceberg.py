"""Athena on Iceberg tables: one snapshot's rows, and of these the days that a query names."""

from __future__ import annotations

import datetime
from typing import Any

import pyarrow as pa
import pytest
from emulator_support import REGION, Aws, unique
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.expressions import EqualTo
from pyiceberg.table import Table
from pyiceberg.types import LongType

MOMENT = datetime.datetime(2025, 10, 9, 6, 30, 0, 123456, datetime.timezone.utc)
SCHEMA = pa.schema(
    [("delay", pa.int32()), ("at", pa.timestamp("us", tz="UTC")), ("month", pa.string())]
    + [("day", pa.string())]
)


def flights(delay: int, day: str, count: int = 1) -> pa.Table:
    """Rows of one day whose delays count up."""
    rows = [{"delay": delay + n, "at": MOMENT, "month": "10", "day": day} for n in range(count)]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


class Lake:
    """A database of Iceberg tables, written by pyiceberg through the Glue catalog."""

    def __init__(self, aws: Aws) -> None:
        self.aws, self.bucket = aws, aws.bucket()
        self.database = unique("database").replace("-", "_")
        aws.glue.create_database(DatabaseInput={"Name": self.database})
        access = {"access-key-id": "test", "secret-access-key": "test", "region": REGION}
        settings = {
            f"{kind}.{name}": value for kind in ("glue", "s3") for name, value in access.items()
        }
        settings |= {"s3.endpoint": aws.endpoint, "glue.endpoint": aws.endpoint}
        self.catalog = GlueCatalog("lake", **settings)

    def table(self, name: str, *rows: pa.Table) -> Table:
        location = f"s3://{self.bucket}/processed/{name}"
        made = self.catalog.create_table(
            f"{self.database}.{name}", schema=SCHEMA, location=location
        )
        with made.update_spec() as spec:
            spec.add_identity("month")
            spec.add_identity("day")
        for one in rows:
            made.append(one)
        return made

    def rows(self, sql: str) -> list[list[str | None]]:
        return self.aws.rows(sql, self.database, self.bucket)[1:]

    def reason(self, sql: str) -> str:
        ended = self.aws.query(sql, self.database, self.bucket)
        assert ended["Status"]["State"] == "FAILED"
        return ended["Status"]["StateChangeReason"]

    def scanned(self, sql: str) -> int:
        ended = self.aws.query(sql, self.database, self.bucket)
        assert ended["Status"]["State"] == "SUCCEEDED", ended["Status"]
        return ended["Statistics"]["DataScannedInBytes"]


@pytest.fixture(scope="module")
def lake(emulator: Any) -> Lake:
    return Lake(Aws(emulator.endpoint))


def test_only_the_files_of_the_current_snapshot_are_read(lake: Lake) -> None:
    table = lake.table("current", flights(5, "09"), flights(40, "10"))
    table.overwrite(flights(6, "09"), overwrite_filter=EqualTo("day", "09"))
    stray = "processed/current/data/month=10/day=09/stray.parquet"
    lake.aws.put(lake.bucket, stray, b"not even Parquet")
    found = lake.rows("SELECT day, delay, at FROM current ORDER BY day")
    at = "2025-10-09 06:30:00.123456 UTC"
    assert found == [["09", "6", at], ["10", "40", at]]


def test_files_of_earlier_snapshots_may_be_gone(lake: Lake) -> None:
    table = lake.table("expired", flights(5, "09"))
    old = [task.file.file_path for task in table.scan().plan_files()]
    table.overwrite(flights(6, "09"))
    for path in old:
        lake.aws.s3.delete_object(Bucket=lake.bucket, Key=path.split("/", 3)[3])
    assert lake.rows("SELECT delay FROM expired") == [["6"]]


def test_a_lost_data_file_fails_the_query_with_its_name(lake: Lake) -> None:
    table = lake.table("lost", flights(5, "09"))
    path = next(iter(table.scan().plan_files())).file.file_path
    lake.aws.s3.delete_object(Bucket=lake.bucket, Key=path.split("/", 3)[3])
    assert lake.reason("SELECT delay FROM lost") == (
        f"ICEBERG_CANNOT_OPEN_SPLIT: Error opening Iceberg split {path}: the object does not exist"
    )


def test_lost_metadata_fails_the_query_with_its_name(lake: Lake) -> None:
    table = lake.table("headless", flights(5, "09"))
    lake.aws.s3.delete_object(Bucket=lake.bucket, Key=table.metadata_location.split("/", 3)[3])
    assert lake.reason("SELECT delay FROM headless") == (
        "ICEBERG_MISSING_METADATA: Metadata not found in metadata location for table "
        f"{lake.database}.headless: {table.metadata_location}"
    )


@pytest.mark.parametrize(
    "where",
    [
        "day = '09'",
        "month = '10' AND day IN ('09')",
        "day BETWEEN '08' AND '09'",
        "day < '10' AND delay > 0",
    ],
)
def test_a_query_for_one_day_reads_one_day(lake: Lake, where: str) -> None:
    name = unique("days").replace("-", "_")
    lake.table(name, *(flights(day, f"{day:02d}", 500) for day in (9, 10, 11, 12)))
    everything = lake.scanned(f"SELECT sum(delay) FROM {name}")
    one = lake.scanned(f"SELECT sum(delay) FROM {name} WHERE {where}")
    assert 0 < one < everything * 0.4
    assert lake.rows(f"SELECT sum(delay) FROM {name} WHERE {where}") == [[str(sum(range(9, 509)))]]
    assert lake.scanned(f"SELECT sum(delay) FROM {name} WHERE day = '31'") == 0


def test_added_and_widened_columns_are_read_from_old_files(lake: Lake) -> None:
    table = lake.table("grown", flights(5, "09"))
    with table.update_schema() as update:
        update.update_column("delay", field_type=LongType())
        update.add_column("carrier", table.schema().find_type("day"))
    row = {"delay": 2**40, "at": MOMENT, "month": "10", "day": "10", "carrier": "WN"}
    table.append(pa.Table.from_pylist([row], schema=table.schema().as_arrow()))
    found = lake.rows("SELECT delay, carrier FROM grown ORDER BY day")
    assert found == [["5", None], [str(2**40), "WN"]]
    assert lake.scanned("SELECT delay FROM grown WHERE day = '09'") < lake.scanned(
        "SELECT delay FROM grown"
    )


def test_a_renamed_column_keeps_its_values_and_a_new_one_of_its_name_has_none(lake: Lake) -> None:
    table = lake.table("renamed", flights(5, "09"))
    with table.update_schema() as update:
        update.rename_column("delay", "minutes")
    with table.update_schema() as update:
        update.add_column("delay", LongType())
    assert lake.rows("SELECT minutes, delay FROM renamed") == [["5", None]]


def test_an_empty_table_has_no_rows(lake: Lake) -> None:
    lake.table("empty")
    assert lake.rows("SELECT * FROM empty") == []
    assert lake.rows("SELECT count(*) FROM empty") == [["0"]]


def test_a_view_and_a_join_see_the_table(lake: Lake) -> None:
    lake.table("seen", flights(5, "09"), flights(40, "10"))
    lake.rows("CREATE VIEW late AS SELECT day, delay FROM seen WHERE delay > 10")
    sql = "SELECT s.delay FROM seen s JOIN late l ON l.day = s.day"
    assert lake.rows(sql) == [["40"]]


def test_earlier_versions(lake: Lake) -> None:
    table = lake.table("versions", flights(5, "09"))
    first = table.current_snapshot()
    table.overwrite(flights(6, "09"))
    now = lake.rows(
        f"SELECT n.delay, o.delay FROM versions n, versions FOR VERSION AS OF {first.snapshot_id} o"
    )
    assert now == [["6", "5"]]
    moment = datetime.datetime.fromtimestamp(first.timestamp_ms / 1000, datetime.timezone.utc)
    when = f"TIMESTAMP '{moment:%Y-%m-%d %H:%M:%S.%f} UTC'"
    assert lake.rows(f"SELECT versions.delay FROM versions FOR TIMESTAMP AS OF {when}") == [["5"]]
    assert lake.reason("SELECT 1 FROM versions FOR VERSION AS OF 1") == (
        "INVALID_ARGUMENTS: Iceberg snapshot ID does not exists: 1"
    )
    early = "SELECT 1 FROM versions FOR TIMESTAMP AS OF TIMESTAMP '2020-01-01 00:00:00 UTC'"
    assert lake.reason(early).startswith("INVALID_ARGUMENTS: No version history table")


def test_hidden_tables_tell_of_snapshots_partitions_and_files(lake: Lake) -> None:
    table = lake.table("hidden", flights(5, "09"), flights(40, "10", 3))
    table.overwrite(flights(6, "09"), overwrite_filter=EqualTo("day", "09"))
    sql = 'SELECT partition.day, record_count, file_count FROM "hidden$partitions" ORDER BY 1'
    assert lake.rows(sql) == [["09", "1", "1"], ["10", "3", "1"]]
    sql = (
        "SELECT operation, summary['added-records'] FROM \"hidden$snapshots\" ORDER BY committed_at"
    )
    assert lake.rows(sql)[:2] == [["append", "1"], ["append", "3"]]
    sql = f'SELECT sum(record_count) FROM "{lake.database}"."hidden$files"'
    assert lake.rows(sql) == [["4"]]
    assert len(lake.rows('SELECT * FROM "hidden$history"')) == len(table.history())
    assert lake.rows('SELECT name, type FROM "hidden$refs"') == [["main", "BRANCH"]]
    assert lake.rows('SELECT count(*) FROM "hidden$manifests"') != [["0"]]
    assert lake.reason('SELECT * FROM "hidden$nothing"').startswith("TABLE_NOT_FOUND")


def test_show_and_describe(lake: Lake) -> None:
    table = lake.table("shown")
    with table.update_schema() as update:
        update.delete_column("at")
    found = lake.aws.rows("DESCRIBE shown", lake.database, lake.bucket)
    assert [row[0] for row in found] == [
        "# Table schema:\t\t",
        "# col_name\tdata_type\tcomment",
        "delay\tint\t",
        "month\tstring\t",
        "day\tstring\t",
        "\t\t",
        "# Partition spec:\t\t",
        "# field_name\tfield_transform\tcolumn_name",
        "month\tidentity\tmonth",
        "day\tidentity\tday",
    ]
    columns = lake.aws.rows("SHOW COLUMNS IN shown", lake.database, lake.bucket)
    assert columns == [["delay"], ["month"], ["day"]]
    assert ["shown"] in lake.aws.rows("SHOW TABLES", lake.database, lake.bucket)
    assert '"shown$partitions" tells its partitions' in lake.reason("SHOW PARTITIONS shown")


def test_a_dropped_table_takes_its_files_along(lake: Lake) -> None:
    lake.table("dropped", flights(5, "09"))
    lake.table("dropped2", flights(5, "09"))
    lake.aws.rows("DROP TABLE dropped", lake.database, lake.bucket)
    listed = lake.aws.s3.list_objects_v2(Bucket=lake.bucket, Prefix="processed/dropped")
    folders = {one["Key"].split("/")[1] for one in listed["Contents"]}
    assert folders == {"dropped2"}


def test_a_plain_table_has_no_versions(lake: Lake) -> None:
    location = {"Columns": [{"Name": "a", "Type": "int"}], "Location": f"s3://{lake.bucket}/plain/"}
    lake.aws.glue.create_table(
        DatabaseName=lake.database, TableInput={"Name": "plain", "StorageDescriptor": location}
    )
    assert lake.reason("SELECT 1 FROM plain FOR VERSION AS OF 1") == (
        "NOT_SUPPORTED: This connector does not support versioned tables"
    )
