"""A source's plain Parquet files, which a crawler makes a table of; the choice of layout =
"parquet". What a reader sees while a run publishes stands in writing.py: less than table.py gives.
"""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T

from .errors import JobError
from .layout import Partition
from .placing import sortable
from .storage import Storage, StoredFile
from .writing import Zone


class PlainTable:
    """As table.IcebergTable, without a catalog: nothing is pinned, each run infers anew."""

    columns = None

    def __init__(self, spark: SparkSession, source: str, zone: str, sort_by: tuple = ()):
        self._sort_by = sort_by
        self._zone = Zone(spark, zone, source)
        location = f"{zone.rstrip('/')}/{source}"
        if Storage(spark).list_files(f"{location}/metadata"):
            raise JobError(
                f"{location} holds an Iceberg table, expected plain files or none "
                '(layout = "parquet"): set layout = "iceberg", or drop the table, delete that '
                "folder, and run all days of the source again"
            )

    def clear(self) -> None:
        self._zone.clear()

    def discard(self) -> None:
        self._zone.discard()

    def stage(
        self,
        rows: DataFrame | None,
        columns: T.StructType | None,
        files_by_day: dict[str, int],
        partitions: list[Partition],
    ) -> None:
        if rows is not None:
            sort_by = sortable(columns, self._sort_by)
            self._zone.stage(rows, files_by_day, "parquet", sort_by)

    def staged_rows(self) -> dict[str, int]:
        return self._zone.staged_rows("parquet")

    def publish(self, partitions: list[Partition]) -> list[StoredFile]:
        return self._zone.publish(partitions)

    def expire(self) -> int:
        return 0
