"""A source's Iceberg table in the Glue catalog: written on a branch, counted, then published.

A run writes its rows to a branch of its own, which no reader looks at. Once the accounts balance,
``main`` is moved to that branch's snapshot: readers see all of the run or nothing of it, and a run
that dies at any moment leaves ``main`` where it was. Files of earlier snapshots stay for a day, so
that a query that has begun can end.

What a run publishes rests on the raw files that it listed after it had opened the table. If the
table has changed since, another run has listed them later and knows better: the run ends and
publishes nothing. So even a run that was taken for dead takes nothing back.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from uuid import uuid4

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .catalog import (
    CATALOG,
    READER_MS,
    Catalog,
    iceberg_schema,
    is_unborn,
    lay_out,
    spark_schema,
)
from .errors import JobError, NothingPublished, java_classes, java_message
from .layout import PARTITION_COLUMNS, Partition
from .pinning import columns_of_table
from .placing import iceberg_options, place, sized, sortable
from .storage import StoredFile

#: Snapshots that one run removes at most, so that upkeep never outgrows the run.
EXPIRED_AT_ONCE = 100

_BRANCH = "run-"
#: What Iceberg throws at a commit that rests on what is so no longer.
_TOO_LATE = {
    "org.apache.iceberg.exceptions.AlreadyExistsException",
    "org.apache.iceberg.exceptions.CommitFailedException",
    "org.apache.iceberg.exceptions.NoSuchTableException",
}
_UNKNOWN = "org.apache.iceberg.exceptions.CommitStateUnknownException"


class IcebergTable:
    """``columns`` is what the table pins (see pinning.py); None where it pins nothing yet."""

    def __init__(
        self,
        spark: SparkSession,
        database: str,
        source: str,
        zone: str,
        run_id: str,
        sort_by: tuple = (),
    ):
        self._sort_by = sort_by
        self._spark = spark
        self._jvm = spark._jvm
        self._source = source
        self.name = f"{database}.{source}"
        # Of this process alone: a second attempt of a run has the first one's id.
        self._branch = f"{_BRANCH}{run_id}-{uuid4().hex[:12]}"
        self._catalog = Catalog(spark, self.name, f"{zone.rstrip('/')}/{source}")
        self._table = self._catalog.load()
        self._base = _state(self._table)
        self._opened = self._staged = None
        self.columns = self._pinned()

    def clear(self) -> None:
        """Forgets what runs that did not end have staged; ``main`` stays as it is."""
        if self._table is not None:
            self._remove([name for name in self._refs() if name.startswith(_BRANCH)])

    def discard(self) -> None:
        """Forgets what this run has staged and not published."""
        self._staged = None
        if self._table is not None:
            self._remove([name for name in self._refs() if name == self._branch])

    def stage(
        self,
        rows: DataFrame | None,
        columns: T.StructType | None,
        files_by_day: dict[str, int],
        partitions: list[Partition],
    ) -> None:
        """Writes rows (``day``, ``slot_key``, ``record struct``) to the run's branch, in place of
        all that the partitions hold. No rows: the partitions become empty."""
        if rows is None and (self._table is None or is_unborn(self._table)):
            return
        sort_by = sortable(columns, self._sort_by) if columns is not None else []
        self._begin(columns, sort_by)
        if rows is None:
            empty = self._spark.createDataFrame([], self._spark_schema())
            placed = empty.coalesce(1)
        else:
            placed = place(rows, files_by_day, sort_by)
        target = f"{CATALOG}.`{self.name.replace('.', '`.`')}`.`branch_{self._branch}`"
        writer = placed.writeTo(target).options(**iceberg_options(files_by_day, sort_by))
        try:
            with sized(self._spark, files_by_day):
                writer.overwrite(_days(partitions))
        except Exception:
            if self._is_removed():
                raise self._changed("this run's branch was removed") from None
            raise
        self._table.refresh()
        staged = self._table.snapshot(self._branch)
        # A branch that another run has removed is made anew by the commit, on whatever is current.
        if staged is None or staged.parentId() != self._opened:
            raise self._changed("this run's branch was removed")
        self._staged = staged

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
        with self._committing():
            step = self._step()
            head = step.table().snapshot(self._branch)
            if head is None or head.snapshotId() != self._staged.snapshotId():
                raise self._changed("this run's branch was removed")
            refs = step.manageSnapshots().fastForwardBranch("main", self._branch)
            refs.removeBranch(self._branch).commit()
            step.commitTransaction()
        return [StoredFile(file.path(), file.fileSizeInBytes()) for file in self._added()]

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

    def _pinned(self) -> T.StructType | None:
        if self._table is None or is_unborn(self._table):
            return None
        return columns_of_table(self._spark_schema())

    def _begin(self, columns: T.StructType | None, sort_by: list[str]) -> None:
        """Creates the table or lets it grow, and opens the branch: one commit each."""
        with self._committing():
            made = self._table is None
            if made:
                self._table = self._catalog.create(columns, self._source)
                self._base = _state(self._table)
            step = self._step()
            if _state(step.table()) != self._base:
                raise self._changed("another schema")
            if columns is not None and not made:
                self._grow(step, columns)
            if columns is not None:
                lay_out(self._jvm, step, sort_by)
            # Opened where the run began, not where main is by now.
            at = [self._base[0]] if self._base[0] is not None else []
            step.manageSnapshots().createBranch(self._branch, *at).commit()
            step.commitTransaction()
            self._table.refresh()
            opened = self._table.snapshot(self._branch)
            if opened is None:
                raise self._changed("this run's branch was removed")
            self._opened = opened.snapshotId()

    def _grow(self, step, columns: T.StructType) -> None:
        known = set(self._spark_schema().fieldNames())
        if is_unborn(step.table()):
            # Not by dropping the table: it may be born in just this moment.
            bare = step.updateSchema()
            for name in known - set(PARTITION_COLUMNS):
                bare.deleteColumn(name)
            bare.commit()
            known = set(PARTITION_COLUMNS)
        change = step.updateSchema().caseSensitive(True)
        change = change.unionByNameWith(iceberg_schema(self._jvm, columns))
        for name in columns.fieldNames():
            if name not in known:
                change = change.moveBefore(name, PARTITION_COLUMNS[0])
        change.commit()

    def _step(self):
        """A transaction on the table as it is now, which must be as the run found it. Its commit
        fails if anything is committed in between."""
        step = self._table.newTransaction()
        now = _state(step.table())
        if now[0] != self._base[0]:
            raise self._changed(f"expected snapshot {self._base[0]}, found {now[0]}")
        return step

    @contextmanager
    def _committing(self):
        try:
            yield
        except Exception as error:
            kinds = java_classes(error)
            if _UNKNOWN in kinds:
                raise JobError(
                    f"table {self.name}: the catalog did not say whether it took the commit "
                    f"({java_message(error)}): run these days again, which is right in both cases"
                ) from None
            if not kinds & _TOO_LATE:
                raise
            raise self._changed(java_message(error)) from None

    def _changed(self, found: str) -> NothingPublished:
        return NothingPublished(
            f"table {self.name}: it changed while this run worked ({found}); nothing was "
            "published: run again, and let nothing else write the table meanwhile"
        )

    def _refs(self) -> list:
        self._table.refresh()
        return list(self._table.refs())

    def _is_removed(self) -> bool:
        with suppress(Exception):
            return self._branch not in self._refs()
        return False

    def _remove(self, branches: list) -> None:
        if branches:
            refs = self._table.manageSnapshots()
            for name in branches:
                refs = refs.removeBranch(name)
            refs.commit()

    def _added(self) -> list:
        return list(self._staged.addedDataFiles(self._table.io())) if self._staged else []

    def _spark_schema(self) -> T.StructType:
        return spark_schema(self._jvm, self._table.schema())


def _state(table) -> tuple:
    """What a run rests on: the snapshot that readers see, None where there is none; the schema."""
    if table is None:
        return None, None
    snapshot = table.currentSnapshot()
    return (None if snapshot is None else snapshot.snapshotId()), table.schema().schemaId()


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
