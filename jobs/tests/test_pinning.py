"""A table keeps its columns: what later runs may add, widen, or have to set aside."""

import json

import pytest
from lake.pinning import conflicts, named, table_type, widened
from pyspark.sql import types as T

FIRST, SECOND = "2025-01-09", "2025-10-10"


def run_second(lake, content, source="feed", **about):
    lake.put("b", content, SECOND, source)
    return lake.run(source, days=[SECOND])


def columns(lake, source="feed") -> dict:
    fields = lake.spark.table(f"lake.{lake.database}.{source}").schema.fields
    found = {field.name: field.dataType.simpleString() for field in fields}
    assert list(found)[-3:] == ["year", "month", "day"]
    return {name: kind for name, kind in found.items() if name not in ("year", "month", "day")}


def test_a_number_where_a_string_was_is_text_and_a_string_where_a_number_was_is_set_aside(lake):
    lake.put("a.json", [{"n": 1, "s": "x", "d": 1.5}], FIRST)
    lake.run(days=[FIRST])
    good = '{"n": 2, "s": 7, "d": 2}'
    bad = {
        '{"n": "3", "s": "y"}': "column n: expected BIGINT, found 3",
        '{"n": 3.5}': "column n: expected BIGINT, found 3.5",
        '{"n": {"x": 1}}': 'column n: expected BIGINT, found {"x":1}',
        '{"n": [1]}': "column n: expected BIGINT, found [1]",
        '{"d": "x"}': "column d: expected DOUBLE, found x",
        '{"n": true, "d": "y"}': "column d: expected DOUBLE, found y; "
        "column n: expected BIGINT, found true",
    }
    run_second(lake, "\n".join([good, *bad]))
    assert lake.reasons(day=SECOND) == bad
    assert lake.rows(day=SECOND) == [{"n": 2, "s": "7", "d": 2.0}]
    assert columns(lake) == {"d": "double", "n": "bigint", "s": "string"}


def test_a_column_that_appears_is_added_and_one_that_vanishes_is_null(lake):
    lake.put("a.json", [{"b": 1, "o": {"x": 1}, "l": [{"p": 1}]}], FIRST)
    lake.run(days=[FIRST])
    new = {"a": 2.5, "o": {"y": "z"}, "l": [{"p": 2, "q r": True}], "z": [1]}
    run_second(lake, [new])
    assert columns(lake) == {
        "b": "bigint",
        "l": "array<struct<p:bigint,q_r:boolean>>",
        "o": "struct<x:bigint,y:string>",
        "a": "double",
        "z": "array<bigint>",
    }
    rows = lake.spark.table(f"lake.{lake.database}.feed").orderBy("day").collect()
    older, newer = [row.asDict(recursive=True) for row in rows]
    assert (older["a"], older["o"], older["l"]) == (
        None,
        {"x": 1, "y": None},
        [{"p": 1, "q_r": None}],
    )
    assert (newer["b"], newer["o"], newer["z"]) == (None, {"x": None, "y": "z"}, [1])
    assert newer["l"] == [{"p": 2, "q_r": True}]


def test_an_odd_value_beside_an_inner_field_that_is_new_costs_no_value(lake):
    lake.put("a.json", [{"o": {"x": 1}}], FIRST)
    lake.run(days=[FIRST])
    run_second(lake, '{"o": {"x": 2, "new": 3}}\n{"o": 5}\n')
    assert lake.rows(day=SECOND) == [{"o": {"x": 2, "new": 3}}]
    assert list(lake.reasons(day=SECOND)) == ['{"o": 5}']


def test_a_column_gets_its_type_with_its_first_value(lake, capfd):
    lake.put("a.json", [{"a": 1, "late": None, "list": [], "object": {}}], FIRST)
    lake.run(days=[FIRST])
    assert "not in the table yet: late" in capfd.readouterr().err
    assert columns(lake) == {"a": "bigint", "list": "array<string>", "object": "string"}
    run_second(lake, [{"a": 2, "late": 3}])
    assert lake.rows(day=SECOND)[0]["late"] == 3 and columns(lake)["late"] == "bigint"
    lake.put("c.json", [{"a": None}], source="table_of_nulls")
    lake.sources["table_of_nulls"] = {"format": "json"}
    lake.run("table_of_nulls")
    assert columns(lake, "table_of_nulls") == {"a": "string"}


