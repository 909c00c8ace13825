"""
Parquet files of the emulator's S3 as a dataset that DuckDB can push predicates into.

Arrow would read a Python file system from threads of its own, while DuckDB waits for them with
Python's lock in hand: that ends in a deadlock as soon as a read fails. So the files are read here,
into memory, in DuckDB's thread; only those that the predicate lets through, and of them the columns
asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.fs as pafs
import pyarrow.parquet as pq

from emulator.runtime import ACCOUNT

# Spark writes timestamps as INT96, which Arrow would read with the range of nanoseconds.
_PARQUET = ds.ParquetFileFormat(
    read_options=ds.ParquetReadOptions(coerce_int96_timestamp_unit="us")
)
_NOWHERE = pafs.LocalFileSystem()  # a fragment wants a file system; this one is never asked


class Objects:
    """The emulator's S3, read in-process; counts what Athena would bill."""

    def __init__(self) -> None:
        self.bytes_read = 0
        self.missing: str | None = None  # an object that a table names and S3 has not

    def read(self, path: str) -> bytes:
        """The bytes of `bucket/key`."""
        from moto.s3.models import s3_backends

        bucket, _, key = path.partition("/")
        found = s3_backends[ACCOUNT]["aws"].get_object(bucket, key)
        if found is None:
            self.missing = f"s3://{path}"
            raise FileNotFoundError(self.missing)
        return found.value


def fragment(path: str, condition: ds.Expression | None) -> ds.Fragment:
    """A file, and what its partition says of its rows."""
    return _PARQUET.make_fragment(path, _NOWHERE, condition)


class Files(ds.FileSystemDataset):
    """Fragments that are read when they are scanned. (DuckDB takes pyarrow's own classes only.)"""

    def __init__(self, fragments: list[ds.Fragment], schema: pa.Schema, objects: Objects) -> None:
        super().__init__(fragments, schema, _PARQUET, _NOWHERE)
        self.objects = objects

    def scanner(
        self,
        columns: Sequence[str] | None = None,
        filter: ds.Expression | None = None,  # noqa: A002 - pyarrow's name
        **options: Any,
    ) -> ds.Scanner:
        wanted = self.schema.names if columns is None else list(columns)
        empty = pa.schema([self.schema.field(name) for name in wanted]).empty_table()
        tables = [self.read(one, wanted, filter) for one in self.get_fragments(filter)]
        return ds.InMemoryDataset(pa.concat_tables([empty, *tables])).scanner()

    def read(
        self, one: ds.Fragment, columns: list[str], condition: ds.Expression | None
    ) -> pa.Table:
        """The columns of one file's rows for which the condition holds."""
        content = pa.py_buffer(self.objects.read(one.path))
        needed = {*columns, *re.findall(r"\w+", "" if condition is None else str(condition))}
        self.objects.bytes_read += _size(content, needed)
        in_memory = _PARQUET.make_fragment(
            pa.BufferReader(content), partition_expression=one.partition_expression
        )
        return ds.Scanner.from_fragment(
            in_memory, schema=self.schema, columns=columns, filter=condition
        ).to_table()


def _size(content: pa.Buffer, columns: set[str]) -> int:
    """Bytes of the columns' chunks, which are all that a reader of Parquet fetches."""
    footer = pq.read_metadata(pa.BufferReader(content))
    groups = (footer.row_group(number) for number in range(footer.num_row_groups))
    chunks = (group.column(i) for group in groups for i in range(footer.num_columns))
    return sum(c.total_compressed_size for c in chunks if c.path_in_schema.split(".")[0] in columns)
