"""``sources.json``: ``{"<source>": {"format": "json" | "csv", "schema": "<Spark DDL>"}}``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches

from pyspark.sql import SparkSession
from pyspark.sql import types as T

from .errors import JobError
from .storage import Storage

FORMATS = ("json", "csv")

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
    if settings.get("format") not in FORMATS:
        raise JobError(
            f"{path}: {source}.format: expected one of {', '.join(FORMATS)}, "
            f"found {settings.get('format')!r}"
        )
    ddl = settings.get("schema")
    if ddl is not None and not isinstance(ddl, str):
        raise JobError(f"{path}: {source}.schema: expected a string of Spark DDL, found {ddl!r}")
    where = f"{path}: {source}.schema"
    schema = parse_ddl(spark, ddl, where) if ddl and ddl.strip() else None
    if schema and settings["format"] == "csv":
        _check_flat(schema, where)
    return SourceConfig(settings["format"], schema)


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