def test_names_keep_the_spelling_they_were_first_seen_in(lake):
    lake.put("a.json", [{"Date": 1, "In": {"A b": 1}}], FIRST)
    lake.run(days=[FIRST])
    run_second(lake, [{"date": "other", "Date": 2, "In": {"A b": 2, "a_b": 3}}])
    [row] = lake.rows(day=SECOND)
    assert row["date"] == 2 and row["in"]["a_b"] == 2
    assert sorted(map(str, row.values())) == sorted(["2", "other", str(row["in"])])
    assert sorted(row["in"].values()) == [2, 3]


def test_csv_values_fit_a_pinned_type_as_they_fitted_the_guess(lake):
    lake.put("a.csv", "id,zip,on\n1,98101,2025-01-31\n", FIRST, "table")
    lake.run("table", days=[FIRST])
    lake.put(
        "b.csv",
        "id,zip,on,new\n2,07030,2025-01-31,1\n3,98102,soon,2\n4,98103,,3\n",
        SECOND,
        "table",
    )
    lake.run("table", days=[SECOND])
    assert lake.reasons("table", SECOND) == {
        "2,07030,2025-01-31,1": "column zip: expected BIGINT, found 07030",
        "3,98102,soon,2": "column on: expected DATE, found soon",
    }
    [row] = lake.rows("table", SECOND)
    assert row == {"id": 4, "zip": 98103, "on": None, "new": 3}


def test_a_declaration_that_goes_leaves_its_types_and_they_widen(lake):
    lake.sources["feed"]["schema"] = (
        "i INT, f FLOAT, at TIMESTAMP, o STRUCT<n: INT, till: TIMESTAMP>"
    )
    first = {"i": 1, "f": 0.5, "at": "2025-01-31T10:00:00+01:00"}
    lake.put("a.json", [{**first, "o": {"n": 1, "till": "2025-01-31T10:00:00Z"}}], FIRST)
    lake.run(days=[FIRST])
    assert columns(lake)["at"] == "timestamp_ntz" and lake.rows(day=FIRST)[0]["at"].hour == 9
    del lake.sources["feed"]["schema"]
    run_second(lake, [{"i": 3000000000, "f": 0.1, "o": {"n": 3000000000}}, {"i": 2, "f": 2}])
    types = columns(lake)
    assert (types["i"], types["f"]) == ("bigint", "double")
    assert types["o"] == "struct<n:bigint,till:timestamp_ntz>"
    assert lake.reasons(day=SECOND) == {}
    assert lake.spark.table(f"lake.{lake.database}.feed").count() == 3


def test_a_declaration_that_changes_safely_is_applied(lake):
    lake.sources["feed"]["schema"] = "i INT, d DECIMAL(4,2), t TINYINT, o STRUCT<x: INT>"
    lake.put("a.json", [{"i": 1, "d": 1.25, "t": 7, "o": {"x": 1}}], FIRST)
    lake.run(days=[FIRST])
    lake.sources["feed"]["schema"] = (
        "new STRING, i BIGINT, d DECIMAL(8,2), t SMALLINT, o STRUCT<y: DATE, x: BIGINT>"
    )
    run_second(
        lake,
        [{"i": 3000000000, "d": 123456.5, "t": 300, "o": {"y": "2025-01-31", "x": 2}, "new": "n"}],
    )
    assert columns(lake) == {
        "i": "bigint",
        "d": "decimal(8,2)",
        "t": "int",
        "o": "struct<x:bigint,y:date>",
        "new": "string",
    }
    rows = lake.spark.table(f"lake.{lake.database}.feed").orderBy("day").collect()
    assert [(row.i, str(row.d), row.t, row.o.x) for row in rows] == [
        (1, "1.25", 7, 1),
        (3000000000, "123456.50", 300, 2),
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("a BIGINT", "b stands in the table and is declared no longer"),
        ("a INT, b STRING", "a is BIGINT in the table and declared INT"),
        ("a STRING, b DATE", "a is BIGINT in the table and declared STRING; b is STRING"),
        ("a BIGINT, b STRUCT<x: INT>", "b is STRING in the table and declared STRUCT<X:INT>"),
    ],
)
def test_a_declaration_that_the_table_cannot_follow_fails_before_anything_is_read(
    lake, capsys, changed, expected
):
    lake.sources["feed"]["schema"] = "a BIGINT, b STRING"
    lake.put("a.json", [{"a": 1, "b": "x"}])
    lake.run()
    lake.sources["feed"]["schema"] = changed
    line = lake.fail(capsys)
    assert expected in line
    assert f"table {lake.database}.feed" in line and "take a new source name, or drop" in line
    assert lake.rows() == [{"a": 1, "b": "x"}]


