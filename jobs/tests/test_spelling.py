"""A key that is not spelt as its column is never a silent null."""

import json

FIRST, SECOND = "2025-01-09", "2025-10-10"


def misspelt(name: str, found: str, inner: str = "column") -> str:
    return f"{inner} {name}: expected this spelling, found {found}"


def test_a_declared_json_column_in_another_spelling_is_set_aside(lake):
    lake.sources["feed"]["schema"] = "id BIGINT, name STRING"
    bad = {
        '{"Id": 1, "Name": "x"}': misspelt("id", "Id"),
        '{"id": 1, "NAME": "x"}': misspelt("name", "NAME"),
        '{"id": 1, "name ": "x"}': misspelt("name", "name "),
        '{"key": 1, "other": null}': "expected one of the columns id, name, found key, other",
    }
    good = ['{"id": 1, "other": 2}', '{"id": 2, "ID": 3, "name": "y"}', '{"name": null}']
    lake.put("a.json", "\n".join([*good, *bad]))
    lake.run()
    assert lake.reasons() == bad
    assert [row["id"] for row in lake.rows()] == [1, 2, None]


def test_two_columns_that_are_declared_in_two_spellings_are_two(lake):
    lake.sources["feed"]["schema"] = "Id BIGINT, id STRING"
    lake.put("a.json", [{"Id": 1}, {"id": "x"}, {"Id": 2, "id": "y"}])
    assert lake.run()["rows_written"] == 3


def test_an_inner_field_in_another_spelling_is_set_aside(lake):
    kinds = "o STRUCT<x: INT, in: STRUCT<y: INT>>, l ARRAY<STRUCT<x: INT>>"
    bad = {
        '{"o": {"X": 1}}': misspelt("x", "X", "inner field"),
        '{"o": {"x": 1, "in": {"Y": 1}}}': misspelt("y", "Y", "inner field"),
        '{"l": [{"x": 1}, {"X": 1}]}': misspelt("x", "X", "inner field"),
    }
    in_map = {'{"m": {"k": {"X": 1}}}': misspelt("x", "X", "inner field")}
    full = {"o": {"x": 1, "in": {"y": 2}}, "l": [{"x": 1}]}
    good = [full, {"o": {"x": 1, "X": 2}}, {"o": {"in": None}}, {"l": []}, {"l": [None]}]
    good += [{"m": {"k": {"x": 1}, "X": {"x": 2}}}]
    lake.sources["feed"]["schema"] = f"{kinds}, m MAP<STRING, STRUCT<x: INT>>"
    lake.put("a.json", "\n".join([*map(json.dumps, good), *bad, *in_map]))
    lake.run()
    assert lake.reasons() == {**bad, **in_map} and len(lake.rows()) == len(good)
    # The same of a table that pins them.
    lake.sources["pinned"] = {"format": "json", "max_quarantined_percent": 100}
    lake.put("a.json", [full], FIRST, "pinned")
    lake.run("pinned", days=[FIRST])
    lake.put("b.json", "\n".join([json.dumps(full), *bad]), SECOND, "pinned")
    lake.run("pinned", days=[SECOND])
    assert lake.reasons("pinned", SECOND) == bad
    assert lake.rows("pinned", SECOND) == lake.rows("pinned", FIRST)


def test_a_pinned_column_in_another_spelling_is_set_aside_and_adds_no_column(lake):
    lake.put("a.json", [{"Id": 1, "name": "x"}], FIRST)
    lake.run(days=[FIRST])
    bad = {'{"id": 2, "new": 1}': misspelt("Id", "id")}
    good = [{"Id": 3, "id": 4}, {"fresh": True}]
    lake.put("b.json", "\n".join([*map(json.dumps, good), *bad]), SECOND)
    lake.run(days=[SECOND])
    assert lake.reasons(day=SECOND) == bad
    assert [name[:3] for name in lake.types(day=SECOND)] == ["id", "nam", "fre", "id_"]
    assert len(lake.rows(day=SECOND)) == 2


def test_a_csv_whose_header_has_none_of_the_columns_gives_no_row_of_nulls(lake):
    lake.sources["table"]["schema"] = "id BIGINT, name STRING"
    lake.put("a.csv", "Id;Name\n1;x\n", source="table")
    lake.put("b.csv", "7,seven\n8,eight\n", source="table")
    lake.put("c.csv", "ID,name\n9,nine\n", source="table")
    lake.put("d.csv", "name\nten\n", source="table")
    lake.run("table")
    expected = "expected one of the columns id, name, found "
    reasons = lake.reasons("table")
    assert reasons["1;x"] == expected + "Id;Name"
    # Its first line is a record too, and stands there with the others.
    assert reasons["7,seven"] == reasons["8,eight"] == expected + "7, seven"
    assert reasons["9,nine"] == misspelt("id", "ID")
    assert lake.rows("table") == [{"id": None, "name": "ten"}]


def test_a_csv_without_a_header_adds_no_column_to_a_table(lake):
    lake.put("a.csv", "id,name\n1,x\n", FIRST, "table")
    lake.run("table", days=[FIRST])
    lake.put("b.csv", "7,seven\n8,eight\n", SECOND, "table")
    lake.put("c.csv", "name,new\nnine,true\n", SECOND, "table")
    lake.run("table", days=[SECOND])
    assert lake.rows("table", SECOND) == [{"id": None, "name": "nine", "new": True}]
    reason = "expected one of the columns id, name, found 7, seven"
    assert lake.reasons("table", SECOND) == {"7,seven": reason, "8,eight": reason}
