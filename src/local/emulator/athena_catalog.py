"""Tables of the Glue catalog as Arrow datasets: the registered partitions, and no other file."""

from __future__ import annotations

import re
import urllib.parse
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from emulator.athena_files import Files, Objects, fragment
from emulator.parquet_schema import is_data
from emulator.runtime import client, split_s3_uri

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


class UnsupportedTable(Exception):
    """A table that cannot be read; the message is Athena's, with its code and the name."""


def dataset(database: str, table: dict[str, Any], region: str, objects: Objects) -> Files:
    """The table's files, each with what its partition says of the partition columns."""
    storage = table["StorageDescriptor"]
    library = (storage.get("SerdeInfo") or {}).get("SerializationLibrary", "").lower()
    if "parquet" not in library:
        name = f"{database}.{table['Name']}"
        raise UnsupportedTable(f"NOT_SUPPORTED: {name} is not a Parquet table: {library}")
    keys = table.get("PartitionKeys") or []
    schema = pa.schema(
        [(c["Name"], arrow_type(c.get("Type", "string"))) for c in storage["Columns"] + keys]
    )
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
                fragments.append(fragment(path, condition))
    return Files(fragments, schema, objects)


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