def test_an_inner_key_that_stands_twice_is_set_aside_whatever_says_the_types(lake):
    bad = [
        '{"o": {"x": 1, "x": 2}}',
        '{"o": {"in": {"y": 1, "y": 2}}}',
        '{"l": [{"x": 1}, {"x": 1, "x": 2}]}',
        '{"m": {"k": 1, "k": 2}}',
        '{"m2": {"k": {"x": 1, "x": 2}}}',
    ]
    lake.sources["feed"]["schema"] = (
        "o STRUCT<x: INT, in: STRUCT<y: INT>>, l ARRAY<STRUCT<x: INT>>, m MAP<STRING, INT>, "
        "m2 MAP<STRING, STRUCT<x: INT>>"
    )
    good = {"o": {"x": 1, "in": {"y": 2}}, "l": [{"x": 1}, None], "m": {"k": 1, "K": 2}, "m2": {}}
    lake.put("a.json", "\n".join([json.dumps(good), *bad]))
    lake.run()
    assert lake.reasons() == dict.fromkeys(bad, "a key stands twice in an inner object")
    assert len(lake.rows()) == 1
    del lake.sources["feed"]["schema"]
    bad.append('{"fresh": {"x": 1, "x": 2}}')
    lake.put("a.json", "\n".join([json.dumps(good), *bad]))
    lake.run()
    assert sorted(lake.reasons()) == sorted(bad) and len(lake.rows()) == 1


def test_a_column_that_somebody_added_by_hand_takes_values_of_its_name(lake):
    lake.put("a.json", [{"a": 1}], FIRST)
    lake.run(days=[FIRST])
    lake.spark.sql(f"ALTER TABLE lake.{lake.database}.feed ADD COLUMN b INT AFTER a")
    run_second(lake, [{"a": 2, "b": 3}, {"a": 2, "b": "x"}])
    assert lake.rows(day=SECOND) == [{"a": 2, "b": 3}]
    assert lake.reasons(day=SECOND) == {'{"a": 2, "b": "x"}': "column b: expected BIGINT, found x"}


def test_only_what_iceberg_widens_is_widened():
    scalars = [T.IntegerType(), T.LongType(), T.FloatType(), T.DoubleType(), T.StringType()]
    scalars += [T.BooleanType(), T.DateType(), T.TimestampNTZType(), T.DecimalType(4, 2)]
    safe = [(T.IntegerType(), T.LongType()), (T.FloatType(), T.DoubleType())]
    for narrow in scalars:
        for wide in scalars:
            changed = widened(narrow, wide) != narrow
            assert changed == ((narrow, wide) in safe), (narrow, wide)
            fits = narrow == wide or (narrow, wide) in safe
            assert (conflicts(narrow, wide, "a") == []) == fits
    assert widened(T.DecimalType(4, 2), T.DecimalType(6, 2)) == T.DecimalType(6, 2)
    assert widened(T.DecimalType(4, 2), T.DecimalType(6, 3)) == T.DecimalType(4, 2)


def test_a_table_s_schema_and_what_it_pins_are_each_other_s_inverse():
    from lake.pinning import columns_of_table

    inner = T.StructType([T.StructField("A b", T.LongType()), T.StructField("a_b", T.LongType())])
    given = T.StructType(
        [
            T.StructField("Date", T.TimestampType(), False),
            T.StructField("year", T.ArrayType(inner)),
            T.StructField("m", T.MapType(T.StringType(), inner)),
        ]
    )
    table = table_type(named(given, None, ("year", "month", "day")))
    assert table.fieldNames() == ["date", "data_year", "m"]
    pinned = columns_of_table(table)
    assert pinned.fieldNames() == given.fieldNames()
    assert table_type(pinned) == table
