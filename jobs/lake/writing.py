"""Rows → plain files of a zone: written aside, counted, then moved into place.

For the quarantine, and for sources of layout = "parquet"; tables with snapshots are in table.py.
What a reader sees: a plain layout has no transactions. All files of a run are first written
under ``<zone>/_staging/<source>/``, where no table looks, and counted there; until then the earlier
data stands untouched, however the run dies. Then, one partition after another, the new files are
moved in and the earlier ones deleted (of the quarantine: all moved in, the table published, and
only then the earlier ones deleted, so that a record stands in one of the two at any moment, and in
both rather than in neither). For that moment (on S3 a server-side copy of the new files)
a query may see a partition's old rows beside its new ones, or fail because a file that it had
listed is gone. A run killed in that moment leaves it so until the next run of these partitions,
which replaces whatever it finds: the result is the same as if nothing had happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from uuid import uuid4

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .layout import PARTITION_COLUMNS, Partition
from .placing import ROW_GROUP_BYTES, place, sized
from .storage import Storage, StoredFile

#: JSON or CSV text from which one file is expected, until the bytes of its rows are known: see
#: placing.py.
TEXT_BYTES_PER_FILE = 1024**3


@dataclass(frozen=True)
class Change:
    """Files that a run has brought into a zone, and those that stood there before."""

    new: list[StoredFile]
    earlier: list[str]
    #: Folders that get no new file.
    emptied: list[str]


class Zone:
    """One source's folder under a zone such as ``s3://bucket/processed``."""

    def __init__(self, spark: SparkSession, root: str, source: str):
        self._spark = spark
        self._storage = Storage(spark)
        self._root = root.rstrip("/")
        self._source = source
        self._aside = f"{self._root}/_staging/{source}"
        # Of this process alone: what another one clears away is never its own.
        self._staging = f"{self._aside}/{uuid4().hex}"
        self._staged: list[StoredFile] = []

    def clear(self) -> None:
        """Removes what runs that died have left aside."""
        self._remove(self._aside)

    def discard(self) -> None:
        """Removes what this run has left aside."""
        self._remove(self._staging)

    def stage(
        self,
        rows: DataFrame,
        files_by_day: dict[str, int],
        format: str,
        sort_by: list | tuple = (),
    ) -> None:
        """Writes rows (``day``, ``slot_key``, ``record struct``) aside, as parquet or json.

        The record's fields become the columns. How many files a day gets, and which rows stand in
        them, is placing.py's.
        """
        compression = "snappy" if format == "parquet" else "none"
        writer = place(rows, files_by_day, sort_by).write.mode("overwrite")
        with sized(self._spark, files_by_day):
            (
                writer.option("compression", compression)
                .option("parquet.block.size", ROW_GROUP_BYTES)
                .partitionBy(*PARTITION_COLUMNS)
                .format(format)
                .save(self._staging)
            )
        self._staged = self._storage.data_files(self._staging)

    def staged_rows(self, format: str) -> dict[str, int]:
        """Day → rows, counted from the staged files themselves (Parquet: from their footers)."""
        if not self._staged:
            return {}
        # A line of the quarantine is a row; as text no schema needs to be guessed.
        staged = self._spark.read.format("text" if format == "json" else format)
        day = F.concat_ws("-", *PARTITION_COLUMNS).alias("day")
        return dict(staged.load(self._staging).groupBy(day).count().collect())

    def publish(self, partitions: list[Partition]) -> list[StoredFile]:
        """Replaces these partitions, and no other, by what is staged; returns the new files.

        A partition for which nothing is staged becomes empty.
        """
        published = []
        for partition in partitions:
            change = self.bring_in([partition])
            self.retire(change)
            published.extend(change.new)
        return published

    def bring_in(self, partitions: list[Partition]) -> Change:
        """The first half of publish: what is staged stands beside the earlier files."""
        new, earlier, emptied = [], [], []
        for partition in partitions:
            target = partition.under(self._root, self._source)
            earlier += [file.path for file in self._storage.list_files(target)]
            # Those that were counted: one that is gone by now is an error, and no empty day.
            staged = [file for file in self._staged if _folder(file) == partition.folder]
            new += self._storage.move_all(staged, target)
            if not staged:
                emptied.append(target)
        return Change(new, earlier, emptied)

    def retire(self, change: Change) -> None:
        """The second half of publish: the earlier files go."""
        self._storage.delete_all(change.earlier)
        for folder in change.emptied:
            self._storage.delete_if_empty(folder)

    def take_back(self, change: Change) -> None:
        """Instead of the second half: the earlier files stay, and the new ones go."""
        self._storage.delete_all([file.path for file in change.new])

    def _remove(self, folder: str) -> None:
        self._storage.delete(folder)
        # The folders themselves would look like one more source; others may be staging there.
        for parent in (self._aside, f"{self._root}/_staging"):
            self._storage.delete_if_empty(parent)


def _folder(file: StoredFile) -> str:
    return "/".join(file.path.split("/")[-4:-1])


def files_for(text_bytes: int) -> int:
    """How many Parquet files that much text leads to expect."""
    return max(1, ceil(text_bytes / TEXT_BYTES_PER_FILE))
