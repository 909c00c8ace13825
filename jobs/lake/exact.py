"""JSON values as they were written: how each type is read, judged and, on need, read once more.

Spark's parser is generous and rounds: 200 as TINYINT is -56 to it, "1,5" a DECIMAL of 15, 1e400
Infinity, and 1.10 in a column of text becomes 1.1. So some types are read as text or wider, and
converted here. Where that text may be a rounded number, the record is read again with each number
marked as text, which keeps its spelling; few records need that.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .values import WHOLE_FROM, converted

_TEXT = (T.DecimalType, T.DateType, T.TimestampType)
_REAL = (T.FloatType, T.DoubleType)
_INNER = (T.StructType, T.ArrayType, T.MapType)

_AS_READ = (
    T.StringType,
    T.BooleanType,
    T.ShortType,
    T.IntegerType,
    T.LongType,
    T.FloatType,
    T.DoubleType,
)

_MARK = "\ue000"
#: What the data itself has of the mark; a mark that stands before a number has none of it.
_OWN = _MARK + "x"
#: A number outside of strings whose digits may be more than a double's, or one with an exponent …
_LONG = r"[:,\[]\s*-?(?:[0-9.]{16}|[0-9.]+[eE])"
#: For a real type inside another: a fraction may have as many digits as it likes.
_LARGE = r"[:,\[]\s*-?(?:[0-9]{8}|[0-9.]+[eE])"
_LARGER = r"[:,\[]\s*-?(?:[0-9]{16}|[0-9.]+[eE])"
#: … or any that the parser would write in another way than it stands there. Both may be met in a
#: string too, which costs time and nothing else.
_RESPELT = r"[:,\[]\s*(?:-?[0-9]+[.eE]|-0)"
_TINY = r"[:,\[]\s*-?[0-9.]+[eE]-[0-9]{2}|0{40}"
#: Text that may be a number as the parser writes one, or an object or array with one inside.
_SUSPECT = r'^(?:-?[0-9]+\.[0-9]+(?:E-?[0-9]+)?$|0$|"-?Inf|[\[{])'
_HALF_A_PAIR = (
    r"(?i)\\ud[89ab][0-9a-f]{2}(?!\\ud[c-f][0-9a-f]{2})"
    r"|(?<!\\ud[89ab][0-9a-f]{2})\\ud[c-f][0-9a-f]{2}"
)


def read_type(kind: T.DataType, literal: bool = False) -> T.DataType:
    """As what a value of the type is read; ``literal``: from a text with marked numbers."""
    if isinstance(kind, T.StructType):
        return T.StructType(
            [T.StructField(key(f.name, literal), read_type(f.dataType, literal)) for f in kind]
        )
    if isinstance(kind, T.ArrayType):
        return T.ArrayType(read_type(kind.elementType, literal))
    if isinstance(kind, T.MapType):
        return T.MapType(kind.keyType, read_type(kind.valueType, literal))
    if literal:
        return kind if isinstance(kind, T.BooleanType) else T.StringType()
    if isinstance(kind, T.ByteType):
        return T.ShortType()
    return T.StringType() if isinstance(kind, _TEXT) else kind


def needs_literal(kind: T.DataType) -> bool:
    return has_leaf(kind, (T.StringType, T.DecimalType, *_REAL))


def has_leaf(kind: T.DataType, leaves: tuple) -> bool:
    if isinstance(kind, T.StructType):
        return any(has_leaf(field.dataType, leaves) for field in kind.fields)
    if isinstance(kind, _INNER):
        return has_leaf(_element(kind), leaves)
    return isinstance(kind, leaves)


def value(read: Column, kind: T.DataType, literal: bool = False) -> Column:
    """What was read by read_type → the type; null where it does not fit exactly."""
    if not literal and not has_leaf(kind, (*_TEXT, T.ByteType)):
        return read
    if isinstance(kind, T.StructType):
        fields = [
            value(read.getField(key(f.name, literal)), f.dataType, literal).alias(f.name)
            for f in kind.fields
        ]
        return F.when(read.isNotNull(), F.struct(*fields))
    if isinstance(kind, T.ArrayType):
        return F.transform(read, lambda each: value(each, kind.elementType, literal))
    if isinstance(kind, T.MapType):
        values = F.transform_values(read, lambda _, each: value(each, kind.valueType, literal))
        return F.transform_keys(values, lambda key, _: unmarked(key)) if literal else values
    if isinstance(kind, T.BooleanType):
        return read
    if not literal:
        return converted(read.cast("string"), kind)
    if isinstance(kind, (T.StringType, T.DecimalType)):
        return converted(unmarked(read), kind)
    if isinstance(kind, (T.DateType, T.TimestampType)):
        return converted(read, kind)
    number = F.when(read.startswith(_MARK), converted(F.substring(read, 2, 1 << 30), kind))
    if isinstance(kind, _REAL):
        return number.when(read.rlike(r"^(?:NaN|[+-]?Inf(?:inity)?|[+-]?INF)$"), read.cast(kind))
    return number


def misfits(read: Column, kind: T.DataType, literal: bool = False) -> Column | None:
    """Whether anything inside of what was read does not fit; None where all of it must."""
    if isinstance(kind, T.StructType):
        inner = [
            misfits(read.getField(key(f.name, literal)), f.dataType, literal) for f in kind.fields
        ]
        found = [misfit for misfit in inner if misfit is not None]
        return _any(found) if found else None
    if isinstance(kind, _INNER):
        values = F.map_values(read) if isinstance(kind, T.MapType) else read
        if misfits(read, _element(kind), literal) is None:
            return None
        found = F.exists(values, lambda each: misfits(each, _element(kind), literal))
        return F.coalesce(found, F.lit(False))
    always_fits = (T.StringType, T.BooleanType) if literal else _AS_READ
    if isinstance(kind, always_fits):
        return None
    return read.isNotNull() & value(read, kind, literal).isNull()


def is_no_double(read: Column) -> Column:
    """As misfits, of what is read from a marked text."""
    return misfits(read, T.DoubleType(), literal=True)


def is_doubtful(read: dict[str, Column], fields: list[T.StructField], text: Column) -> Column:
    """Whether any of the values may be another number than the text has; cheap where none is."""
    texts, reals, inner_texts, numbers = [], [], [], set()
    whole_from = WHOLE_FROM[T.DoubleType]
    for field in fields:
        kind, found = field.dataType, read[field.name]
        if isinstance(kind, T.StringType):
            texts.append(found.rlike(_SUSPECT))
        elif isinstance(kind, _REAL):
            whole_from = min(whole_from, WHOLE_FROM[type(kind)])
            reals.append(F.abs(found).cast("double"))
        else:
            patterns = {T.DecimalType: _LONG, T.FloatType: _LARGE, T.DoubleType: _LARGER}
            numbers |= {patterns[leaf] for leaf in patterns if has_leaf(kind, (leaf,))}
            if has_leaf(kind, (T.StringType,)):
                inner_texts.append(_has_suspect(found, kind))
    found = [text.rlike(pattern) for pattern in sorted(numbers)]
    if reals:
        found.append(F.greatest(*reals, F.lit(0.0)) >= whole_from)
        found.append((F.least(*reals, F.lit(1.0)) == 0) & text.rlike(_TINY))
    if texts:
        found.append(_any(texts) & text.rlike(_RESPELT))
    if inner_texts:
        found.append(text.rlike(_RESPELT) & _any(inner_texts))
    return F.coalesce(_any(found), F.lit(False))


def values_as_written(text: Column) -> Column:
    """Key → value, marked; null where the text is no object. See unmarked and key."""
    return F.from_json(marked(text), T.MapType(T.StringType(), T.StringType()))


def has_half_a_pair(text: Column) -> Column:
    """Whether a string has half of an escaped surrogate pair: no character, and ? to Spark."""
    plain = F.replace(text, F.lit("\\\\"), F.lit("_"))
    return (text.contains("\\ud") | text.contains("\\uD")) & plain.rlike(_HALF_A_PAIR)


def marked(text: Column) -> Column:
    """A JSON text with each number as a string that begins with the mark."""
    # Without escaped quotes, every other piece between two quotes is a string's inside.
    plain = F.replace(text, F.lit("\\\\"), F.lit("\\u005c"))
    plain = F.replace(plain, F.lit('\\"'), F.lit("\\u0022"))
    plain = F.regexp_replace(plain, rf"(?i){_MARK}|\\ue000", _OWN)

    def mark(piece: Column, at: Column) -> Column:
        numbers = F.regexp_replace(piece, "-?[0-9][0-9.eE+-]*", f'"{_MARK}$0"')
        return F.when(at % 2 == 0, numbers).otherwise(piece)

    return F.array_join(F.transform(F.split(plain, '"'), mark), '"')


def unmarked(text: Column) -> Column:
    """What was read from a marked text, as it stood there."""
    pattern = rf'"{_MARK}([0-9.eE+-]+)"|^{_MARK}(?!x)|({_MARK})x'
    return F.regexp_replace(text, pattern, "$1$2")


def _has_suspect(read: Column, kind: T.DataType) -> Column:
    if isinstance(kind, T.StructType):
        texts = [f for f in kind.fields if has_leaf(f.dataType, (T.StringType,))]
        return _any([_has_suspect(read.getField(f.name), f.dataType) for f in texts])
    if isinstance(kind, _INNER):
        values = F.map_values(read) if isinstance(kind, T.MapType) else read
        return F.exists(values, lambda each: _has_suspect(each, _element(kind)))
    return read.rlike(_SUSPECT)


def _element(kind: T.DataType) -> T.DataType:
    return kind.elementType if isinstance(kind, T.ArrayType) else kind.valueType


def key(name: str, literal: bool = True) -> str:
    """The name of a field in a marked text."""
    return name.replace(_MARK, _OWN) if literal else name


def _any(tests: list[Column]) -> Column:
    # Without coalesce inside: an unknown test beside a true one hides nothing.
    return F.coalesce(reduce(or_, tests, F.lit(False)), F.lit(False))
