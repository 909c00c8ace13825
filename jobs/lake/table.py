"""A source's Iceberg table in the Glue catalog: written on a branch, counted, then published.

A run writes its rows to a branch of its own, which no reader looks at. Once the accounts balance,
``main`` is moved to that branch's snapshot: readers see all of the run or nothing of it, and a run
that dies at any moment leaves ``main`` where it was. Files of earlier snapshots stay for a day, so
that a query that has begun can end.
"""

from __future__ import annotations

import time

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .errors import JobError, java_classes, java_message, outside_cause
from .layout import PARTITION_COLUMNS, Partition
from .pinning import columns_of_table
from .storage import StoredFile
from .writing import place

#: Name of the Spark catalog that stands for Glue; the cluster's settings define it.
CATALOG = "lake"

#: How long a snapshot stays readable after another one took its place.
READER_MS = 24 * 60 * 60 * 1000
#: Snapshots that one run removes at most, so that upkeep never outgrows the run.
EXPIRED_AT_ONCE = 100

_BRANCH = "run-"
_MADE_BY_US = "lake.source"
_PROPERTIES = {
    "format-version": "2",
    "write.format.default": "parquet",
    "write.parquet.compression-codec": "snappy",
    "write.target-file-size-bytes": str(256 * 1024**2),
    "write.distribution-mode": "none",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "100",
    "history.expire.max-snapshot-age-ms": str(READER_MS),
}
_NO_TABLE = "org.apache.iceberg.exceptions.NoSuchTableException"
_OTHER_TABLE = "org.apache.iceberg.exceptions.NoSuchIcebergTableException"
#: Iceberg's, or that of Glue itself, in whichever package the cluster has its SDK.
_NO_DATABASE = ("NoSuchNamespaceException", "EntityNotFoundException")


