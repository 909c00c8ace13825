"""Data as it comes: each odd file ends as rows, in quarantine with a reason, or as a failure that
names it; and a run with too much of it publishes nothing."""

import gzip
import json

import pytest

FIRST, SECOND = "2025-01-09", "2025-10-10"
LARGE = 100 * 1024**2


def accounts(summary) -> tuple:
    counts = [summary[name] for name in ("rows_read", "rows_written", "rows_quarantined")]
    assert counts[0] == counts[1] + counts[2]
    return tuple(counts)


def test_mixed_types_between_the_files_of_a_first_run_become_text(lake):
    lake.put("a.json", [{"a": 1}, {"a": {"x": 1}}])
    lake.put("b.json", '{"a": "x"}\n{"a": [1, 2]}\n{"a": true}\n{"a": null}')
    assert accounts(lake.run()) == (6, 6, 0)
    found = {row["a"] for row in lake.rows()}
    assert found == {"1", '{"x":1}', "x", "[1,2]", "true", None}


@pytest.mark.parametrize("name", ["data.csv", "data.parquet", "data", "data.json.bz2", "data.txt"])
def test_a_wrong_extension_is_no_matter_where_the_content_is_right(lake, name):
    lake.put(name, '{"a": 1}\n{"a": 2}\n')
    lake.put("gzip-" + name, gzip.compress(b'[{"a": 3}]'))
    assert accounts(lake.run()) == (3, 3, 0)


def test_csv_in_a_json_source_and_json_in_a_csv_source_are_set_aside_line_by_line(lake):
    lake.put("a.json", "id,name\n1,x\n2,y\n")
    assert accounts(lake.run()) == (3, 0, 3)
    assert set(lake.reasons().values()) == {"not valid JSON"}
    lake.put("a.csv", "a,b\n1,2\n", source="table")
    array = '[{"a": 1, "b": 2},\n {"a": 3}]\n'
    lines = '{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n'
    lake.put("b.csv", array, source="table")
    lake.put("c.csv", lines, source="table")
    assert accounts(lake.run("table")) == (5, 1, 4)
    assert lake.rows("table") == [{"a": 1, "b": 2}]
    assert sorted(lake.reasons("table")) == sorted((array + lines).splitlines())
    assert set(lake.reasons("table").values()) == {"expected a CSV header, found JSON"}


def test_a_truncated_gzip_in_either_format_keeps_what_is_whole_and_shows_the_rest(lake):
    lines = [json.dumps({"a": n * 7919, "b": f"{n * 104729:x}"}) for n in range(5000)]
    lake.put("cut.json", gzip.compress("\n".join(lines).encode())[:-3000])
    read, written, bad = accounts(lake.run())
    assert 0 < written < 5000 and bad == 1
    assert sorted(row["a"] for row in lake.rows()) == [n * 7919 for n in range(written)]
    [row] = lake.quarantined()
    assert row["file"].endswith("/cut.json") and row["reason"].startswith("gzip ends too early")


def test_an_empty_array_and_empty_files_are_no_rows_and_no_fault(lake):
    for name, content in {"a": "[]", "b": "\n\n", "c": gzip.compress(b"[]"), "d": b""}.items():
        lake.put(name, content)
    assert accounts(lake.run()) == (0, 0, 0)
    assert lake.quarantined() == []


def test_invalid_utf8_is_set_aside_with_its_reason_in_both_formats(lake):
    lake.put("a.json", b'{"a": "ok"}\n{"a": "\xff\xfe"}\n')
    assert accounts(lake.run()) == (2, 1, 1)
    assert list(lake.reasons().values()) == ["not UTF-8"]
    lake.put("a.csv", b"a,b\n1,ok\n2,\xff\n", source="table")
    assert accounts(lake.run("table")) == (2, 1, 1)


def test_nested_objects_keep_every_value_at_every_depth(lake):
    deep = {"a": {"b": [{"c": {"d": [[1, 2], [3]]}, "e": None}]}, "f": "x"}
    lake.put("a.json", [deep])
    lake.run()
    [row] = lake.rows()
    assert row["a"]["b"][0]["c"]["d"] == [[1, 2], [3]] and row["f"] == "x"


def test_column_names_that_repeat_keep_every_value(lake):
    lake.put("a.csv", "id,id,ID,id_2\n1,2,3,4\n", source="table")
    assert accounts(lake.run("table")) == (1, 1, 0)
    assert sorted(lake.rows("table")[0].values()) == [1, 2, 3, 4]
    lake.put("a.json", '{"id": 1, "ID": 2}\n{"id": 1, "id": 2}\n')
    assert accounts(lake.run()) == (2, 1, 1)
    assert sorted(lake.rows()[0].values()) == [1, 2]


def test_a_key_too_long_for_a_column_s_comment_is_set_aside_at_any_depth(lake):
    long = "é" * 240
    bad = [json.dumps({"a": 1, long: 1}), json.dumps({"o": [{long: None, "x": 1}]})]
    lake.put("a.json", "\n".join([*bad, '{"a": 2, "o": [{"x": 2}]}']))
    assert accounts(lake.run()) == (3, 1, 2)
    assert lake.reasons() == dict.fromkeys(
        bad, "expected keys of at most 239 characters, found a longer one"
    )
    lake.put("b.json", bad[0], SECOND)
    assert accounts(lake.run(days=[SECOND])) == (1, 0, 1)
    # As a map's key it is data.
    lake.sources["map"] = {"format": "json", "schema": "o MAP<STRING, INT>"}
    lake.put("a.json", [{"o": {long: 1}}], FIRST, "map")
    assert accounts(lake.run("map")) == (1, 1, 0)
    del lake.sources["map"]["schema"]
    assert accounts(lake.run("map")) == (1, 1, 0)


