"""Which columns the records of a batch have, and of which types."""

from __future__ import annotations

import json

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from .values import inferred_types

#: {'a': 1} is no JSON, whatever Spark says.
STRICT = {"allowSingleQuotes": "false"}


def top_level_keys(records: DataFrame) -> list[str]:
    """Every key that any record has, sorted. A scan for keys only, without types."""
    keys = records.where("text is not null").select(F.explode(F.json_object_keys("text")))
    return sorted(row[0] for row in keys.distinct().collect())


def inferred_json_schema(records: DataFrame, keys: list[str]) -> T.StructType:
    """Types over all records: bigint, double, boolean, string, array, struct; sorted by name.

    Where records disagree, the wider type: integer → double → string. Integers beyond bigint and
    columns that are always ``{}`` are strings; columns that are always null are void.
    """
    spark, texts = records.sparkSession, records.where("text is not null").select("text")
    jvm = spark.sparkContext._jvm
    # spark.read.json takes Python RDDs only; the JVM's own takes the column as it is.
    strings = getattr(texts._jdf, "as")(jvm.org.apache.spark.sql.Encoders.STRING())
    reader = spark._jsparkSession.read().option("mode", "DROPMALFORMED")
    for option, setting in STRICT.items():
        reader = reader.option(option, setting)
    found = T.StructType.fromJson(json.loads(reader.json(strings).schema().json()))
    types = {field.name: _plain(field.dataType) for field in found.fields}
    # Inference takes for text what is text, and what is always null.
    texts = [key for key in keys if isinstance(types.get(key, T.StringType()), T.StringType)]
    for key in _valueless(records, texts):
        types[key] = T.NullType()
    return T.StructType([T.StructField(key, types.get(key, T.StringType())) for key in keys])


def read_text(read_as: T.StructType, text: Column | None = None) -> Column:
    """The column ``text`` as ``struct<r, c>``: the values, and the text where they do not fit."""
    # One level down, so that no key of the data can meet the parser's own column; and what may
    # follow an object in the text is a syntax error there.
    wrapped = T.StructType([T.StructField("r", read_as), T.StructField("c", T.StringType())])
    text = F.concat(F.lit('{"r":'), F.col("text") if text is None else text, F.lit("}"))
    options = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": "c", **STRICT}
    return F.from_json(text, wrapped, options)


def has_repeated_names(kind: T.DataType) -> bool:
    """Inference shows an inner object that has one key twice by a struct that has it twice."""
    if isinstance(kind, T.StructType):
        names = kind.fieldNames()
        return len(set(names)) < len(names) or any(
            has_repeated_names(field.dataType) for field in kind.fields
        )
    return isinstance(kind, T.ArrayType) and has_repeated_names(kind.elementType)


def inferred_csv_schema(records: DataFrame, keys: list[str]) -> T.StructType:
    """Types over all records of CSV files: see values.inferred_types; sorted by name."""
    types = inferred_types(_strings(records, keys)) if keys else {}
    return T.StructType([T.StructField(key, types[f"c{at}"]) for at, key in enumerate(keys)])


def _valueless(records: DataFrame, keys: list[str]) -> list[str]:
    if not keys:
        return []
    strings = _strings(records, keys)
    counts = strings.agg(*[F.count(name).alias(name) for name in strings.columns]).first()
    return [key for at, key in enumerate(keys) if not counts[at]]


def _strings(records: DataFrame, keys: list[str]) -> DataFrame:
    """The keys' values as text, in columns named by place: c0, c1, …"""
    as_text = T.StructType([T.StructField(key, T.StringType()) for key in keys])
    row = records.where("text is not null").select(read_text(as_text).alias("row"))
    return row.select(
        *[F.col("row.r").getField(key).alias(f"c{at}") for at, key in enumerate(keys)]
    )


def _plain(kind: T.DataType) -> T.DataType:
    if isinstance(kind, T.StructType):
        return T.StructType([T.StructField(f.name, _plain(f.dataType)) for f in kind.fields])
    if isinstance(kind, T.ArrayType):
        return T.ArrayType(_plain(kind.elementType))
    return T.StringType() if isinstance(kind, (T.DecimalType, T.NullType)) else kind
