"""Records → typed rows with accepted column names, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from . import exact
from .config import ICEBERG, SourceConfig
from .inference import Schema, schema_of
from .pinning import plain_type, read_type, table_type
from .quarantine import repeats_inner_key
from .schema import read_text, top_level_keys
from .spelling import flag_strangers, inner_stranger, lacks_inner_value
from .values import converted

_VALUE_SHOWN = 60
_HALF_A_PAIR = "a string has half of a surrogate pair, which is no character"
_REPEATED = "a key stands twice in an inner object"


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
    read = _csv_read(schema) if source.format == "csv" else _json_read(schema)
    optional = {f.name: f.nullable for f in schema.fields.fields}
    misfits = [_misfit(f, read, optional[f.name]) for f in read.fields]
    reason = F.coalesce(
        F.col("problem"),
        *read.faults,
        _joined([misfit for misfit in misfits if misfit is not None]),
        F.when(read.refused, F.lit("not valid JSON")),
    )
    record = F.struct(
        *[
            read.values[f.name].cast(c.dataType).alias(c.name)
            for f, c in zip(read.fields, columns.fields)
        ]
    )
    rows = read.records.select(
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


@dataclass(frozen=True)
class _Read:
    """``values`` by field; ``misfits``: where one is none of its type, what stands there instead.

    ``refused`` is where the parser itself took a record for none of the schema.
    """

    records: DataFrame
    fields: list[T.StructField]
    values: dict[str, Column]
    misfits: dict[str, Column]
    refused: Column
    faults: list[Column]


def _csv_read(schema: Schema) -> _Read:
    fields = read_type(schema.fields).fields
    as_text = T.StructType([T.StructField(f.name, T.StringType()) for f in fields])
    read = {f.name: F.col("json.r").getField(f.name) for f in fields}
    values = {f.name: converted(read[f.name], f.dataType, schema.guessed) for f in fields}
    misfits = {
        name: F.when(text.isNotNull() & values[name].isNull(), text) for name, text in read.items()
    }
    records = schema.records.withColumn("json", read_text(as_text))
    return _Read(records, fields, values, misfits, F.lit(False), [])


def _json_read(schema: Schema) -> _Read:
    fields = read_type(schema.fields).fields
    text, refused = F.col("text"), F.col("json.c").isNotNull()
    records = schema.records.withColumn("json", read_text(exact.read_type(T.StructType(fields))))
    read = {f.name: F.col("json.r").getField(f.name) for f in fields}
    values = {f.name: exact.value(read[f.name], f.dataType) for f in fields}
    wrong = {f.name: exact.misfits(read[f.name], f.dataType) for f in fields}
    unsure = [f for f in fields if exact.needs_literal(f.dataType)]
    if unsure:
        kind = exact.read_type(T.StructType(unsure), literal=True)
        doubtful = exact.is_doubtful(read, unsure, text)
        literally = F.when(doubtful, read_text(kind, exact.marked(text)))
        records = records.withColumn("exact", literally)
        again = F.col("exact").isNotNull()
        found = {f.name: F.col("exact.r").getField(k.name) for f, k in zip(unsure, kind.fields)}
        texts = [f.name for f in unsure if isinstance(f.dataType, T.StringType)]
        reals = [f.name for f in unsure if isinstance(f.dataType, T.DoubleType)]
        # One expression for all columns of a sort: Spark's time to plan grows with their number.
        kept = F.transform(F.array(*[found[name] for name in texts]), exact.unmarked)
        odd = F.transform(F.array(*[found[name] for name in reals]), exact.is_no_double)
        records = records.withColumn("kept", F.when(again, kept) if texts else F.lit(None))
        records = records.withColumn("odd", F.when(again, odd) if reals else F.lit(None))
        for at, name in enumerate(texts):
            values[name] = F.when(again, F.col("kept").getItem(at)).otherwise(values[name])
        for at, name in enumerate(reals):
            wrong[name] = F.coalesce(F.col("odd").getItem(at), F.lit(False))
        for f in unsure:
            if f.name in {*texts, *reals}:
                continue
            value = exact.value(found[f.name], f.dataType, literal=True)
            misfit = exact.misfits(found[f.name], f.dataType, literal=True)
            values[f.name] = F.when(again, value).otherwise(values[f.name])
            if misfit is not None:
                misfit, fast = again & misfit, wrong[f.name]
                wrong[f.name] = misfit if fast is None else misfit | (~again & fast)
    asked = [f for f in fields if schema.enforced or wrong[f.name] is not None]
    # What stands there is read for the refused rows alone, and for all of their columns at once.
    bad = reduce(or_, [wrong[f.name] for f in asked if wrong[f.name] is not None], refused)
    records = records.withColumn("written", F.when(bad, exact.values_as_written(text)))
    misfits = {}
    for f in asked:
        misfit = F.lit(False) if wrong[f.name] is None else wrong[f.name]
        if schema.enforced:
            # Which column it was, Spark does not say: reading each by itself does.
            alone = read_text(exact.read_type(T.StructType([f])))
            misfit = (refused & alone.getField("c").isNotNull()) | misfit
        written = F.element_at("written", exact.key(f.name))
        shown = F.coalesce(exact.unmarked(written), F.lit("none"))
        misfits[f.name] = F.when(misfit, shown)
    nothing = read_text(T.StructType([T.StructField("", T.StringType())]))
    faults = [F.when(refused & nothing.getField("c").isNotNull(), F.lit("not valid JSON"))]
    faults.append(F.when(exact.has_half_a_pair(text), F.lit(_HALF_A_PAIR)))
    if schema.enforced:
        faults.append(F.when(repeats_inner_key(text, schema.fields), F.lit(_REPEATED)))
    if not schema.guessed:
        gaps = [lacks_inner_value(read[f.name], f.dataType) for f in fields]
        faults.append(F.when(reduce(or_, gaps), inner_stranger(text, schema.fields)))
    return _Read(records, fields, values, misfits, refused, faults)


def _misfit(field: T.StructField, read: _Read, optional: bool) -> Column | None:
    """Why the column's value is refused; null where it fits."""
    reason = None
    if field.name in read.misfits:
        found = read.misfits[field.name]
        expected = f"column {field.name}: expected {field.dataType.simpleString().upper()}, found "
        shown = F.concat(F.lit(expected), F.substring(found, 1, _VALUE_SHOWN))
        reason = F.when(found.isNotNull(), shown)
    if not optional:
        missing = F.lit(f"column {field.name}: expected a value, found none")
        reason = F.coalesce(reason, F.when(read.values[field.name].isNull(), missing))
    return reason


def _joined(reasons: list[Column]) -> Column:
    if not reasons:
        return F.lit(None).cast("string")
    # array_join leaves nulls out.
    joined = F.array_join(F.array(*reasons), "; ")
    return F.when(joined != "", joined)
