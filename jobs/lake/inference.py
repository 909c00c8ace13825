"""Which schema a run's records are read with: declared, pinned by the table, or inferred."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .config import ICEBERG, SourceConfig
from .errors import JobError
from .layout import PARTITION_COLUMNS
from .pinning import (
    can_grow,
    column_of,
    loosened,
    named,
    number_of_fields,
    read_type,
    too_long_names,
    widened,
)
from .quarantine import flag_repeated_keys
from .schema import (
    has_repeated_names,
    inferred_csv_schema,
    inferred_json_schema,
    read_text,
    top_level_keys,
)
from .spelling import flag_inner_strangers, flag_keys, has_inner_strangers

#: Columns and inner fields of a table whose types are guessed. Glue takes some thousands, those of
#: earlier schemas included, and Spark's time grows faster than their number.
MAX_FIELDS = 1000

_TOO_LONG = "expected keys of at most 239 characters, found a longer one"


@dataclass(frozen=True)
class Schema:
    """``fields``: names as the data spells them, each with its column (see pinning.named).

    ``enforced``: a value that does not fit is a fault of its record. ``guessed``: the types come
    from data, not from a person. ``records`` are those given, with what inference found wrong.
    """

    fields: T.StructType
    records: DataFrame
    enforced: bool
    guessed: bool
    notes: list[str] = field(default_factory=list)


def schema_of(
    records: DataFrame, keys: list[str], source: SourceConfig, pinned: T.StructType | None
) -> Schema:
    """``keys`` are all that the records have. A declared schema needs no look at their values."""
    if source.schema:
        fields = _named(source.schema, pinned)
        return Schema(fields, records, True, False, _differences(keys, source.schema))
    _check_number(records, set(keys), pinned)
    records, found = _found(records, keys, source, pinned)
    long = too_long_names(found, pinned) if source.layout == ICEBERG else ()
    if long:
        records = flag_keys(records, sorted(long), _TOO_LONG)
        records, found = _found(records, top_level_keys(records), source, pinned)
    if pinned is None:
        fields, notes = _settled(found, source)
        fields = _by_column(_named(fields, None))
        _check_number(records, fields, None)
        return Schema(fields, records, False, True, notes)
    notes = _unused(found)
    found = T.StructType([f for f in found.fields if not isinstance(f.dataType, T.NullType)])
    known = set(pinned.fieldNames())
    fields = _named(widened(pinned, found), pinned)
    new = _by_column(T.StructType([f for f in fields.fields if f.name not in known]))
    fields = T.StructType([f for f in fields.fields if f.name in known] + new.fields)
    _check_number(records, fields, pinned)
    return Schema(fields, records, True, True, notes)


def _check_number(records: DataFrame, found: set | T.StructType, pinned: T.StructType | None):
    """``found``: the keys, or the whole type that they and the pinned columns make."""
    before = number_of_fields(pinned) if pinned else 0
    if isinstance(found, set):
        names = found - set(pinned.fieldNames() if pinned else ())
        number = len(names) + before
    else:
        names, number = [], number_of_fields(found)
    if number <= MAX_FIELDS or number <= before:
        return
    keys = F.size(F.json_object_keys("text"))
    most = F.max_by("file", F.struct(keys, F.length("text")))
    file = records.where("text is not null").agg(most).first()[0]
    such = f" (such as {', '.join(sorted(names)[:3])})" if names else ""
    raise JobError(
        f"{file} and its like have keys{such} that would make {number} columns and inner fields, "
        f"above the limit of {MAX_FIELDS}. Where keys are data, declare a schema for the source, "
        "with a MAP<STRING, …> for such keys, or bring them into an array"
    )


def _found(
    records: DataFrame, keys: list[str], source: SourceConfig, pinned: T.StructType | None
) -> tuple:
    if pinned is None:
        return _inferred(records, keys, source)
    return _additions(records, keys, source, pinned)


def _additions(
    records: DataFrame, keys: list[str], source: SourceConfig, pinned: T.StructType
) -> tuple:
    """The records, and the types of those columns that are new or may have grown."""
    known = {f.name: f.dataType for f in pinned.fields}
    asked = [key for key in keys if key not in known or can_grow(known[key])]
    if source.format == "csv" or not asked:
        return records, inferred_csv_schema(records, asked)
    # Only what fits says how a type grows: one odd value would make text of the whole column.
    names = [key for key in keys if key in known]
    wide = read_type(loosened(T.StructType([f for f in pinned.fields if f.name in names])))
    if not names:
        wide = T.StructType([T.StructField(keys[0], T.StringType())])

    def fitting(rows: DataFrame) -> DataFrame:
        return rows.withColumn("fit", read_text(wide)).where("fit.c is null")

    records, found = _inferred(records, keys, source, fitting)
    if has_inner_strangers(pinned, found):
        records = flag_inner_strangers(records, pinned)
        records, found = _inferred(records, top_level_keys(records), source, fitting)
    return records, T.StructType([f for f in found.fields if f.name in asked])


def _inferred(
    records: DataFrame,
    keys: list[str],
    source: SourceConfig,
    among: Callable[[DataFrame], DataFrame] = lambda rows: rows,
) -> tuple:
    """The records, flagged where need be, and the types that those ``among`` them have."""
    if source.format == "csv" or not keys:
        return records, inferred_csv_schema(records, keys)
    found = inferred_json_schema(among(records), keys)
    if has_repeated_names(found):
        records = flag_repeated_keys(records)
        found = inferred_json_schema(among(records), top_level_keys(records))
    return records, found


def _settled(found: T.StructType, source: SourceConfig) -> tuple:
    """A column that has never had a value gets its type with its first one: a table keeps types."""
    if source.layout == ICEBERG:
        seen = [f for f in found.fields if not isinstance(f.dataType, T.NullType)]
        if seen:
            return T.StructType(seen), _unused(found)
    # Plain files are written anew each time; and Spark has no use for a struct without fields.
    fields = [
        T.StructField(f.name, T.StringType()) if isinstance(f.dataType, T.NullType) else f
        for f in found.fields or [T.StructField("column", T.StringType())]
    ]
    return T.StructType(fields), []


def _unused(found: T.StructType) -> list[str]:
    names = [f.name for f in found.fields if isinstance(f.dataType, T.NullType)]
    return (
        [f"without any value so far, so not in the table yet: {', '.join(names)}"] if names else []
    )


def _named(fields: T.StructType, pinned: T.StructType | None) -> T.StructType:
    return named(fields, pinned, PARTITION_COLUMNS)


def _by_column(fields: T.StructType) -> T.StructType:
    return T.StructType(sorted(fields.fields, key=column_of))


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
