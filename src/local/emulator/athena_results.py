"""Results of a query as Athena shows them: the types of columns, and values as text."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa


@dataclass
class Result:
    columns: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    bytes_scanned: int = 0
    has_header: bool = True  # results of SELECT have, those of SHOW and DESCRIBE have not


_NAMES = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_int8, "tinyint"),
    (pa.types.is_int16, "smallint"),
    (pa.types.is_int32, "integer"),
    (pa.types.is_integer, "bigint"),
    (pa.types.is_float32, "float"),
    (pa.types.is_floating, "double"),
    (pa.types.is_date, "date"),
    (pa.types.is_time, "time"),
    (pa.types.is_list, "array"),
    (pa.types.is_map, "map"),
    (pa.types.is_struct, "row"),
    (pa.types.is_binary, "varbinary"),
)


def describe(name: str, kind: pa.DataType) -> dict[str, Any]:
    """ColumnInfo; DuckDB sums integers to 128 bits, which Trino's sum does not have."""
    precision, scale = 2147483647, 0
    athena = next((n for matches, n in _NAMES if matches(kind)), "varchar")
    if pa.types.is_timestamp(kind):
        athena, precision = ("timestamp with time zone" if kind.tz else "timestamp"), 3
    elif pa.types.is_decimal(kind) and kind.scale == 0 and kind.precision == 38:
        athena, precision = "bigint", 19
    elif pa.types.is_decimal(kind):
        athena, precision, scale = "decimal", kind.precision, kind.scale
    elif athena in ("bigint", "integer", "double", "float"):
        precision = {"bigint": 19, "integer": 10, "double": 17, "float": 17}[athena]
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": athena,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": athena == "varchar",
    }


def plain(column: pa.ChunkedArray, digits: int = 3) -> list[Any]:
    """Python values; a time zone (always UTC here) is put back as text."""
    if pa.types.is_timestamp(column.type) and column.type.tz:
        naive = column.cast(pa.timestamp("us"))
        return [None if v is None else f"{text(v, digits)} UTC" for v in naive.to_pylist()]
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us"), safe=False)
    return column.to_pylist()


def text(value: Any, digits: int = 3) -> str | None:
    """A value as Athena writes it into results; the digits are those of a timestamp's seconds."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond:06d}"[:digits]
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return " ".join(f"{byte:02x}" for byte in value)
    if isinstance(value, dict):
        return _braces(value.items(), digits)
    if isinstance(value, list):
        if value and isinstance(value[0], tuple):  # Arrow's maps
            return _braces(value, digits)
        return "[" + ", ".join(text(v, digits) or "null" for v in value) + "]"
    return str(value)


def _braces(pairs: Iterable[tuple[Any, Any]], digits: int) -> str:
    inner = (f"{text(key, digits)}={text(value, digits) or 'null'}" for key, value in pairs)
    return "{" + ", ".join(inner) + "}"


def _double(value: float) -> str:
    """Java's Double.toString: decimal between 1e-3 and 1e7, else with an exponent."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    mantissa, _, exponent = f"{value:.17e}".partition("e")
    shortest = repr(value).lower()
    digits = re.sub(r"[-.]|e.*", "", shortest).strip("0") or "0"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{int(exponent)}"
