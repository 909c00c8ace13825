"""Iceberg tables of the Glue catalog: the files of one snapshot, and no other."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
from pyiceberg.catalog.noop import NoopCatalog
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.io import FileIO, InputFile, OutputFile
from pyiceberg.io.pyarrow import (
    ArrowScan,
    _pyarrow_schema_ensure_small_types,
    schema_to_pyarrow,
)
from pyiceberg.schema import Schema
from pyiceberg.serializers import FromInputFile
from pyiceberg.table import DataScan, FileScanTask, StaticTable, Table
from pyiceberg.transforms import IdentityTransform

from emulator.athena_catalog import UnsupportedTable
from emulator.athena_files import Files, Objects, fragment


class NoSuchVersion(Exception):
    """A snapshot that the table has not, or no longer."""


class _Object(InputFile):
    """An object, read in-process and whole."""

    def __init__(self, location: str, objects: Objects, *, is_billed: bool) -> None:
        super().__init__(location)
        self.objects, self.is_billed = objects, is_billed

    def _read(self) -> bytes:
        return self.objects.read(path_of(self.location))

    def __len__(self) -> int:
        return len(self._read())

    def exists(self) -> bool:
        try:
            return self._read() is not None
        except FileNotFoundError:
            return False

    def open(self, seekable: bool = True) -> Any:
        content = self._read()
        if self.is_billed:
            self.objects.bytes_read += len(content)
        return pa.BufferReader(content)


class _FileIO(FileIO):
    """pyiceberg's way to the emulator's objects."""

    def __init__(self, objects: Objects, *, is_billed: bool = False) -> None:
        super().__init__()
        self.objects, self.is_billed = objects, is_billed

    def new_input(self, location: str) -> InputFile:
        return _Object(location, self.objects, is_billed=self.is_billed)

    def new_output(self, location: str) -> OutputFile:
        raise NotImplementedError("queries only read")

    def delete(self, location: str | InputFile | OutputFile) -> None:
        raise NotImplementedError("queries only read")


def path_of(location: str) -> str:
    """`bucket/key` of an S3 URI."""
    return location.split("://", 1)[-1]


class _FilesById(Files):
    """Files whose columns pyiceberg maps by their ids, and whose deleted rows it leaves out."""

    def __init__(
        self,
        fragments: list[ds.Fragment],
        types: pa.Schema,
        objects: Objects,
        scan: DataScan,
        tasks: list[FileScanTask],
    ) -> None:
        super().__init__(fragments, types, objects)
        self.tasks = {path_of(task.file.file_path): task for task in tasks}
        io = _FileIO(objects, is_billed=True)
        self.whole = ArrowScan(scan.table_metadata, io, scan.projection(), AlwaysTrue())

    def read(
        self, one: ds.Fragment, columns: list[str], condition: ds.Expression | None
    ) -> pa.Table:
        rows = self.whole.to_table([self.tasks[one.path]]).cast(self.schema)
        return ds.InMemoryDataset(rows).to_table(columns=columns, filter=condition)


def is_iceberg(table: dict[str, Any]) -> bool:
    return (table.get("Parameters") or {}).get("table_type", "").upper() == "ICEBERG"


class IcebergTable:
    """A table as its metadata file describes it; only data files count as read."""

    def __init__(self, database: str, table: dict[str, Any], objects: Objects) -> None:
        location = table["Parameters"].get("metadata_location", "")
        try:
            metadata = FromInputFile.table_metadata(_FileIO(objects).new_input(location))
        except (FileNotFoundError, ValueError) as problem:
            raise UnsupportedTable(
                f"ICEBERG_MISSING_METADATA: Metadata not found in metadata location for table "
                f"{database}.{table['Name']}: {location or 'none is given'}"
            ) from problem
        name = (database, table["Name"])
        catalog = NoopCatalog("emulator")
        self.plan = StaticTable(name, metadata, location, _FileIO(objects), catalog)
        self.objects = objects

    def columns(self) -> list[tuple[str, str, str]]:
        """Name, Hive type and comment of each column: Glue's list has dropped ones, too."""
        from emulator.parquet_schema import hive_type

        schema = self.plan.schema()
        types = arrow_schema(schema)
        return [(f.name, hive_type(types.field(f.name).type), f.doc or "") for f in schema.fields]

    def partition_fields(self) -> list[tuple[str, str, str]]:
        """Name, transform and column of each partition field."""
        schema = self.plan.schema()
        return [
            (field.name, str(field.transform), schema.find_column_name(field.source_id) or "")
            for field in self.plan.spec().fields
        ]

    def rows(self, version: int | None = None) -> Files:
        """
        The rows of the current snapshot, or of the given one. The fragments know their partition: a
        predicate on it skips the others.
        """
        scan = self.plan.scan(snapshot_id=version)
        tasks = list(scan.plan_files())
        types = arrow_schema(scan.projection())
        fragments = [
            fragment(path_of(task.file.file_path), self._condition(task, types)) for task in tasks
        ]
        has_deleted_rows = any(task.delete_files for task in tasks)
        if has_deleted_rows or not _reads_by_name(self.plan, scan.projection()):
            return _FilesById(fragments, types, self.objects, scan, tasks)
        return Files(fragments, types, self.objects)

    def _condition(self, task: FileScanTask, types: pa.Schema) -> ds.Expression | None:
        condition = None
        for position, field in enumerate(self.plan.specs()[task.file.spec_id].fields):
            column = self.plan.schema().find_column_name(field.source_id)
            if column not in types.names or not isinstance(field.transform, IdentityTransform):
                continue
            value = pa.scalar(task.file.partition[position], types.field(column).type)
            own = ds.field(column)
            equal = own == ds.scalar(value) if value.is_valid else own.is_null()
            condition = equal if condition is None else condition & equal
        return condition

    def version_at(self, milliseconds: int) -> int:
        """The snapshot that was current at a time."""
        found = self.plan.snapshot_as_of_timestamp(milliseconds)
        if found is None:
            raise NoSuchVersion(f"No version history table {self._name} at or before that time")
        return found.snapshot_id

    def version(self, snapshot_id: int) -> int:
        if self.plan.snapshot_by_id(snapshot_id) is None:
            raise NoSuchVersion(f"Iceberg snapshot ID does not exists: {snapshot_id}")
        return snapshot_id

    @property
    def _name(self) -> str:
        return ".".join(self.plan.name()[-2:])

    def metadata_table(self, kind: str) -> pa.Table:
        """One of Athena's hidden tables, with Athena's columns."""
        inspect = self.plan.inspect
        if kind == "partitions":
            found = inspect.partitions()
            if "partition" not in found.column_names:  # a table without partitions has one line
                return found.select(["record_count", "file_count", "total_data_file_size_in_bytes"])
            chosen = ("partition", "record_count", "file_count", "total_data_file_size_in_bytes")
            return found.select(chosen).rename_columns([*chosen[:3], "total_size"])
        found = getattr(inspect, kind)()
        if kind == "files":
            return found.select([name for name in _FILES if name in found.column_names])
        return found


