"""The benchmark's inputs and what it says of outputs: the same bytes, and whose rows they are."""

import csv
import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import inputs
import outputs

FLIGHTS = Path(__file__).resolve().parents[3] / "node_modules/vega-datasets/data/flights-3m.parquet"


def made(format, folder, megabytes=3, **more):
    return inputs.write(format, round(megabytes * 1e6), str(FLIGHTS), folder, **more)


def text_of(found):
    packed = [Path(file).read_bytes() for file in found]
    return [gzip.decompress(x) if x[:2] == b"\x1f\x8b" else x for x in packed]


def records(format, found):
    if format.startswith("csv"):
        return [
            row for text in text_of(found) for row in csv.DictReader(text.decode().splitlines())
        ]
    (text,) = text_of(found)
    return json.loads(text) if format == "array" else [json.loads(x) for x in text.splitlines()]


@pytest.mark.parametrize("format", inputs.FORMATS)
def test_a_format_has_the_size_the_rows_and_the_same_bytes_again(format, tmp_path):
    found = made(format, tmp_path / "one", part_bytes=1_000_000)
    texts = text_of(found["files"])
    assert sum(map(len, texts)) == found["text_bytes"] == pytest.approx(3e6, rel=0.1)
    assert len(texts) > 2 if format == "csvparts" else len(texts) == 1
    rows = records(format, found["files"])
    assert [int(row["id"]) for row in rows] == list(range(found["rows"]))
    again = made(format, tmp_path / "two", part_bytes=1_000_000)
    digests = [
        [hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in each["files"]]
        for each in (found, again)
    ]
    assert digests[0] == digests[1] and found["sum"] == again["sum"]
    # Nothing else is left that a reader of the folder would take for data.
    assert sorted(map(str, (tmp_path / "one").iterdir())) == sorted(found["files"])


def test_flights_come_again_a_year_and_a_day_later(monkeypatch):
    monkeypatch.setattr(inputs, "FLIGHTS", 10)
    rows = duckdb.sql(inputs.flights(str(FLIGHTS), 8, 22)).fetchall()
    assert [row[0] for row in rows] == list(range(8, 22))
    first = duckdb.sql(f"SELECT * FROM '{FLIGHTS}' LIMIT 10").fetchall()
    assert rows[2][2:] == rows[12][2:] == first[0][1:]
    assert (rows[2][1][:10], rows[12][1][:10]) == ("2002-01-02", "2003-01-03")


def test_wide_rows_have_what_parsers_stumble_over(tmp_path):
    rows = records("wide", made("wide", tmp_path)["files"])
    assert len(rows[0]) == 60
    texts = {row[f"text_{at:02}"] for row in rows for at in range(1, 15)}
    assert None in texts
    joined = " ".join(text for text in texts if text)
    assert all(part in joined for part in ('"', "\n", "\t", "\\", "東京", "😀", "{", "]"))
    assert isinstance(rows[0]["address"]["geo"]["lat"], float)
    assert isinstance(rows[0]["items"][0]["count"], int)


@pytest.mark.parametrize("format", ["jsonl", "csv", "wide"])
def test_the_rows_of_an_output_are_those_of_its_input_in_any_order(format, tmp_path):
    found = made(format, tmp_path / "in", 1)
    (file,) = found["files"]
    read = "read_csv_auto" if format == "csv" else "read_json_auto"
    part = tmp_path / "out" / "year=2025/month=01/day=09"
    part.mkdir(parents=True)
    duckdb.sql(f"COPY (FROM {read}('{file}') ORDER BY id DESC) TO '{part}/a.parquet'")
    seen = outputs.described(format, tmp_path / "out")
    assert (seen["rows"], seen["sum"]) == (found["rows"], found["sum"])
    assert "day" not in seen["types"] and len(seen["sizes"]) == 1
    # Times as text and whole numbers of other widths are the same rows.
    as_text = "SELECT * REPLACE (CAST(id AS INTEGER) AS id"
    as_text += ", strftime(date, '%Y-%m-%dT%H:%M:%S') AS date)" if format != "wide" else ")"
    duckdb.sql(f"COPY ({as_text} FROM '{part}/a.parquet') TO '{tmp_path}/b.parquet'")
    assert outputs.described(format, tmp_path)["rows"] == 2 * found["rows"]
    Path(part / "a.parquet").unlink()
    assert outputs.described(format, tmp_path)["sum"] == found["sum"]


@pytest.mark.parametrize("change", ["delay + (id = 7)::INT AS delay", "NULL AS origin"])
def test_one_value_that_differs_is_another_sum(change, tmp_path):
    found = made("jsonl", tmp_path / "in", 1)
    name = change.rsplit(" ", 1)[1]
    rows = f"SELECT * EXCLUDE ({name}), {change} FROM read_json_auto('{found['files'][0]}')"
    duckdb.sql(f"COPY ({rows}) TO '{tmp_path}/a.parquet'")
    seen = outputs.described("jsonl", tmp_path)
    assert seen["rows"] == found["rows"] and seen["sum"] != found["sum"]


def test_files_of_other_days_are_left_out_and_none_are_no_rows(tmp_path):
    found = made("jsonl", tmp_path / "in", 1)
    for day in ("09", "10"):
        part = tmp_path / f"out/data/year=2025/month=01/day={day}"
        part.mkdir(parents=True)
        duckdb.sql(f"COPY (FROM read_json_auto('{found['files'][0]}')) TO '{part}/a.parquet'")
    day = "year=2025/month=01/day=10"
    assert outputs.described("jsonl", tmp_path, day)["rows"] == found["rows"]
    assert outputs.described("jsonl", tmp_path, "year=2025/month=01/day=1")["rows"] == 0


def test_the_obvious_script_and_duckdb_read_the_folders_of_the_raw_zone(tmp_path):
    """The whole way of the peer without Spark: the spec in, the result out."""
    found = made("csv", tmp_path / "raw/feed/year=2025/month=01/day=09", 1)
    spec = {"contender": "duckdb", "format": "csv", "raw": f"{tmp_path}/raw", "day": "2025-01-09"}
    spec |= {"out": f"{tmp_path}/out", "work": f"{tmp_path}", "result": f"{tmp_path}/result"}
    program = Path(__file__).with_name("contender.py")
    subprocess.run([sys.executable, program, json.dumps(spec)], check=True)
    result = json.loads((tmp_path / "result").read_text())
    assert 0 < result["seconds"] < 60
    seen = outputs.described("csv", tmp_path / "out")
    assert (seen["rows"], seen["sum"]) == (found["rows"], found["sum"])
    assert set(seen["types"]) == {"id", "date", "delay", "distance", "origin", "destination"}
