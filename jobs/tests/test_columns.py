import random
import re

import pytest
from lake.columns import MAX_LENGTH, glue_names, normalise, table_names
from lake.pinning import columns_of_table, is_too_long, named, plain_type, table_type
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


@pytest.mark.parametrize(
    "name", ["a\tb", "x\ny", "  ", "", "Größe (cm)", 'say "x"', "back\\slash", "é" * 239, "\ufffe"]
)
def test_a_spelling_stands_in_a_comment_that_glue_takes(name):
    table = table_type(named(T.StructType([T.StructField(name, T.LongType())])))
    comment = table.fields[0].metadata["comment"]
    # The characters that Glue's Column type allows in a comment.
    assert re.fullmatch("[ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff\t]{0,255}", comment)
    assert columns_of_table(table).fieldNames() == [name]


def test_a_spelling_of_a_table_made_before_they_were_escaped_is_understood():
    field = T.StructField("a_b", T.LongType(), True, {"comment": "source field: a b"})
    assert columns_of_table(T.StructType([field])).fieldNames() == ["a b"]


def test_a_spelling_that_no_comment_holds_is_known():
    assert [is_too_long(name) for name in ("é" * 239, "é" * 240, "😀" * 120, "\x01" * 40)] == [
        False,
        True,
        True,
        True,
    ]
