import random

import pytest
from lake.columns import MAX_LENGTH, glue_names, normalise, table_names
from lake.pinning import named, plain_type
from pyspark.sql import types as T


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Date", "date"),
        ("a b", "a_b"),
        ("a.b/c`d", "a_b_c_d"),
        ("Größe (cm)", "grosse_cm"),
        ("Café", "cafe"),
        ("_id", "_id"),
        ("id_", "id_"),
        ("2024", "2024"),
        ("", "column"),
        ("日本", "column"),
        ("%", "column"),
        ("x" * 300, "x" * MAX_LENGTH),
    ],
)
def test_a_name_becomes_what_glue_accepts(name, expected):
    assert normalise(name) == expected


def test_the_name_that_was_already_accepted_keeps_it_and_others_get_a_suffix_of_their_own():
    names = glue_names(["Date", "date", "DATE"])
    assert names["date"] == "date"
    assert names["Date"].startswith("date_") and names["DATE"].startswith("date_")
    assert len(set(names.values())) == 3
    assert glue_names(["Date", "date"])["Date"] == names["Date"]


def test_names_do_not_depend_on_their_order():
    given = ["a b", "a_b", "A-B", "Year", "year", "data_year", "", "日本", "x" * 255, "x" * 256]
    expected = table_names(given)
    for seed in range(20):
        shuffled = given[:]
        random.Random(seed).shuffle(shuffled)
        assert table_names(shuffled) == expected


def test_all_names_are_different_and_within_the_limit():
    given = ["a b", "a_b", "A-B", "", "日本", "中国", "x" * 255, "x" * 256, "X" * 255, "year"]
    names = table_names(given)
    assert sorted(names) == sorted(given)
    assert len(set(names.values())) == len(given)
    assert all(0 < len(name) <= MAX_LENGTH for name in names.values())


def test_a_suffixed_name_steps_aside_for_a_column_that_is_really_called_so():
    suffixed = glue_names(["A", "a"])["A"]
    names = glue_names(["A", "a", suffixed])
    assert names[suffixed] == suffixed
    assert names["A"] not in (suffixed, "a")


def test_columns_named_like_the_partition_are_renamed():
    assert table_names(["year", "Month", "day"]) == {
        "year": "data_year",
        "Month": "data_month",
        "day": "data_day",
    }


def test_inner_names_are_accepted_too_and_may_be_called_year():
    inner = T.StructType([T.StructField(n, T.LongType()) for n in ("A b", "a_b", "year")])
    outer = T.ArrayType(T.MapType(T.StringType(), inner))
    names = plain_type(named(outer)).elementType.valueType.fieldNames()
    assert names[1:] == ["a_b", "year"] and names[0].startswith("a_b_")
