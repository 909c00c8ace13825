"""Keys that a column's name was meant by and is not: Id where the column is id.

Without this look such a key would be one that nobody asked for, and its column null in silence.
"""

from __future__ import annotations

import json
from functools import partial

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .columns import fold, none_of
from .quarantine import with_problem

_SPELLING = ": expected this spelling, found "
_SHOWN = 200


def flag_strangers(
    records: DataFrame, keys: list[str], columns: list[str], needed: bool
) -> DataFrame | None:
    """Records (see reading.py) get a problem that have a column's key in another spelling only or,
    where one of the columns is ``needed``, none of them. None where no record can be such a one.

    ``keys`` are all that the records have.
    """
    strange = sorted(set(keys) - set(columns))
    by_fold = {fold(name): name for name in columns}
    meant = {key: by_fold[fold(key)] for key in strange if fold(key) in by_fold}
    if not meant and not (strange and needed):
        return None
    found = F.col("keys")
    faults = [
        F.when(
            F.array_contains(found, key) & ~F.array_contains(found, name),
            F.lit(f"column {name}{_SPELLING}{key}"),
        )
        for key, name in meant.items()
    ]
    if strange and needed:
        shown = F.substring(F.array_join(found, ", "), 1, _SHOWN)
        known = F.array(*[F.lit(name) for name in columns])
        faults.append(
            F.when(~F.arrays_overlap(found, known), F.concat(F.lit(none_of(columns)), shown))
        )
    return with_problem(records.withColumn("keys", F.json_object_keys("text")), F.coalesce(*faults))


def flag_keys(records: DataFrame, names: list[str], reason: str) -> DataFrame:
    """Records with any of the keys at any depth get the reason. In Python: call it on need."""
    return with_problem(records, F.udf(partial(_has_key, frozenset(names), reason))("text"))


def flag_inner_strangers(records: DataFrame, columns: T.StructType) -> DataFrame:
    """As flag_strangers, for spellings inside the columns. Costs much: call it on need."""
    return with_problem(records, inner_stranger(F.col("text"), columns))


def has_inner_strangers(columns: T.DataType, found: T.DataType, inner: bool = False) -> bool:
    """Whether what inference found inside the columns has a name in another spelling."""
    if isinstance(columns, T.StructType) and isinstance(found, T.StructType):
        known = {field.name: field.dataType for field in columns.fields}
        folds = {fold(name) for name in known}
        return any(
            has_inner_strangers(known[field.name], field.dataType, True)
            if field.name in known
            else inner and fold(field.name) in folds
            for field in found.fields
        )
    if isinstance(columns, T.MapType) and isinstance(found, T.StructType):
        # Data shows a map as an object; its keys are data.
        return any(has_inner_strangers(columns.valueType, f.dataType, True) for f in found.fields)
    if isinstance(columns, T.ArrayType) and isinstance(found, T.ArrayType):
        return has_inner_strangers(columns.elementType, found.elementType, inner)
    return False


def lacks_inner_value(read: Column, kind: T.DataType) -> Column:
    """Whether any object inside a value lacks one. A cheap look: only then can a key of it be spelt
    in another way."""
    if isinstance(kind, T.StructType):
        found = F.lit(False)
        for field in kind.fields:
            value = read.getField(field.name)
            found = found | value.isNull() | lacks_inner_value(value, field.dataType)
        return F.coalesce(read.isNotNull() & found, F.lit(False))
    inner = kind.elementType if isinstance(kind, T.ArrayType) else None
    values = read
    if isinstance(kind, T.MapType):
        inner, values = kind.valueType, F.map_values(read)
    if not isinstance(inner, (T.StructType, T.MapType, T.ArrayType)):
        return F.lit(False)
    found = F.exists(values, lambda value: lacks_inner_value(value, inner))
    return F.coalesce(found, F.lit(False))


def inner_stranger(text: Column, kind: T.DataType) -> Column:
    """The first such key inside a JSON text of the type, as a reason; null where there is none."""
    if isinstance(kind, T.MapType):
        values = F.map_values(F.from_json(text, T.MapType(T.StringType(), T.StringType())))
        return _first(values, kind.valueType)
    if isinstance(kind, T.ArrayType):
        return _first(F.from_json(text, T.ArrayType(T.StringType())), kind.elementType)
    found = [F.lit(None).cast("string")]
    if isinstance(kind, T.StructType):
        for field in kind.fields:
            if isinstance(field.dataType, (T.StructType, T.MapType, T.ArrayType)):
                alone = T.StructType([T.StructField(field.name, T.StringType())])
                value = F.from_json(text, alone).getField(field.name)
                found.append(_stranger(value, field.dataType))
    return F.coalesce(*found)


def _has_key(names: frozenset, reason: str, text: str | None) -> str | None:
    found = []
    if text is not None:
        json.loads(
            text, object_pairs_hook=lambda pairs: found.extend(names & {k for k, _ in pairs})
        )
    return reason if found else None


def _stranger(text: Column, kind: T.DataType) -> Column:
    inner = inner_stranger(text, kind)
    if not isinstance(kind, T.StructType):
        return inner
    names = {fold(name): name for name in kind.fieldNames()}
    keys = F.json_object_keys(text)
    meant = F.create_map(*[F.lit(part) for pair in names.items() for part in pair])

    def name_of(key: Column) -> Column:
        return meant[F.lower(F.trim(key))]

    def is_strange(key: Column) -> Column:
        name = name_of(key)
        return (name != key) & ~F.array_contains(keys, name)

    first = F.get(F.filter(keys, is_strange), F.lit(0))
    return F.coalesce(
        F.concat(F.lit("inner field "), name_of(first), F.lit(_SPELLING), first), inner
    )


def _first(texts: Column, kind: T.DataType) -> Column:
    found = F.transform(texts, lambda text: _stranger(text, kind))
    return F.get(F.filter(found, lambda reason: reason.isNotNull()), F.lit(0))