class IcebergTable:
    """``columns`` is what the table pins (see pinning.py); None where it pins nothing yet."""

    def __init__(self, spark: SparkSession, database: str, source: str, zone: str, run_id: str):
        self._spark = spark
        self._jvm = spark._jvm
        self._source = source
        self.name = f"{database}.{source}"
        self._location = f"{zone.rstrip('/')}/{source}"
        self._branch = _BRANCH + run_id
        self._catalog = _iceberg_catalog(spark)
        self._id = self._jvm.org.apache.iceberg.catalog.TableIdentifier.parse(self.name)
        self._table = self._load()
        self._staged = None
        self.columns = self._pinned()

    def discard(self) -> None:
        """Forgets what runs that did not end have staged; ``main`` stays as it is."""
        self._staged = None
        if self._table is None:
            return
        self._table.refresh()
        stale = [name for name in self._table.refs() if name.startswith(_BRANCH)]
        if stale:
            refs = self._table.manageSnapshots()
            for name in stale:
                refs = refs.removeBranch(name)
            refs.commit()

    def stage(
        self,
        rows: DataFrame | None,
        columns: T.StructType | None,
        files_by_day: dict[str, int],
        partitions: list[Partition],
    ) -> None:
        """Writes rows (``day``, ``slot_key``, ``record struct``) to the run's branch, in place of
        all that the partitions hold. No rows: the partitions become empty."""
        if self._table is None and rows is None:
            return
        self._begin(columns)
        if rows is None:
            empty = self._spark.createDataFrame([], self._spark_schema())
            placed = empty.coalesce(1)
        else:
            placed = place(rows, files_by_day)
        target = f"{CATALOG}.`{self.name.replace('.', '`.`')}`.`branch_{self._branch}`"
        placed.writeTo(target).overwrite(_days(partitions))
        self._table.refresh()
        self._staged = self._table.snapshot(self._branch)

    def staged_rows(self) -> dict[str, int]:
        """Day → rows, as the staged snapshot's own manifests say."""
        rows: dict[str, int] = {}
        for file in self._added():
            values = file.partition()
            text = self._jvm.java.lang.Class.forName("java.lang.String")
            day = "-".join(values.get(at, text) or "" for at in range(len(PARTITION_COLUMNS)))
            rows[day] = rows.get(day, 0) + file.recordCount()
        return rows

    def publish(self, partitions: list[Partition]) -> list[StoredFile]:
        """The one commit that readers see; returns the new files."""
        if self._staged is None:
            return []
        refs = self._table.manageSnapshots()
        try:
            refs.fastForwardBranch("main", self._branch).removeBranch(self._branch).commit()
        except Exception as error:
            # Somebody else has committed meanwhile: theirs stays, and so does the earlier data.
            if "java.lang.IllegalArgumentException" not in java_classes(error):
                raise
            raise JobError(
                f"table {self.name}: it changed while this run wrote ({java_message(error)}); "
                "nothing was published: run again, and let nothing else write the table meanwhile"
            ) from None
        return [StoredFile(file.location(), file.fileSizeInBytes()) for file in self._added()]

    def expire(self) -> int:
        """Removes snapshots that no query can be reading any more; how many."""
        if self._table is None:
            return 0
        self._table.refresh()
        before = sorted(s.timestampMillis() for s in self._table.snapshots())
        # A snapshot's age says nothing: one of last week may have been current a minute ago. The
        # one that was current a day ago stays, and all after it.
        day_ago = int(time.time() * 1000) - READER_MS
        current = [e for e in self._table.history() if e.timestampMillis() <= day_ago]
        if not current:
            return 0
        kept = self._table.snapshot(current[-1].snapshotId())
        if kept is None:
            return 0
        bound = min(kept.timestampMillis(), before[min(EXPIRED_AT_ONCE, len(before) - 1)])
        if before[0] >= bound:
            return 0
        self._table.expireSnapshots().expireOlderThan(bound).retainLast(1).commit()
        self._table.refresh()
        return len(before) - len(list(self._table.snapshots()))

    def _load(self):
        self._catalog.invalidateTable(self._id)
        try:
            table = self._catalog.loadTable(self._id)
        except Exception as error:
            kinds = java_classes(error)
            if _OTHER_TABLE in kinds:
                raise JobError(
                    f"table {self.name} of the Glue catalog is no Iceberg table; expected one, or "
                    "none: drop it (its files stay), then run all days of the source again, or "
                    'set layout = "parquet" for the source'
                ) from None
            if _NO_TABLE in kinds:
                return None
            raise
        self._check(table)
        return table

    def _check(self, table) -> None:
        if _plain_uri(table.location()) != _plain_uri(self._location):
            raise JobError(
                f"table {self.name} stands at {table.location()}, expected {self._location}: "
                "another source or environment has it; rename the source, or drop the table"
            )
        spec = [(f.name(), f.transform().toString()) for f in table.spec().fields()]
        if spec != [(name, "identity") for name in PARTITION_COLUMNS]:
            found = ", ".join(f"{transform}({name})" for name, transform in spec) or "nothing"
            raise JobError(
                f"table {self.name} is partitioned by {found}, expected year, month, day: "
                "drop it and run all days of the source again"
            )

    def _pinned(self) -> T.StructType | None:
        if self._table is None or self._is_unborn():
            return None
        return columns_of_table(self._spark_schema())

    def _is_unborn(self) -> bool:
        """Made by a first run that died before its commit: nobody has seen its types."""
        ours = self._table.properties().get(_MADE_BY_US) is not None
        return ours and self._table.currentSnapshot() is None

    def _begin(self, columns: T.StructType | None) -> None:
        """Creates the table or lets it grow, and opens the branch: one commit each."""
        if self._table is not None and columns is not None and self._is_unborn():
            self._catalog.dropTable(self._id, False)
            self._table = None
        if self._table is None:
            self._table = self._create(columns)
        step = self._table.newTransaction()
        if columns is not None:
            change = step.updateSchema().caseSensitive(True)
            change = change.unionByNameWith(self._iceberg_schema(columns))
            known = set(self._spark_schema().fieldNames())
            for name in columns.fieldNames():
                if name not in known:
                    change = change.moveBefore(name, PARTITION_COLUMNS[0])
            change.commit()
        step.manageSnapshots().createBranch(self._branch).commit()
        step.commitTransaction()
        self._table.refresh()

    def _create(self, columns: T.StructType):
        text = [T.StructField(name, T.StringType()) for name in PARTITION_COLUMNS]
        schema = self._iceberg_schema(T.StructType([*columns.fields, *text]))
        spec = self._jvm.org.apache.iceberg.PartitionSpec.builderFor(schema)
        for name in PARTITION_COLUMNS:
            spec = spec.identity(name)
        properties = self._jvm.java.util.HashMap()
        # Files stand where the plain layout has them, in year=/month=/day= below the source.
        own = {"write.data.path": self._location, _MADE_BY_US: self._source}
        for key, value in {**_PROPERTIES, **own}.items():
            properties.put(key, value)
        try:
            return self._catalog.createTable(
                self._id, schema, spec.build(), self._location, properties
            )
        except Exception as error:
            if not any(kind.endswith(_NO_DATABASE) for kind in java_classes(error)):
                raise
            raise JobError(
                f"table {self.name}: the Glue catalog has no such database; deploy the environment"
            ) from None

    def _added(self) -> list:
        return list(self._staged.addedDataFiles(self._table.io())) if self._staged else []

    def _spark_schema(self) -> T.StructType:
        convert = self._jvm.org.apache.iceberg.spark.SparkSchemaUtil.convert
        return T._parse_datatype_json_string(convert(self._table.schema()).json())

    def _iceberg_schema(self, schema: T.StructType):
        kind = self._jvm.org.apache.spark.sql.types.DataType.fromJson(schema.json())
        return self._jvm.org.apache.iceberg.spark.SparkSchemaUtil.convert(kind)


def _iceberg_catalog(spark: SparkSession):
    remedy = (
        f"expected Spark's settings spark.sql.catalog.{CATALOG}.* and Iceberg's jar: deploy again"
    )
    if spark.conf.get(f"spark.sql.catalog.{CATALOG}", None) is None:
        raise JobError(f"Spark has no catalog {CATALOG!r}; {remedy}")
    try:
        catalog = spark._jsparkSession.sessionState().catalogManager().catalog(CATALOG)
        return catalog.icebergCatalog()
    except Exception as error:
        if not java_classes(error) or outside_cause(error):
            raise
        raise JobError(
            f"Spark's catalog {CATALOG!r} does not open: {java_message(error)}; {remedy}"
        ) from None


def _days(partitions: list[Partition]) -> Column:
    months: dict[tuple, list] = {}
    for partition in partitions:
        year, month, day = partition.day.split("-")
        months.setdefault((year, month), []).append(day)
    found = F.lit(False)
    for at, ((year, month), days) in enumerate(sorted(months.items())):
        one = (F.col("year") == year) & (F.col("month") == month) & F.col("day").isin(days)
        found = one if at == 0 else found | one
    return found


def _plain_uri(uri: str) -> str:
    scheme, colon, rest = uri.rstrip("/").partition(":")
    scheme = "s3" if scheme in ("s3a", "s3n") else scheme
    return f"{scheme}{colon}{'/' + rest.lstrip('/')}"
