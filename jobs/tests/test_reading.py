"""Files of every kind through the whole job: each record is a row or stands in quarantine."""

import csv
import gzip
import json

import pytest
from conftest import DAY, JOBS

DATA = JOBS.parent / "node_modules" / "vega-datasets" / "data"


def test_lines_arrays_objects_and_gzip_in_any_folder_become_one_partition(lake):
    lake.put("lines.json", '{"a": 1}\n{"a": 2}\n')
    lake.put("deep/x=1/array.json", [{"a": 3}, {"a": 4}])
    lake.put("object.json", json.dumps({"a": 5}, indent=2))
    lake.put("lines.json.gz", gzip.compress(b'{"a": 6}\n{"a": 7}'))
    lake.put("gzip with a wrong name.json", gzip.compress(b'[{"a": 8}]'))
    lake.put("plain with a wrong name.json.gz", '{"a": 9}\n{"a": 10}')
    lake.put("odd {name}[1]*%20+ü#.json", '{"a": 11}\n')
    lake.put("odd {name}[1]*%20+ü#.json.gz", gzip.compress(b'{"a": 12}\n'))
    lake.put("mark.json", b'\xef\xbb\xbf{"a": 13}\r\n\r\n')
    lake.put("utf16.json", '[{"a": 14}]'.encode("utf-16"))
    lake.put("empty-array.json", "[]")
    lake.put("blank.json", "\n \n")
    for ignored in ("_SUCCESS", "_temporary/0/part.json", ".hidden.json", "x/.y/z.json"):
        lake.put(ignored, '{"a": 99}')
    lake.put("zero.json", "")
    summary = lake.run()
    assert sorted(row["a"] for row in lake.rows()) == list(range(1, 15))
    assert lake.types() == {"a": "int64"}
    assert lake.files("quarantine") == []
    assert summary["rows_read"] == summary["rows_written"] == 14
    assert (summary["files_read"], summary["files_written"]) == (12, 1)


def test_every_record_that_does_not_parse_stands_in_quarantine_with_reason_and_file(lake):
    bad = {
        "broken": "not valid JSON",
        '{"a": 1': "not valid JSON",
        '{"a": 1} {"a": 2}': "not valid JSON",
        '{"a": 1}],[{"a": 2}': "not valid JSON",
        '{"a": 1},"b":{"a": 2}': "not valid JSON",
        '{"a": 1}}': "not valid JSON",
        '{"a": NaN}': "not valid JSON",
        '{"a": 1, "a": 2}': "a key stands there twice",
        '{"in": {"k": 1, "k": 2}}': "the key 'k' stands twice in one object",
        "{}": "an object without any field",
        "42": "expected a JSON object, found a number",
        '"x"': "expected a JSON object, found a string",
        "[1]": "expected a JSON object, found an array",
        "null": "expected a JSON object, found null",
        "true": "expected a JSON object, found a boolean",
    }
    path = lake.put("name with space+plus.json", "\n".join(['{"a": 0}', *bad]) + "\n")
    with path.open("ab") as file:
        file.write(b'{"a": "\xff"}\n')
    bad['{"a": "\ufffd"}'] = "not UTF-8"
    summary = lake.run()
    assert lake.reasons() == bad
    assert lake.rows() == [{"a": 0}]
    assert {row["run_id"] for row in lake.quarantined()} == {"etl-12345678"}
    assert {row["file"] for row in lake.quarantined()} == {f"file:{path}"}
    assert (summary["rows_read"], summary["rows_written"], summary["rows_quarantined"]) == (
        17,
        1,
        16,
    )


def test_a_damaged_file_keeps_its_records_and_names_itself_in_quarantine(lake):
    lines = b"".join(b'{"a": %d}\n' % (n * 7919) for n in range(3000))
    path = lake.put("cut.json.gz", gzip.compress(lines)[:-500])
    summary = lake.run()
    assert 0 < summary["rows_written"] < 3000 and summary["rows_quarantined"] == 1
    [row] = lake.quarantined()
    assert row["file"] == f"file:{path}" and row["reason"].startswith("gzip ends too early")


