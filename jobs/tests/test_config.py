import json

import pytest

SORT_BY = 'expected a list of columns, such as ["origin"], found '
CASES = [
    ({"other": {"format": "json"}}, "no source 'feed'; found other"),
    ({"feeds": {"format": "json"}}, "did you mean 'feeds'?"),
    ({}, "no source 'feed'; found none"),
    ({"feed": "json"}, "feed: expected an object, found 'json'"),
    ({"feed": {}}, "feed.format: expected one of json, csv, found None"),
    ({"feed": {"format": "xml"}}, "feed.format: expected one of json, csv, found 'xml'"),
    ({"feed": {"format": "json", "schema": 5}}, "feed.schema: expected a string"),
    ({"feed": {"format": "json", "schema": "a INTT"}}, 'Unsupported data type "INTT"'),
    ({"feed": {"format": "json", "schema": "a b c d"}}, "expected Spark DDL such as"),
    ({"feed": {"format": "json", "schema": "a INT, a INT"}}, "'a' is declared more than once"),
    ({"feed": {"format": "json", "schema": "a VARCHAR(3)"}}, "a: the type varchar(3) is not"),
    ({"feed": {"format": "json", "schema": "a MAP<INT, INT>"}}, "expected STRING keys"),
    ({"feed": {"format": "csv", "schema": "a ARRAY<INT>"}}, "a: a CSV field holds one value"),
    (
        {"feed": {"format": "json", "layout": "delta"}},
        "feed.layout: expected one of iceberg, parquet",
    ),
    *[
        ({"feed": {"format": "json", "sort_by": names}}, f"feed.sort_by: {SORT_BY}{names!r}")
        for names in ("a", [1], {"a": 1})
    ],
    (
        {"feed": {"format": "json", "schema": "`Größe` INT", "sort_by": ["Größe"]}},
        "feed.sort_by: 'Größe': expected one of the columns grosse, found no such column",
    ),
    (
        {"feed": {"format": "json", "schema": "a STRUCT<b: INT>", "sort_by": ["a"]}},
        "feed.sort_by: 'a': expected a column of single values, found STRUCT<B:INT>",
    ),
    ([], "expected an object of sources, found list"),
    *[
        (
            {"feed": {"format": "json", "max_quarantined_percent": percent}},
            "feed.max_quarantined_percent: expected a number from 0 to 100, found " + repr(percent),
        )
        for percent in (-1, 101, "10", True, None)
    ],
]


@pytest.mark.parametrize(("config", "expected"), CASES, ids=[case[1] for case in CASES])
def test_a_bad_configuration_is_one_line_that_says_where_and_what(lake, capsys, config, expected):
    path = lake.root / "bad.json"
    path.write_text(json.dumps(config))
    line = lake.fail(capsys, config=path.as_uri())
    assert "bad.json" in line and expected in line


def test_a_configuration_that_is_no_json_or_missing_is_one_line(lake, capsys):
    path = lake.root / "bad.json"
    path.write_text("{")
    assert "expected JSON" in lake.fail(capsys, config=path.as_uri())
    missing = lake.root / "none.json"
    line = lake.fail(capsys, config=missing.as_uri())
    assert "cannot read" in line and "none.json" in line and "FileNotFoundException" in line
    assert "cannot read nofs://x/y" in lake.fail(capsys, config="nofs://x/y")


def test_settings_of_other_parts_and_an_empty_schema_are_let_be(lake):
    lake.sources["feed"] = {"format": "json", "schema": " ", "owner": "x"}
    lake.put("a.json", [{"a": 1}])
    assert lake.run()["rows_written"] == 1
