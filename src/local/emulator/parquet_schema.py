"""Parquet footers as Glue tables: columns with Hive types, partition keys from folder names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

PARQUET = {
    "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "SerdeInfo": {
        "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "Parameters": {"serialization.format": "1"},
    },
}
_SIMPLE = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_int8, "tinyint"),
    (pa.types.is_int16, "smallint"),
    (pa.types.is_int32, "int"),
    (pa.types.is_int64, "bigint"),
    (pa.types.is_uint8, "smallint"),
    (pa.types.is_uint16, "int"),
    (pa.types.is_unsigned_integer, "bigint"),
    (pa.types.is_float32, "float"),
    (pa.types.is_floating, "double"),
    (pa.types.is_date, "date"),
    (pa.types.is_timestamp, "timestamp"),
    (pa.types.is_binary, "binary"),
    (pa.types.is_large_binary, "binary"),
    (pa.types.is_fixed_size_binary, "binary"),
)


def hive_type(arrow: pa.DataType) -> str:
    """The name under which Glue and Athena know the type."""
    for matches, name in _SIMPLE:
        if matches(arrow):
            return name
    if pa.types.is_decimal(arrow):
        return f"decimal({arrow.precision},{arrow.scale})"
    if pa.types.is_map(arrow):
        return f"map<{hive_type(arrow.key_type)},{hive_type(arrow.item_type)}>"
    if pa.types.is_list(arrow) or pa.types.is_large_list(arrow):
        return f"array<{hive_type(arrow.value_type)}>"
    if pa.types.is_struct(arrow):
        members = [
            f"{arrow.field(i).name}:{hive_type(arrow.field(i).type)}"
            for i in range(arrow.num_fields)
        ]
        return f"struct<{','.join(members)}>"
    return "string"


def columns_of(schemas: Iterable[pa.Schema]) -> list[dict[str, str]]:
    """The columns of all files in the order of their first sight; the latest file's type counts."""
    found: dict[str, str] = {}
    for schema in schemas:
        for column in schema:
            found[column.name.lower()] = hive_type(column.type)
    return [{"Name": name, "Type": kind} for name, kind in found.items()]


def read_schema(file: Any) -> tuple[pa.Schema, int]:
    """Schema and number of rows from the footer; ArrowInvalid for what is no Parquet file."""
    footer = pq.ParquetFile(file)
    return footer.schema_arrow, footer.metadata.num_rows


def partition_of(folders: list[str]) -> list[tuple[str, str]]:
    """`year=2025/month=10` as [("year", "2025"), ("month", "10")]; other folders are skipped."""
    pairs = (folder.split("=", 1) for folder in folders if "=" in folder)
    return [(name.lower(), value) for name, value in pairs]


def table_name(folder: str) -> str:
    """What a crawler calls the table of a folder: lower case letters, digits, underscores."""
    return re.sub(r"[^a-z0-9_]", "_", folder.lower())


def is_data(name: str) -> bool:
    """Spark's markers and temporary files, hidden files and folders hold no data."""
    return bool(name) and not name.startswith(("_", ".")) and not name.endswith("_$folder$")
