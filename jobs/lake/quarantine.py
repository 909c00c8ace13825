"""Which JSON texts are no record, and what the quarantine shows of them."""

from __future__ import annotations

import json

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T


def flag_invalid(records: DataFrame) -> DataFrame:
    """Records (see reading.py) whose text is not exactly one JSON object get a problem.

    from_json alone would read the first of two objects in a line and drop the second, and keep
    the last of two equal keys.
    """
    text, keys = F.col("text"), F.col("keys")
    # What follows an object in the text is either a second element between these brackets, or a
    # syntax error between one of the two pairs: "}" ends only the one, "]" only the other.
    in_brackets = F.json_array_length(F.concat(F.lit("["), text, F.lit("]")))
    in_braces = F.json_object_keys(F.concat(F.lit('{"r":'), text, F.lit("}")))
    is_one_value = F.coalesce((in_brackets == 1) & in_braces.isNotNull(), F.lit(False))
    fault = (
        F.when(~is_one_value, F.lit("not valid JSON"))
        .when(
            ~text.rlike(r"^\s*\{"), F.concat(F.lit("expected a JSON object, found "), _kind(text))
        )
        .when(keys.isNull(), F.lit("not valid JSON"))
        .when(F.size(keys) == 0, F.lit("an object without any field"))
        .when(F.size(F.array_distinct(keys)) < F.size(keys), F.lit("a key stands there twice"))
    )
    return with_problem(records.withColumn("keys", F.json_object_keys(text)), fault)


def flag_repeated_keys(records: DataFrame) -> DataFrame:
    """As flag_invalid, for keys that inner objects repeat. In Python and slow: call it on need."""
    return with_problem(records, F.udf(repeated_key, "string")(F.col("text")))


def repeated_key(text: str | None) -> str | None:
    """The problem of a JSON text in which any object has one key twice; else None."""
    found = []

    def check(pairs):
        names = [name for name, _ in pairs]
        found.extend(name for name in set(names) if names.count(name) > 1)

    if text is not None:
        json.loads(text, object_pairs_hook=check, parse_int=str, parse_float=str)
    return f"the key {min(found)!r} stands twice in one object" if found else None


def repeats_inner_key(text: Column, kind: T.DataType) -> Column:
    """Whether any object inside a JSON text of the type has one key twice: from_json would keep
    the last. Without Python, for types that are known; flag_invalid sees to the outermost keys."""
    if isinstance(kind, T.StructType):
        found = F.lit(False)
        for field in kind.fields:
            if isinstance(field.dataType, (T.StructType, T.MapType, T.ArrayType)):
                alone = T.StructType([T.StructField(field.name, T.StringType())])
                value = F.from_json(text, alone).getField(field.name)
                found = found | _repeats_key(value, field.dataType)
        return found
    if isinstance(kind, T.MapType):
        values = F.map_values(F.from_json(text, T.MapType(T.StringType(), T.StringType())))
        return F.exists(values, lambda value: _repeats_key(value, kind.valueType))
    if isinstance(kind, T.ArrayType):
        values = F.from_json(text, T.ArrayType(T.StringType()))
        return F.exists(values, lambda value: _repeats_key(value, kind.elementType))
    return F.lit(False)


def _repeats_key(text: Column, kind: T.DataType) -> Column:
    keys = F.json_object_keys(text)
    here = F.lit(False)
    if isinstance(kind, (T.StructType, T.MapType)):
        here = F.size(F.array_distinct(keys)) < F.size(keys)
    return F.coalesce(here, F.lit(False)) | F.coalesce(repeats_inner_key(text, kind), F.lit(False))


def quarantine_rows(parsed: DataFrame, run_id: str) -> DataFrame:
    """Rejected rows of parsing.parse → ``day, slot_key, record struct<raw_text, reason, file,
    run_id>``."""
    record = F.struct("raw_text", "reason", "file", F.lit(run_id).alias("run_id"))
    rejected = parsed.where(F.col("reason").isNotNull())
    return rejected.select("day", "slot_key", record.alias("record"))


def with_problem(records: DataFrame, fault: Column) -> DataFrame:
    problem = F.col("problem")
    # Two steps: in one, Spark would work the fault out anew for each of the columns below.
    return records.withColumn("problem", F.coalesce(problem, fault)).select(
        "day",
        "file",
        F.when(problem.isNull(), F.col("text")).alias("text"),
        F.when(problem.isNotNull(), F.coalesce("raw", "text")).otherwise(F.col("raw")).alias("raw"),
        "problem",
    )


def _kind(text: Column) -> Column:
    first = F.substring(F.ltrim(text), 1, 1)
    return (
        F.when(first == "[", F.lit("an array"))
        .when(first == '"', F.lit("a string"))
        .when(first.isin("t", "f"), F.lit("a boolean"))
        .when(first == "n", F.lit("null"))
        .otherwise(F.lit("a number"))
    )
