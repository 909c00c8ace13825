"""The columns that a table pins: how each field is spelt in the data, what its column is called and
of which type it is, at every depth.

Here a schema's fields have the data's spelling for a name, and the column's as metadata. In the
table it is the other way round: the data's spelling is the column's comment where the two differ.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from pyspark.sql import types as T

from .columns import glue_names, normalise
from .layout import PARTITION_COLUMNS

_COLUMN = "column"
_SPELLING = "source field: "
#: What Glue takes as a column's comment: so many characters, none that ends a line.
_COMMENT_LENGTH = 255


def columns_of_table(table: T.StructType) -> T.StructType:
    """A table's schema → what it pins, without the partition's columns."""

    def spelt(field: T.StructField, kind: T.DataType) -> T.StructField:
        return T.StructField(_spelling_of(field), kind, True, {_COLUMN: field.name})

    pinned = _rebuilt(table, spelt)
    return T.StructType([f for f in pinned.fields if column_of(f) not in PARTITION_COLUMNS])


def named(kind: T.DataType, pinned: T.DataType | None = None, reserved: tuple = ()) -> T.DataType:
    """The type with a column name in each field's metadata: the pinned one, else a new one."""
    if isinstance(kind, T.StructType):
        known = {f.name: f for f in pinned.fields} if isinstance(pinned, T.StructType) else {}
        fixed = {name: column_of(field) for name, field in known.items()}
        names = glue_names(kind.fieldNames(), reserved, fixed)
        fields = []
        for field in kind.fields:
            inner = known[field.name].dataType if field.name in known else None
            about = {_COLUMN: names[field.name]}
            fields.append(
                T.StructField(field.name, named(field.dataType, inner), field.nullable, about)
            )
        return T.StructType(fields)
    if isinstance(kind, T.ArrayType):
        inner = pinned.elementType if isinstance(pinned, T.ArrayType) else None
        return T.ArrayType(named(kind.elementType, inner), True)
    if isinstance(kind, T.MapType):
        inner = pinned.valueType if isinstance(pinned, T.MapType) else None
        return T.MapType(kind.keyType, named(kind.valueType, inner), True)
    return kind


def column_of(field: T.StructField) -> str:
    return field.metadata.get(_COLUMN, field.name)


def is_too_long(name: str) -> bool:
    """Whether a table cannot keep how the data spells a column."""
    return normalise(name) != name and len(_comment(name).encode("utf-16-le")) > _COMMENT_LENGTH * 2


def too_long_names(found: T.DataType, pinned: T.DataType | None = None) -> set[str]:
    """Of a type that inference found, the names that a table cannot keep, at every depth."""
    if isinstance(found, T.StructType):
        # Data shows a map as an object; its keys are data.
        if isinstance(pinned, T.MapType):
            inner = [(field.dataType, pinned.valueType) for field in found.fields]
            return set().union(*[too_long_names(*pair) for pair in inner])
        known = {f.name: f.dataType for f in pinned} if isinstance(pinned, T.StructType) else {}
        names = {n for n in found.fieldNames() if n not in known and is_too_long(n)}
        inner = [too_long_names(f.dataType, known.get(f.name)) for f in found.fields]
        return names.union(*inner)
    if isinstance(found, T.ArrayType):
        inner = pinned.elementType if isinstance(pinned, T.ArrayType) else None
        return too_long_names(found.elementType, inner)
    return set()


def number_of_fields(kind: T.DataType) -> int:
    """At every depth: Glue counts them all."""
    if isinstance(kind, T.StructType):
        return sum(1 + number_of_fields(field.dataType) for field in kind.fields)
    if isinstance(kind, T.ArrayType):
        return number_of_fields(kind.elementType)
    return number_of_fields(kind.valueType) if isinstance(kind, T.MapType) else 0


def plain_type(kind: T.DataType) -> T.DataType:
    """A named type as Parquet has it: the columns' names, everything optional."""
    return _rebuilt(kind, lambda field, inner: T.StructField(column_of(field), inner))


def table_type(kind: T.DataType) -> T.DataType:
    """A named type as an Iceberg table has it; the inverse of columns_of_table."""

    def column(field: T.StructField, inner: T.DataType) -> T.StructField:
        name = column_of(field)
        comment = {} if name == field.name else {"comment": _comment(field.name)}
        return T.StructField(name, inner, True, comment)

    return _rebuilt(kind, column, _iceberg_type)


def read_type(kind: T.DataType) -> T.DataType:
    """A pinned type → that which the data is read as: a time may carry a zone there."""

    def leaf(kind: T.DataType) -> T.DataType:
        return T.TimestampType() if isinstance(kind, T.TimestampNTZType) else kind

    return _rebuilt(kind, lambda field, inner: T.StructField(field.name, inner), leaf)


