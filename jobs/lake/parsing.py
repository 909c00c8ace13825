"""Records → typed rows with accepted column names, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .columns import glue_type, table_names
from .config import SourceConfig
from .quarantine import flag_repeated_keys
from .schema import (
    has_repeated_names,
    inferred_csv_schema,
    inferred_json_schema,
    top_level_keys,
)
from .values import converted

_VALUE_SHOWN = 60


@dataclass(frozen=True)
class Parsed:
    """``rows``: ``day string, file string, raw_text string, reason string, slot_key bigint, record
    struct``. A rejected row has a reason and raw_text, any other a record.

    ``notes`` is what a person should hear of, though it is no fault.
    """

    rows: DataFrame
    notes: list[str] = field(default_factory=list)


def parse(records: DataFrame, source: SourceConfig) -> Parsed:
    """Every record of reading.read_records gives exactly one row.

    Columns stand in the order of a declared schema, else in that of their names.

    ``records`` is read more than once: persist it first.
    """
    keys = top_level_keys(records)
    if source.schema:
        return Parsed(_rows(records, source.schema, source), _differences(keys, source.schema))
    if not keys:
        # Nothing but rejected records. Spark has no use for a struct without fields.
        keys = ["column"]
    if source.format == "csv":
        return Parsed(_rows(records, inferred_csv_schema(records, keys), source))
    schema = inferred_json_schema(records, keys)
    if has_repeated_names(schema):
        records = flag_repeated_keys(records)
        schema = inferred_json_schema(records, top_level_keys(records))
    return Parsed(_rows(records, schema, source))


def _rows(records: DataFrame, schema: T.StructType, source: SourceConfig) -> DataFrame:
    names = table_names(schema.fieldNames())
    read_as = T.StructType([T.StructField(f.name, _read_type(f, source)) for f in schema.fields])
    read = {f.name: F.col("json.r").getField(f.name) for f in schema.fields}
    values = {f.name: _value(read[f.name], f, source) for f in schema.fields}
    misfits = [
        _misfit(f, read[f.name], values[f.name], source)
        for f in schema.fields
        if source.schema or _is_converted(f, source)
    ]
    reason = F.coalesce(
        F.col("problem"),
        _joined(misfits),
        F.when(F.col("json.c").isNotNull(), F.lit("not valid JSON")),
    )
    fields = schema.fields if source.schema else sorted(schema.fields, key=lambda f: names[f.name])
    record = F.struct(
        *[values[f.name].cast(glue_type(f.dataType)).alias(names[f.name]) for f in fields]
    )
    raw_text = F.coalesce("raw", "text")
    rows = records.withColumn("json", _from_json(read_as)).select(
        "day",
        "file",
        "text",
        "raw",
        reason.alias("reason"),
        F.xxhash64("text", "raw").alias("slot_key"),
        record.alias("record"),
    )
    # Only a rejected row needs its text any longer; it would double what is kept in memory.
    raw_text = F.when(F.col("reason").isNotNull(), raw_text).alias("raw_text")
    return rows.select("day", "file", raw_text, "reason", "slot_key", "record")


def _from_json(read_as: T.StructType) -> Column:
    # One level down, so that no key of the data can meet the parser's own column; and what may
    # follow an object in the text is a syntax error there.
    wrapped = T.StructType([T.StructField("r", read_as), T.StructField("c", T.StringType())])
    text = F.concat(F.lit('{"r":'), F.col("text"), F.lit("}"))
    options = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": "c"}
    return F.from_json(text, wrapped, options)


def _read_type(field: T.StructField, source: SourceConfig) -> T.DataType:
    return T.StringType() if _is_converted(field, source) else field.dataType


def _is_converted(field: T.StructField, source: SourceConfig) -> bool:
    # Spark's JSON parser is generous with times: 2025 is a date to it, a number an instant.
    return source.format == "csv" or isinstance(field.dataType, (T.DateType, T.TimestampType))


def _value(read: Column, field: T.StructField, source: SourceConfig) -> Column:
    return converted(read, field.dataType) if _is_converted(field, source) else read


def _misfit(field: T.StructField, read: Column, value: Column, source: SourceConfig) -> Column:
    """Why the column's value is refused; null where it fits."""
    expected = f"column {field.name}: expected {field.dataType.simpleString().upper()}, found "
    if _is_converted(field, source):
        reason = F.when(read.isNotNull() & value.isNull(), _shown(expected, read))
    else:
        # Which column it was, Spark does not say: reading each by itself does. The first half of
        # the condition spares all rows but the refused ones that.
        alone = _from_json(T.StructType([T.StructField(field.name, field.dataType)]))
        as_text = _from_json(T.StructType([T.StructField(field.name, T.StringType())]))
        refused = F.col("json.c").isNotNull() & alone.getField("c").isNotNull()
        reason = F.when(refused, _shown(expected, as_text.getField("r").getField(field.name)))
    if not field.nullable:
        missing = F.lit(f"column {field.name}: expected a value, found none")
        reason = reason.when(read.isNull(), missing)
    return reason


def _shown(expected: str, value: Column) -> Column:
    return F.concat(F.lit(expected), F.coalesce(F.substring(value, 1, _VALUE_SHOWN), F.lit("none")))


def _joined(reasons: list[Column]) -> Column:
    if not reasons:
        return F.lit(None).cast("string")
    # array_join leaves nulls out.
    joined = F.array_join(F.array(*reasons), "; ")
    return F.when(joined != "", joined)


def _differences(keys: list[str], schema: T.StructType) -> list[str]:
    declared = schema.fieldNames()
    if not keys:
        return []
    undeclared = [key for key in keys if key not in declared]
    absent = [name for name in declared if name not in keys]
    notes = []
    if undeclared:
        notes.append(f"not in the declared schema, so not in the table: {', '.join(undeclared)}")
    if absent:
        notes.append(f"declared, but in no record of this batch: {', '.join(absent)}")
    return notes