def test_a_batch_of_nothing_but_bad_records_writes_no_table(lake):
    lake.put("a.json", "broken\n{}\n")
    summary = lake.run()
    assert (summary["rows_read"], summary["rows_written"], summary["files_written"]) == (2, 0, 0)
    assert lake.files() == [] and len(lake.quarantined()) == 2


def test_csv_files_of_one_batch_are_combined_by_name_not_by_position(lake):
    lake.put("a.csv", 'id,name\n1,"two\nlines"\n', source="table")
    lake.put("b.csv.gz", gzip.compress(b"name,id\nb,2\n"), source="table")
    lake.put("c.csv", "extra,id\nx,3\n", source="table")
    lake.put("d.csv", "id,name\n", source="table")
    lake.put("e.csv", "id,name\n1,2,3\n4\n", source="table")
    summary = lake.run("table")
    assert sorted(lake.rows("table"), key=lambda row: row["id"]) == [
        {"extra": None, "id": 1, "name": "two\nlines"},
        {"extra": None, "id": 2, "name": "b"},
        {"extra": "x", "id": 3, "name": None},
    ]
    assert lake.reasons("table") == {
        "1,2,3": "3 fields where the header has 2",
        "4": "1 fields where the header has 2",
    }
    assert (summary["rows_read"], summary["files_read"]) == (5, 5)


def test_no_column_of_the_data_is_lost_or_taken_for_one_of_the_job(lake):
    names = ["day", "file", "text", "raw", "problem", "reason", "record", "slot_key", "r", "c"]
    names += ["json", "_corrupt_record", "raw_text", "a.b", "a`b", "Date", "date", "a b", "a_b"]
    names += ["year", "month", "", "日本", "empty_object", "run_id", "value", "X" * 230]
    row = {name: f"<{name}>" for name in names}
    lake.put("a.json", [{**row, "empty_object": {}, "in": {"A b": 1, "a_b": 2, "year": 3}}])
    lake.run()
    [found] = lake.rows()
    values = [value for value in found.values() if isinstance(value, str)]
    assert sorted(values) == sorted({**row, "empty_object": "{}"}.values())
    assert found["date"] == "<date>" and found["a_b"] == "<a_b>" and found["data_year"] == "<year>"
    assert sorted(found["in"].values()) == [1, 2, 3] and found["in"]["a_b"] == 2
    assert not {"year", "month", "day"} & set(found)


@pytest.mark.parametrize("magic", [b"PK\x03\x04", b"BZh91AY", b"PAR1"])
def test_another_container_is_refused_by_the_file_s_name(lake, capsys, magic):
    path = lake.put("a.json", magic + b"\x00\x01")
    assert str(path) in lake.fail(capsys)
    assert lake.files() == [] and lake.files("quarantine") == []


def test_the_flights_of_the_real_data_set_are_all_there(lake):
    content = (DATA / "flights-20k.json").read_bytes()
    lake.put("flights-20k.json", content)
    summary = lake.run()
    table = lake.table()
    flights = json.loads(content)
    assert table.num_rows == summary["rows_read"] == summary["rows_written"] == len(flights)
    assert sum(table["delay"].to_pylist()) == sum(flight["delay"] for flight in flights)
    assert lake.types() == {
        "date": "string",
        "delay": "int64",
        "destination": "string",
        "distance": "int64",
        "origin": "string",
    }
    assert lake.files("quarantine") == []


def test_the_weather_of_the_real_data_set_is_all_there_and_typed(lake):
    content = (DATA / "seattle-weather.csv").read_text()
    lake.put("seattle-weather.csv", content, source="table")
    summary = lake.run("table")
    table = lake.table("table")
    days = list(csv.DictReader(content.splitlines()))
    assert table.num_rows == summary["rows_read"] == summary["rows_written"] == len(days)
    assert sorted(str(day) for day in table["date"].to_pylist()) == sorted(d["date"] for d in days)
    assert sum(table["wind"].to_pylist()) == pytest.approx(sum(float(d["wind"]) for d in days))
    assert lake.types("table") == {
        "date": "date32[day]",
        "precipitation": "double",
        "temp_max": "double",
        "temp_min": "double",
        "weather": "string",
        "wind": "double",
    }
    assert DAY in summary["partitions"]
