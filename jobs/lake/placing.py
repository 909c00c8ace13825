"""Which task writes which rows, and in what order: what the files' statistics can tell a reader.

Rows keep the order in which they stand in the raw files, or are sorted by the columns that the
source names: the least and greatest value of a file, a row group and a page then lie close
together, and a query passes over what cannot hold the value that it looks for. Placed by a hash of
their text, each file would span all values.

How many files a day gets follows from the bytes of its typed rows, once they are known, and in the
end from those of the file itself: flights as Spark's shuffle holds them are 11 times their Parquet,
zip codes 1.4 times (as JSON lines 17 and 5 times).
"""

from __future__ import annotations

from contextlib import contextmanager

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .console import say
from .layout import PARTITION_COLUMNS

#: Typed rows as Spark's shuffle holds them (LZ4), for one task: of what shrinks most, Parquet of
#: about 200 MB.
SHUFFLED_BYTES_PER_FILE = 2 * 1024**3
#: Where a task begins another file, as it does with what shrinks less.
MAX_FILE_BYTES = 512 * 1024**2
#: Of a file's Parquet. Less than Parquet's own 128 MB, in which a file of that size would be one
#: group, and nothing of it could be passed over.
ROW_GROUP_BYTES = 16 * 1024**2
#: Days whose files a task keeps open at once. Of more, its rows are first sorted by day.
OPEN_DAYS = 16
#: Ranges of sorted rows for each file that their text leads to expect, and at most: neighbours are
#: joined once their bytes are known.
_RANGES_PER_FILE, _MAX_RANGES = 8, 4000

_UNSORTABLE = (T.StructType, T.ArrayType, T.MapType)


def sortable(columns: T.StructType, sort_by: tuple) -> list[str]:
    """Those of the columns to sort by that these rows have; of the others, a note.

    No error: without a declared schema a column may be absent until the first record has it, and
    the rows count more than their order.
    """
    found = {name: unsortable(columns, name) for name in sort_by}
    for name, reason in found.items():
        if reason:
            say(f"etl: note: rows are not sorted by {name}: {reason}")
    return [name for name, reason in found.items() if reason is None]


def unsortable(columns: T.StructType, name: str) -> str | None:
    """Why rows of these columns cannot be sorted by that name; None where they can."""
    types = {field.name: field.dataType for field in columns.fields}
    if name not in types:
        return f"expected one of the columns {', '.join(types)}, found no such column"
    if isinstance(types[name], _UNSORTABLE):
        return f"expected a column of single values, found {types[name].simpleString().upper()}"
    return None


def place(rows: DataFrame, files_by_day: dict[str, int], sort_by: list | tuple = ()) -> DataFrame:
    """Rows (``day``, ``slot_key``, ``record struct``) → the record's columns and the partition's,
    so that a task holds one file's rows, or all rows of several small days.

    Works as said within ``sized``. A task that is run again holds the same rows: which ones
    follows from the rows themselves, or from the part of a raw file that they came from.
    """
    if sort_by:
        keys = [F.col("record").getField(name) for name in sort_by]
        # By the last one, rows that are equal in all others are no single task's burden.
        placed = rows.repartitionByRange("day", *keys, "slot_key")
    else:
        # Spark cuts a large day between tasks that read it, in their order. By columns alone the
        # hint would make as many shuffle files as spark.sql.shuffle.partitions says.
        hint = f"/*+ REBALANCE({len(files_by_day)}, day) */"
        placed = rows.sparkSession.sql(f"SELECT {hint} day, record FROM {{rows}}", rows=rows)
    placed = placed.select("record.*", *_partition_columns())
    if sort_by or len(files_by_day) > OPEN_DAYS:
        return placed.sortWithinPartitions(*PARTITION_COLUMNS, *[_quoted(name) for name in sort_by])
    return placed


@contextmanager
def sized(spark: SparkSession, files_by_day: dict[str, int]):
    """Spark's settings by which rows of ``place`` are cut and joined to files of the right size."""
    ranges = max(1, min(_RANGES_PER_FILE * sum(files_by_day.values()), _MAX_RANGES))
    adaptive = {
        "enabled": "true",
        "advisoryPartitionSizeInBytes": str(SHUFFLED_BYTES_PER_FILE),
        "coalescePartitions.enabled": "true",
        "coalescePartitions.initialPartitionNum": str(ranges),
        # Else small files are made for the sake of idle cores.
        "coalescePartitions.parallelismFirst": "false",
        "optimizeSkewsInRebalancePartitions.enabled": "true",
    }
    settings = {f"spark.sql.adaptive.{name}": value for name, value in adaptive.items()}
    before = {name: spark.conf.get(name, None) for name in settings}
    try:
        for name, value in settings.items():
            spark.conf.set(name, value)
        yield
    finally:
        for name, value in before.items():
            if value is None:
                spark.conf.unset(name)
            else:
                spark.conf.set(name, value)


def iceberg_options(files_by_day: dict[str, int], sort_by: list | tuple) -> dict[str, str]:
    """Options of a write of ``place``'s rows to an Iceberg table."""
    is_sorted = bool(sort_by) or len(files_by_day) > OPEN_DAYS
    return {
        "target-file-size-bytes": str(MAX_FILE_BYTES),
        # Rows that are in no order of days are written as they come: sorting them would hold each
        # task's rows in memory or spill them.
        "fanout-enabled": "false" if is_sorted else "true",
        # What Iceberg would ask for is done.
        "use-table-distribution-and-ordering": "false",
    }


def _quoted(name: str) -> str:
    return f"`{name}`"


def _partition_columns() -> list[Column]:
    return [
        F.substring("day", *at).alias(name)
        for name, at in zip(PARTITION_COLUMNS, ((1, 4), (6, 2), (9, 2)))
    ]