def loosened(pinned: T.DataType) -> T.DataType:
    """The widest type that the pinned one could become, to see which records fit at all."""

    def leaf(kind: T.DataType) -> T.DataType:
        if isinstance(kind, T.IntegerType):
            return T.LongType()
        return T.DoubleType() if isinstance(kind, T.FloatType) else kind

    return _rebuilt(
        pinned, lambda field, inner: T.StructField(field.name, inner, True, field.metadata), leaf
    )


def widened(pinned: T.DataType, found: T.DataType) -> T.DataType:
    """The pinned type with what Iceberg may safely add to it: fields, and wider numbers."""
    if isinstance(pinned, T.StructType) and isinstance(found, T.StructType):
        new = {field.name: field for field in found.fields}
        known = [
            T.StructField(f.name, widened(f.dataType, new[f.name].dataType), True, f.metadata)
            if f.name in new
            else f
            for f in pinned.fields
        ]
        names = set(pinned.fieldNames())
        return T.StructType([*known, *[f for f in found.fields if f.name not in names]])
    if isinstance(pinned, T.ArrayType) and isinstance(found, T.ArrayType):
        return T.ArrayType(widened(pinned.elementType, found.elementType), True)
    if isinstance(pinned, T.MapType) and isinstance(found, T.MapType):
        return T.MapType(pinned.keyType, widened(pinned.valueType, found.valueType), True)
    return found if _is_safe(pinned, found) else pinned


def can_grow(pinned: T.DataType) -> bool:
    """Whether data of a known column could change its type: an inner field, a wider number."""
    if isinstance(pinned, T.ArrayType):
        return can_grow(pinned.elementType)
    if isinstance(pinned, T.MapType):
        return can_grow(pinned.valueType)
    return isinstance(pinned, (T.StructType, T.IntegerType, T.FloatType))


def conflicts(pinned: T.DataType, declared: T.DataType, where: str = "") -> list[str]:
    """What of a declared type the table cannot be changed to, each as a sentence."""
    if isinstance(pinned, T.StructType) and isinstance(declared, T.StructType):
        new, found = {field.name: field.dataType for field in declared.fields}, []
        for field in pinned.fields:
            name = f"{where}.{field.name}" if where else field.name
            if field.name not in new:
                found.append(f"{name} stands in the table and is declared no longer")
            else:
                found += conflicts(field.dataType, new[field.name], name)
        return found
    if isinstance(pinned, T.ArrayType) and isinstance(declared, T.ArrayType):
        return conflicts(pinned.elementType, declared.elementType, where)
    if isinstance(pinned, T.MapType) and isinstance(declared, T.MapType):
        return conflicts(pinned.valueType, declared.valueType, where)
    wanted = _iceberg_type(declared)
    if read_type(pinned) == read_type(wanted) or _is_safe(pinned, wanted):
        return []
    types = [read_type(kind).simpleString().upper() for kind in (pinned, declared)]
    return [f"{where} is {types[0]} in the table and declared {types[1]}"]


def _comment(name: str) -> str:
    text = json.dumps(name, ensure_ascii=False)
    # No characters, says Unicode, and so does Glue.
    for odd in ("\ufffe", "\uffff"):
        text = text.replace(odd, f"\\u{ord(odd):x}")
    return _SPELLING + text


def _spelling_of(column: T.StructField) -> str:
    comment = column.metadata.get("comment") or ""
    if not comment.startswith(_SPELLING):
        return column.name
    text = comment[len(_SPELLING) :]
    try:
        name = json.loads(text)
    except ValueError:
        name = None
    return name if isinstance(name, str) else text


def _is_safe(narrow: T.DataType, wide: T.DataType) -> bool:
    if isinstance(narrow, T.DecimalType) and isinstance(wide, T.DecimalType):
        return narrow.scale == wide.scale and narrow.precision < wide.precision
    return (isinstance(narrow, T.IntegerType) and isinstance(wide, T.LongType)) or (
        isinstance(narrow, T.FloatType) and isinstance(wide, T.DoubleType)
    )


def _iceberg_type(kind: T.DataType) -> T.DataType:
    if isinstance(kind, (T.ByteType, T.ShortType)):
        return T.IntegerType()
    # In UTC, without a zone: Athena makes no view over a column with one.
    return T.TimestampNTZType() if isinstance(kind, T.TimestampType) else kind


def _rebuilt(
    kind: T.DataType,
    field: Callable[[T.StructField, T.DataType], T.StructField],
    leaf: Callable[[T.DataType], T.DataType] = lambda kind: kind,
) -> T.DataType:
    """The type with each field and each innermost type made anew."""
    if isinstance(kind, T.StructType):
        return T.StructType([field(f, _rebuilt(f.dataType, field, leaf)) for f in kind.fields])
    if isinstance(kind, T.ArrayType):
        return T.ArrayType(_rebuilt(kind.elementType, field, leaf), True)
    if isinstance(kind, T.MapType):
        return T.MapType(kind.keyType, _rebuilt(kind.valueType, field, leaf), True)
    return leaf(kind)