# Of Athena's hidden tables those that say what a snapshot holds.
METADATA_TABLES = ("files", "history", "manifests", "partitions", "refs", "snapshots")
_FILES = (
    *("content", "file_path", "file_format", "record_count", "file_size_in_bytes"),
    *("column_sizes", "value_counts", "null_value_counts", "nan_value_counts"),
    *("lower_bounds", "upper_bounds", "key_metadata", "split_offsets", "equality_ids"),
)


def arrow_schema(schema: Schema) -> pa.Schema:
    whole = schema_to_pyarrow(schema, include_field_ids=False)
    return _pyarrow_schema_ensure_small_types(whole).remove_metadata()


def _reads_by_name(table: Table, schema: Schema) -> bool:
    """
    Whether a column's name finds it in every file, as long as no name ever stood for another
    column and nothing inside a nested column has changed.
    """
    ids: dict[str, int] = {}
    names: dict[int, str] = {}
    for one in table.schemas().values():
        for name in one.column_names:
            column = one.find_field(name)
            same = ids.setdefault(name, column.field_id) == column.field_id
            if not same or names.setdefault(column.field_id, name) != name:
                return False
        for column in schema.fields:
            if column.field_type.is_primitive or column.field_id not in one.field_ids:
                continue
            if one.find_field(column.field_id).field_type != column.field_type:
                return False
    return True