def test_keys_that_are_data_fail_the_run_before_they_are_columns(lake, capsys, monkeypatch):
    monkeypatch.setattr("lake.inference.MAX_FIELDS", 10)
    lake.put("a.json", [{f"k{n}": n for n in range(10)}], FIRST)
    assert accounts(lake.run(days=[FIRST])) == (1, 1, 0)
    lake.put("few.json", [{"k1": 1}], SECOND)
    path = lake.put("many.json", [{"k1": 1, "new": 2}], SECOND)
    line = lake.fail(capsys, days=[SECOND])
    assert f"file:{path}" in line and "such as new" in line and "make 11 columns" in line
    assert "above the limit of 10" in line and "MAP<STRING" in line
    assert lake.files(day=SECOND) == [] and len(lake.rows(day=FIRST)) == 1
    path.unlink()
    assert accounts(lake.run(days=[SECOND])) == (1, 1, 0)
    # Inner fields count as well, and a declared schema may have as many as it likes.
    inner = {f"k{n}": n for n in range(10)}
    path = lake.put("a.json", [{"o": inner}], source="inner")
    lake.sources["inner"] = {"format": "json"}
    assert f"file:{path}" in lake.fail(capsys, "inner")
    lake.sources["inner"]["schema"] = "o MAP<STRING, INT>"
    assert accounts(lake.run("inner")) == (1, 1, 0)


@pytest.mark.parametrize(
    ("name", "around"),
    [
        ("plain.json", '{"a": "1"}\n%s\n{"a": "2"}\n'),
        ("packed.json", '{"a": "1"}\n%s\n{"a": "2"}\n'),
        ("array.json", '[{"a": "1"}, %s, {"a": "2"}]'),
    ],
)
def test_a_line_of_a_hundred_megabytes_is_set_aside_and_its_neighbours_are_rows(lake, name, around):
    content = (around % json.dumps({"a": "x" * LARGE})).encode()
    lake.put(name, gzip.compress(content, 1) if name == "packed.json" else content)
    assert accounts(lake.run()) == (3, 2, 1)
    assert sorted(row["a"] for row in lake.rows()) == ["1", "2"]
    [row] = lake.quarantined()
    assert row["reason"].startswith(f"a record of {LARGE + 9} bytes, above the limit of 16777216")
    assert row["raw_text"].startswith('{"a": "xxx') and len(row["raw_text"]) == 1024**2


def test_a_line_of_ten_megabytes_is_a_row(lake):
    line = json.dumps({"a": "ü" * 5 * 1024**2}, ensure_ascii=False)
    lake.put("a.json", line + "\n")
    lake.put("b.json", f"[{line}]")
    assert accounts(lake.run()) == (2, 2, 0)
    assert {len(row["a"]) for row in lake.rows()} == {5 * 1024**2}


def test_a_csv_line_of_a_hundred_megabytes_is_set_aside_and_its_neighbours_are_rows(lake):
    lake.put("a.csv", f"a,b\n1,2\n3,{'x' * LARGE}\n4,5\n", source="table")
    assert accounts(lake.run("table")) == (3, 2, 1)
    assert sorted(row["a"] for row in lake.rows("table")) == [1, 4]
    [row] = lake.quarantined("table")
    assert "field larger than field limit" in row["reason"] and row["raw_text"].startswith("3,xxx")


def test_too_many_bad_rows_fail_the_run_and_the_earlier_data_stays(lake, capsys):
    lake.sources["feed"]["max_quarantined_percent"] = 10
    good = "\n".join(json.dumps({"a": n}) for n in range(90))
    lake.put("a.json", good + "\nbroken" * 10)
    assert accounts(lake.run()) == (100, 90, 10)
    before = (lake.files(), lake.quarantined())
    path = lake.put("b.json", '{"a": "x"}\n{"a": "y"}\n{"a": 1, "a": 2}\n')
    line = lake.fail(capsys)
    assert "feed: 13 of 103 rows are bad, 12.6 %, above the limit of 10 %" in line
    assert "nothing was published, the earlier data stays" in line
    assert (
        "10 × not valid JSON" in line
        and f"1 × a key stands there twice (such as in file:{path})" in line
    )
    assert "2 × column a: expected BIGINT (such as" in line
    assert (lake.files(), lake.quarantined()) == before
    lake.sources["feed"]["max_quarantined_percent"] = 12.7
    assert accounts(lake.run()) == (103, 90, 13)


def test_the_limit_holds_for_plain_files_and_at_both_of_its_ends(lake, capsys):
    lake.plain()
    lake.sources["feed"]["max_quarantined_percent"] = 0
    lake.put("a.json", '{"a": 1}\n' * 999 + "broken")
    assert "1 of 1000 rows are bad, 0.1 %, above the limit of 0 %" in lake.fail(capsys)
    assert lake.files() == [] and lake.quarantined() == []
    lake.sources["feed"]["max_quarantined_percent"] = 100
    lake.put("a.json", "broken")
    assert accounts(lake.run()) == (1, 0, 1)
