"""Text → typed values: which type a column of strings has, and which strings a type accepts.

Patterns stand before every cast, because a cast alone is generous: ``1.5`` as int gives 1, ``2025``
as date gives New Year's Day.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

_INTEGER = r"^[+-]?[0-9]+$"
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_BOOLEAN = r"^(?i:true|false)$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIMESTAMP = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
#: From where on a real type does not hold every whole number.
WHOLE_FROM = {T.FloatType: float(2**24), T.DoubleType: float(2**53)}
# What is guessed is narrower than what is accepted: 007 is a code, not a number.
_GUESSED_INTEGER = r"^-?(0|[1-9][0-9]*)$"
_GUESSED_DOUBLE = r"^-?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"

_PATTERNS = {
    T.BooleanType: _BOOLEAN,
    T.ByteType: _INTEGER,
    T.ShortType: _INTEGER,
    T.IntegerType: _INTEGER,
    T.LongType: _INTEGER,
    T.FloatType: _NUMBER,
    T.DoubleType: _NUMBER,
    T.DateType: _DATE,
    T.TimestampType: _TIMESTAMP,
}

_GUESSED = {T.LongType: _GUESSED_INTEGER, T.DoubleType: _GUESSED_DOUBLE}


def converted(text: Column, kind: T.DataType, guessed: bool = False) -> Column:
    """The text as a value of the type; null where it does not fit it exactly.

    A type that was guessed once accepts no text for which it would not be guessed again: 007 is a
    number where a person says so, else a code.
    """
    if isinstance(kind, T.StringType):
        return text
    if isinstance(kind, T.DecimalType):
        fits = _fits_decimal(text, kind)
    else:
        fits = text.rlike(({**_PATTERNS, **_GUESSED} if guessed else _PATTERNS)[type(kind)])
        if type(kind) in WHOLE_FROM:
            fits = fits & _is_kept(text, kind)
    return F.when(fits, text.cast(kind))


def _is_kept(text: Column, kind: T.DataType) -> Column:
    """Whether a real type holds a number: a fraction is rounded as everywhere, but nothing becomes
    infinite or zero, and no whole number another one."""
    real = text.cast(kind)
    vanishes = (real == 0) & text.rlike("^[^eE]*[1-9]")
    whole = text.rlike(_INTEGER) & (F.abs(real) >= WHOLE_FROM[type(kind)])
    number = text.cast("bigint")
    # Beyond bigint, what has the same digits and zeros is the same; nobody can mean more by it.
    same = text.cast("decimal(38,0)") == real.cast("decimal(38,0)")
    same = same | ((F.abs(number) < 2**62) & (number == real.cast("bigint")))
    return (F.abs(real) < float("inf")) & ~vanishes & (~whole | F.coalesce(same, F.lit(False)))


def _fits_decimal(text: Column, kind: T.DecimalType) -> Column:
    whole, fraction = kind.precision - kind.scale, kind.scale
    plain = rf"^[+-]?0*[0-9]{{0,{whole}}}(\.[0-9]{{0,{fraction}}}0*)?$"

    def part(pattern: str) -> Column:
        return F.regexp_extract(text, pattern, 1)

    # With an exponent: as many digits stay behind the point as it has not moved, but for zeros.
    behind, exponent = part(r"\.([0-9]*)[eE]"), part(r"[eE]([+-]?[0-9]+)$").cast("int")
    digits = F.regexp_replace(part(r"^[+-]?([0-9.]*)[eE]"), r"\.", "")
    zeros = F.length(digits) - F.length(F.regexp_replace(digits, "0+$", ""))
    few = (zeros == F.length(digits)) | (F.length(behind) - exponent - zeros <= fraction)
    scientific = text.rlike("[eE]") & text.rlike(_NUMBER) & few
    return (text.rlike(plain) & text.rlike("[0-9]")) | scientific


def inferred_types(strings: DataFrame) -> dict[str, T.DataType]:
    """Column → the narrowest type that all its values have, over all files of the batch.

    bigint ⊂ double, date ⊂ timestamp, boolean; string where the values agree on none of these, and
    void where there is none.
    One pass over the data. Column names must hold no dot or backtick (use positional names).
    """
    asked = {}
    for name in strings.columns:
        value = F.col(name)
        for label, fits in _guesses(value).items():
            asked[f"{name}:{label}"] = F.coalesce(F.every(value.isNull() | fits), F.lit(True))
        asked[f"{name}:empty"] = F.count(value) == 0
    answers = strings.agg(*[test.alias(label) for label, test in asked.items()]).first()
    kinds = {
        "bigint": T.LongType(),
        "double": T.DoubleType(),
        "boolean": T.BooleanType(),
        "date": T.DateType(),
        "timestamp": T.TimestampType(),
    }
    types = {}
    for name in strings.columns:
        fitting = [kind for kind in kinds if answers[f"{name}:{kind}"]]
        found = kinds[fitting[0]] if fitting else T.StringType()
        types[name] = T.NullType() if answers[f"{name}:empty"] else found
    return types


def _guesses(value: Column) -> dict[str, Column]:
    def casts(kind: str) -> Column:
        return value.cast(kind).isNotNull()

    integer = value.rlike(_GUESSED_INTEGER)
    bigint = integer & casts("bigint")
    # An integer beyond bigint as double would lose digits: it stays text.
    real = _is_kept(value, T.DoubleType())
    fraction = ~integer & value.rlike(_GUESSED_DOUBLE)
    return {
        "bigint": bigint,
        "double": (bigint | fraction) & real,
        "boolean": value.rlike(_BOOLEAN),
        "date": value.rlike(_DATE) & casts("date"),
        "timestamp": value.rlike(_TIMESTAMP) & casts("timestamp"),
    }
