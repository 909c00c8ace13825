"""Tables of the Glue catalog as Arrow datasets: the registered partitions, and no other file."""

from __future__ import annotations

import io
import re
import urllib.parse
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.fs as pafs

from emulator.parquet_schema import is_data
from emulator.runtime import ACCOUNT, client, split_s3_uri

_TYPES = {
    "boolean": pa.bool_(),
    "tinyint": pa.int8(),
    "smallint": pa.int16(),
    "int": pa.int32(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "float": pa.float32(),
    "real": pa.float32(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "binary": pa.binary(),
    "string": pa.string(),
}


def arrow_type(hive: str) -> pa.DataType:
    """`array<struct<a:int,b:decimal(10,2)>>` and the like; unknown names are strings."""
    hive = hive.strip().lower()
    if hive in _TYPES:
        return _TYPES[hive]
    if found := re.fullmatch(r"decimal\((\d+)\s*,\s*(\d+)\)", hive):
        return pa.decimal128(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(array|map|struct)<(.*)>", hive):
        parts = _split(found[2])
        if found[1] == "array":
            return pa.list_(arrow_type(parts[0]))
        if found[1] == "map":
            return pa.map_(arrow_type(parts[0]), arrow_type(parts[1]))
        members = (part.split(":", 1) for part in parts)
        return pa.struct([(name.strip(), arrow_type(kind)) for name, kind in members])
    return pa.string()


def _split(text: str) -> list[str]:
    """At the commas that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for position, letter in enumerate(text):
        depth += (letter in "<(") - (letter in ">)")
        if letter == "," and not depth:
            parts.append(text[start:position])
            start = position + 1
    return [*parts, text[start:]]


class _Counted(io.BytesIO):
    """An object's bytes that tells how many of them were read."""

    def __init__(self, content: bytes, store: ObjectStore) -> None:
        super().__init__(content)
        self.store = store

    def read(self, size: int | None = -1) -> bytes:
        chunk = super().read(size)
        self.store.bytes_read += len(chunk)
        return chunk


class ObjectStore(pafs.FileSystemHandler):
    """The emulator's S3 for Arrow, read in-process; what is read is what Athena would bill."""

    def __init__(self) -> None:
        self.bytes_read = 0

    def _object(self, path: str) -> bytes:
        from moto.s3.models import s3_backends

        bucket, _, key = path.partition("/")
        found = s3_backends[ACCOUNT]["aws"].get_object(bucket, key)
        if found is None:
            raise FileNotFoundError(path)
        return found.value

    def open_input_file(self, path: str) -> pa.NativeFile:
        return pa.PythonFile(_Counted(self._object(path), self), mode="r")

    open_input_stream = open_input_file

    def get_type_name(self) -> str:
        return "emulated-s3"

    def normalize_path(self, path: str) -> str:
        return path

    def get_file_info(self, paths: list[str]) -> list[pafs.FileInfo]:
        return [
            pafs.FileInfo(path, pafs.FileType.File, size=len(self._object(path))) for path in paths
        ]

    def _read_only(self, *args: Any) -> Any:
        raise NotImplementedError("queries only read")

    get_file_info_selector = create_dir = delete_dir = delete_dir_contents = _read_only
    delete_root_dir_contents = delete_file = move = copy_file = _read_only
    open_output_stream = open_append_stream = _read_only

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = object.__hash__


class UnsupportedTable(Exception):
    """A table that is not Parquet; the message names it."""


def dataset(database: str, table: dict[str, Any], region: str, store: ObjectStore) -> ds.Dataset:
    """The table's files, each with what its partition says of the partition columns."""
    storage = table["StorageDescriptor"]
    library = (storage.get("SerdeInfo") or {}).get("SerializationLibrary", "").lower()
    if "parquet" not in library:
        raise UnsupportedTable(f"{database}.{table['Name']} is not a Parquet table: {library}")
    keys = table.get("PartitionKeys") or []
    schema = pa.schema(
        [(c["Name"], arrow_type(c.get("Type", "string"))) for c in storage["Columns"] + keys]
    )
    files = pafs.PyFileSystem(store)
    # Spark writes timestamps as INT96, which Arrow would read with the range of nanoseconds.
    options = ds.ParquetReadOptions(coerce_int96_timestamp_unit="us")
    parquet = ds.ParquetFileFormat(read_options=options)
    fragments = []
    listing = _listing(storage["Location"], region)
    for location, values in _locations(database, table, region):
        condition = None
        for key, value in zip(keys, values, strict=True):
            typed = pa.scalar(urllib.parse.unquote(value)).cast(arrow_type(key["Type"]))
            equal = ds.field(key["Name"]) == ds.scalar(typed)
            condition = equal if condition is None else condition & equal
        bucket, prefix = split_s3_uri(location)
        prefix = prefix.rstrip("/") + "/" if prefix else ""
        inside = location.startswith(storage["Location"])
        for path in listing if inside else _listing(location, region):
            below = path.removeprefix(f"{bucket}/{prefix}")
            if path.startswith(f"{bucket}/{prefix}") and all(map(is_data, below.split("/"))):
                fragments.append(parquet.make_fragment(path, files, condition))
    return ds.FileSystemDataset(fragments, schema, parquet, files)


def _locations(database: str, table: dict[str, Any], region: str) -> list[tuple[str, list[str]]]:
    if not table.get("PartitionKeys"):
        return [(table["StorageDescriptor"]["Location"], [])]
    pages = client("glue", region).get_paginator("get_partitions")
    found = pages.paginate(DatabaseName=database, TableName=table["Name"])
    partitions = [partition for page in found for partition in page["Partitions"]]
    return [(p["StorageDescriptor"]["Location"], p["Values"]) for p in partitions]


def _listing(location: str, region: str) -> list[str]:
    """`bucket/key` of every object with bytes below the location, in the order of the keys."""
    bucket, prefix = split_s3_uri(location)
    pages = client("s3", region).get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=bucket, Prefix=prefix)
    return [f"{bucket}/{o['Key']}" for page in found for o in page.get("Contents", []) if o["Size"]]
