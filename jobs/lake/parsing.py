"""Records → typed rows with accepted column names, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .config import ICEBERG, SourceConfig
from .inference import Schema, schema_of
from .pinning import plain_type, read_type, table_type
from .quarantine import repeats_inner_key
from .schema import read_text, top_level_keys
from .spelling import flag_strangers, inner_stranger, lacks_inner_value
from .values import converted

_VALUE_SHOWN = 60


@dataclass(frozen=True)
class Parsed:
    """``rows``: ``day string, file string, raw_text string, reason string, slot_key bigint, record
    struct``. A rejected row has a reason and raw_text, any other a record.

    ``columns`` is the record's type, with the comments that the table keeps. ``notes`` is what a
    person should hear of, though it is no fault.
    """

    rows: DataFrame
    columns: T.StructType
    notes: list[str] = field(default_factory=list)


def parse(records: DataFrame, source: SourceConfig, pinned: T.StructType | None = None) -> Parsed:
    """Every record of reading.read_records gives exactly one row.

    ``pinned`` are the columns that the table has already (see pinning.py): they keep their order,
    their names and, but for what widens safely, their types. Else columns stand in the order of a
    declared schema, or in that of their names.

    ``records`` is read more than once: persist it first.
    """
    records, keys = _spelt(records, source, source.schema or pinned)
    schema = schema_of(records, keys, source, pinned)
    columns = (table_type if source.layout == ICEBERG else plain_type)(schema.fields)
    return Parsed(_rows(schema, source, columns), columns, schema.notes)


def _spelt(records: DataFrame, source: SourceConfig, known: T.StructType | None) -> tuple:
    """The records, flagged where they spell no column, and the keys of the others."""
    keys = top_level_keys(records)
    if known is None:
        return records, keys
    # A JSON record of new keys alone is one of new columns; a CSV file of none but unknown columns
    # is most likely one without a header.
    needed = source.schema is not None or source.format == "csv"
    flagged = flag_strangers(records, keys, known.fieldNames(), needed)
    if flagged is None:
        return records, keys
    # A declared schema takes no new columns: what the others have is no matter then.
    return flagged, keys if source.schema else top_level_keys(flagged)


def _rows(schema: Schema, source: SourceConfig, columns: T.StructType) -> DataFrame:
    fields = read_type(schema.fields).fields
    read_as = T.StructType([T.StructField(f.name, _read_type(f, source)) for f in fields])
    read = {f.name: F.col("json.r").getField(f.name) for f in fields}
    values = {f.name: _value(read[f.name], f, source, schema.guessed) for f in fields}
    optional = {f.name: f.nullable for f in schema.fields.fields}
    misfits = [
        _misfit(f, read[f.name], values[f.name], source, optional[f.name])
        for f in fields
        if schema.enforced or _is_converted(f, source)
    ]
    inferred = source.format == "csv" or not schema.enforced
    repeated = F.lit(False) if inferred else repeats_inner_key(F.col("text"), schema.fields)
    gaps = F.lit(False)
    for f in [] if inferred else fields:
        gaps = gaps | lacks_inner_value(read[f.name], f.dataType)
    reason = F.coalesce(
        F.col("problem"),
        F.when(repeated, F.lit("a key stands twice in an inner object")),
        F.when(gaps, inner_stranger(F.col("text"), schema.fields)),
        _joined(misfits),
        F.when(F.col("json.c").isNotNull(), F.lit("not valid JSON")),
    )
    record = F.struct(
        *[values[f.name].cast(c.dataType).alias(c.name) for f, c in zip(fields, columns.fields)]
    )
    rows = schema.records.withColumn("json", read_text(read_as)).select(
        "day",
        "file",
        "text",
        "raw",
        reason.alias("reason"),
        F.xxhash64("text", "raw").alias("slot_key"),
        record.alias("record"),
    )
    # Only a rejected row needs its text any longer; it would double what is kept in memory.
    raw_text = F.when(F.col("reason").isNotNull(), F.coalesce("raw", "text")).alias("raw_text")
    return rows.select("day", "file", raw_text, "reason", "slot_key", "record")


def _read_type(field: T.StructField, source: SourceConfig) -> T.DataType:
    return T.StringType() if _is_converted(field, source) else field.dataType


def _is_converted(field: T.StructField, source: SourceConfig) -> bool:
    # Spark's JSON parser is generous with times: 2025 is a date to it, a number an instant.
    return source.format == "csv" or isinstance(field.dataType, (T.DateType, T.TimestampType))


def _value(read: Column, field: T.StructField, source: SourceConfig, guessed: bool) -> Column:
    if _is_converted(field, source):
        return converted(read, field.dataType, guessed)
    return read


def _misfit(
    field: T.StructField, read: Column, value: Column, source: SourceConfig, optional: bool
) -> Column:
    """Why the column's value is refused; null where it fits."""
    expected = f"column {field.name}: expected {field.dataType.simpleString().upper()}, found "
    if _is_converted(field, source):
        reason = F.when(read.isNotNull() & value.isNull(), _shown(expected, read))
    else:
        # Which column it was, Spark does not say: reading each by itself does. The first half of
        # the condition spares all rows but the refused ones that.
        alone = read_text(T.StructType([T.StructField(field.name, field.dataType)]))
        as_text = read_text(T.StructType([T.StructField(field.name, T.StringType())]))
        refused = F.col("json.c").isNotNull() & alone.getField("c").isNotNull()
        reason = F.when(refused, _shown(expected, as_text.getField("r").getField(field.name)))
    if not optional:
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
