"""The command line: arguments, exit codes, streams; once as spark-submit really runs it."""

import ast
import json

import pytest
from conftest import DAY, JOBS
from submitting import submit

SOURCES = sorted(JOBS.glob("*.py")) + sorted((JOBS / "lake").glob("*.py"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"partitions": "[2025]"}, "--partitions: expected a JSON array of ISO dates"),
        ({"partitions": '["2025-02-30"]'}, "no date of the calendar"),
        ({"source": "../feed"}, "--source: expected letters"),
        ({"source": "feed; rm"}, "--source: expected letters"),
        ({"run-id": " "}, "--run-id: expected the execution's name"),
    ],
)
def test_a_bad_argument_is_one_line_and_exit_1(lake, capsys, changes, expected):
    assert expected in lake.fail(capsys, **changes)


def test_a_missing_or_unknown_argument_is_one_line_and_exit_1(capsys):
    import etl

    assert etl.main(["--run-id", "x"]) == 1
    assert capsys.readouterr().err.startswith("etl: error: the following arguments are required")


def test_the_summary_on_stdout_is_the_stored_one_and_one_line(lake, capfd):
    lake.put("a.json", [{"a": 1}])
    stored = lake.run()
    [line] = capfd.readouterr().out.splitlines()
    assert json.loads(line) == stored
    assert list(stored) == [
        *("run_id", "source", "partitions", "rows_read", "rows_written", "rows_quarantined"),
        *("files_read", "files_written", "bytes_read", "bytes_written", "seconds"),
    ]
    assert stored["bytes_read"] == len('[{"a": 1}]') and stored["seconds"] > 0
    assert (stored["run_id"], stored["source"], stored["partitions"]) == (
        "etl-12345678",
        "feed",
        [DAY],
    )


def test_a_raw_object_that_vanishes_while_it_is_read_is_one_line(lake, capsys, monkeypatch):
    path = lake.put("a.json", '{"a": 1}\n')
    lake.put("b.json", '{"a": 1}\n')
    real = __import__("lake.job", fromlist=["read_records"]).read_records

    def vanishing(*arguments):
        records = real(*arguments)
        path.unlink()
        return records

    monkeypatch.setattr("lake.job.read_records", vanishing)
    line = lake.fail(capsys)
    assert f"{path}: expected the file, since it was listed, found none" in line


def test_a_zone_that_cannot_be_written_is_one_line(lake, capsys):
    lake.put("a.json", [{"a": 1}])
    blocked = lake.root / "blocked"
    blocked.write_text("a file, not a folder")
    lake.plain()
    assert "blocked" in lake.fail(capsys, processed=blocked.as_uri())
    lake.put("b.json", "broken")
    assert "blocked" in lake.fail(capsys, quarantine=blocked.as_uri())


def test_a_bug_is_not_dressed_up_as_an_error_of_the_user(lake, monkeypatch):
    lake.put("a.json", [{"a": 1}])
    monkeypatch.setattr("lake.job.parse", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        lake.run()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_job_s_files_are_python_3_9_and_short(path):
    text = path.read_text()
    tree = ast.parse(text, feature_version=(3, 9))
    assert len(text.splitlines()) < 300
    assert ast.get_docstring(tree)
    # Annotations may say X | None only where they are not evaluated.
    assert "from __future__ import annotations" in text or path.name == "__init__.py"


def test_spark_submit_ends_with_0_and_a_summary_or_with_1_and_one_line(lake):
    lake.put("a.csv", "a,b\n1,2\n3\n", source="table")
    good, bad = submit(lake, "table"), submit(lake, "unknown")
    out, _ = good.communicate(timeout=120)
    assert good.returncode == 0, out
    [line] = out.splitlines()
    summary = json.loads(line)
    assert (summary["rows_written"], summary["rows_quarantined"]) == (1, 1)
    assert lake.rows("table") == [{"a": 1, "b": 2}]
    out, err = bad.communicate(timeout=120)
    assert bad.returncode == 1 and out == ""
    [line] = [line for line in err.splitlines() if line.startswith("etl: ")]
    assert "no source 'unknown'; found feed, table" in line
    assert "Traceback" not in err
