"""``sources.json``: ``{"<source>": {"format": "json" | "csv", "schema": "<Spark DDL>",
"layout": "iceberg" | "parquet", "max_quarantined_percent": 10, "sort_by": ["<column>", …]}}``; only
the format is required."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches

from pyspark.sql import SparkSession
from pyspark.sql import types as T

from .columns import table_names
from .errors import JobError
from .placing import unsortable
from .storage import Storage

FORMATS = ("json", "csv")
#: A table with snapshots, or plain folders of files for a crawler: see table.py and writing.py.
ICEBERG, PARQUET = LAYOUTS = ("iceberg", "parquet")
MAX_QUARANTINED_PERCENT = 10

_SCALARS = (
    T.StringType,
    T.BooleanType,
    T.ByteType,
    T.ShortType,
    T.IntegerType,
    T.LongType,
    T.FloatType,
    T.DoubleType,
    T.DecimalType,
    T.DateType,
    T.TimestampType,
)


@dataclass(frozen=True)
class SourceConfig:
    """``schema`` is None where the types are to be inferred from the data."""

    format: str
    schema: T.StructType | None = None
    layout: str = ICEBERG
    #: Of a run's rows; above it the run fails and publishes nothing.
    max_quarantined_percent: float = MAX_QUARANTINED_PERCENT
    #: Columns, as the table spells them, by which a day's rows are sorted; none: as they came.
    sort_by: tuple = ()


def load_source(spark: SparkSession, path: str, source: str) -> SourceConfig:
    """One source's settings. Keys that this job does not know are other parts' and stay alone."""
    sources = _json_object(Storage(spark).read_text(path), path)
    if source not in sources:
        near = get_close_matches(source, sources, n=1)
        raise JobError(
            f"{path}: no source {source!r}; found {', '.join(sorted(sources)) or 'none'}"
            + (f" (did you mean {near[0]!r}?)" if near else "")
            + "; add it to the environment's sources and deploy"
        )
    settings = sources[source]
    if not isinstance(settings, dict):
        raise JobError(f"{path}: {source}: expected an object, found {settings!r}")
    layout = settings.get("layout", ICEBERG)
    for name, found, known in (
        ("format", settings.get("format"), FORMATS),
        ("layout", layout, LAYOUTS),
    ):
        if found not in known:
            raise JobError(
                f"{path}: {source}.{name}: expected one of {', '.join(known)}, found {found!r}"
            )
    percent = settings.get("max_quarantined_percent", MAX_QUARANTINED_PERCENT)
    if (
        isinstance(percent, bool)
        or not isinstance(percent, (int, float))
        or not 0 <= percent <= 100
    ):
        raise JobError(
            f"{path}: {source}.max_quarantined_percent: expected a number from 0 to 100, "
            f"found {percent!r}"
        )
    ddl = settings.get("schema")
    if ddl is not None and not isinstance(ddl, str):
        raise JobError(f"{path}: {source}.schema: expected a string of Spark DDL, found {ddl!r}")
    where = f"{path}: {source}.schema"
    schema = parse_ddl(spark, ddl, where) if ddl and ddl.strip() else None
    if schema and settings["format"] == "csv":
        _check_flat(schema, where)
    sort_by = _sort_by(settings.get("sort_by", []), schema, f"{path}: {source}.sort_by")
    return SourceConfig(settings["format"], schema, layout, percent, sort_by)


def _sort_by(names, schema: T.StructType | None, where: str) -> tuple:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise JobError(f'{where}: expected a list of columns, such as ["origin"], found {names!r}')
    if schema is not None:
        spelt = table_names(schema.fieldNames())
        columns = T.StructType([T.StructField(spelt[f.name], f.dataType) for f in schema.fields])
        for name in names:
            reason = unsortable(columns, name)
            if reason:
                raise JobError(f"{where}: {name!r}: {reason}; mend it in the environment's sources")
    return tuple(names)


def parse_ddl(spark: SparkSession, ddl: str, where: str) -> T.StructType:
    """Spark DDL (``id BIGINT, at TIMESTAMP``) → StructType, limited to what Athena reads."""
    try:
        parsed = spark._jvm.org.apache.spark.sql.types.StructType.fromDDL(ddl)
        schema = T.StructType.fromJson(json.loads(parsed.json()))
    except Exception as error:
        if not hasattr(error, "_origin") and not hasattr(error, "java_exception"):
            raise
        reason = next((line for line in str(error).splitlines() if line.strip()), "not readable")
        raise JobError(
            f"{where}: expected Spark DDL such as 'id BIGINT, at TIMESTAMP', "
            f"found {ddl!r}: {reason}"
        ) from None
    _check_type(schema, where)
    return schema


def _json_object(text: str, path: str) -> dict:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise JobError(f"{path}: expected JSON: {error}; deploy again to restore it") from None
    if not isinstance(value, dict):
        raise JobError(f"{path}: expected an object of sources, found {type(value).__name__}")
    return value


def _check_type(kind: T.DataType, where: str) -> None:
    if isinstance(kind, T.StructType):
        names = kind.fieldNames()
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            raise JobError(f"{where}: the column {repeated[0]!r} is declared more than once")
        for field in kind.fields:
            _check_type(field.dataType, f"{where}: {field.name}")
    elif isinstance(kind, T.ArrayType):
        _check_type(kind.elementType, where)
    elif isinstance(kind, T.MapType):
        if not isinstance(kind.keyType, T.StringType):
            raise JobError(f"{where}: expected STRING keys in a MAP, as JSON has them")
        _check_type(kind.valueType, where)
    elif type(kind) not in _SCALARS:
        raise JobError(
            f"{where}: the type {kind.simpleString()} is not supported; expected STRING, BOOLEAN, "
            "an integer, FLOAT, DOUBLE, DECIMAL, DATE, TIMESTAMP, STRUCT, ARRAY or MAP"
        )


def _check_flat(schema: T.StructType, where: str) -> None:
    for field in schema.fields:
        if isinstance(field.dataType, (T.StructType, T.ArrayType, T.MapType)):
            raise JobError(
                f"{where}: {field.name}: a CSV field holds one value, "
                f"found {field.dataType.simpleString()}; declare it STRING"
            )
