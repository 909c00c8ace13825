"""The plain layout: what stands in the zones after runs that repeat, overlap, break or die."""

import json

import pyarrow.parquet as pq
import pytest
from lake.errors import JobError
from lake.storage import Storage
from lake.summary import check_accounts
from lake.writing import TEXT_BYTES_PER_FILE, Zone, files_for

FIRST, SECOND, OTHER = "2025-01-09", "2025-10-10", "2025-02-01"


@pytest.fixture
def lake(lake):
    return lake.plain()


def everything(lake):
    """Rows and number of files of each zone, whatever the files are called."""
    return {
        (zone, day): (lake.rows(day=day), lake.quarantined(day=day), len(lake.files(zone, day=day)))
        for zone in ("processed", "quarantine")
        for day in (FIRST, SECOND, OTHER)
    }


def test_a_second_run_changes_nothing_and_other_partitions_stay_as_they_are(lake):
    lake.put("a.json", '{"a": 1}\nbroken\n', FIRST)
    lake.put("b.json", [{"a": 2}], SECOND)
    lake.put("c.json", [{"a": 3}], OTHER)
    lake.run(days=[OTHER])
    [untouched] = lake.files(day=OTHER)
    written_at = untouched.stat().st_mtime_ns
    first = lake.run(days=[FIRST, SECOND])
    before = everything(lake)
    second = lake.run(days=[SECOND, FIRST, FIRST])
    assert everything(lake) == before
    assert {**first, "seconds": 0} == {**second, "seconds": 0}
    assert lake.files(day=OTHER) == [untouched]
    assert untouched.stat().st_mtime_ns == written_at
    assert lake.rows(day=FIRST) == [{"a": 1}] and lake.rows(day=SECOND) == [{"a": 2}]
    assert len(lake.files()) == 3 and len(lake.files("quarantine")) == 1
    assert all(path.name.endswith(".snappy.parquet") for path in lake.files())
    assert pq.ParquetFile(lake.files()[0]).metadata.row_group(0).column(0).compression == "SNAPPY"
    for zone in (lake.processed, lake.root / "quarantine"):
        assert [path.name for path in zone.iterdir()] == ["feed"]


def test_a_mended_file_takes_its_rows_out_of_quarantine_and_a_deleted_one_takes_its_rows_away(
    lake, capfd
):
    lake.put("a.json", "broken\n", FIRST)
    gone = lake.put("b.json", '{"a": 2}\nbroken\n', SECOND)
    lake.run(days=[FIRST, SECOND])
    assert len(lake.files("quarantine")) == 2
    lake.put("a.json", '{"a": 1}\n', FIRST)
    gone.unlink()
    summary = lake.run(days=[FIRST, SECOND])
    assert lake.rows(day=FIRST) == [{"a": 1}]
    assert lake.files("quarantine") == [] and lake.files(day=SECOND) == []
    assert (summary["rows_read"], summary["files_read"]) == (1, 1)
    [note] = [line for line in capfd.readouterr().err.splitlines() if "etl: note" in line]
    assert "no data files in" in note and "day=10" in note
    lake.put("_SUCCESS", "", FIRST)
    (lake.files("raw", day=FIRST)[1]).unlink()
    assert lake.run(days=[FIRST])["rows_read"] == 0
    assert lake.files() == []


def test_a_run_that_fails_before_publishing_leaves_the_earlier_data_as_it_was(
    lake, capsys, monkeypatch
):
    lake.put("a.json", '{"a": 1}\nbroken\n')
    lake.run()
    before = lake.files() + lake.files("quarantine")
    lake.put("b.json", [{"a": 2}])
    monkeypatch.setattr(Zone, "staged_rows", lambda *_: {FIRST: 1})
    line = lake.fail(capsys)
    assert f"the accounts of {FIRST} do not balance: 3 rows read, 1 written, 1 quarantined" in line
    assert lake.files() + lake.files("quarantine") == before
    monkeypatch.undo()
    assert lake.run()["rows_written"] == 2


def test_a_run_killed_while_publishing_leaves_earlier_rows_readable_and_the_next_run_mends_it(
    lake, monkeypatch
):
    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    lake.put("a.json", '{"a": 1}\nbroken\n')
    lake.run()
    lake.put("b.json", [{"a": 2}])
    for method in ("move_all", "delete_all"):
        # No clearing up either: a killed process does not come to it.
        monkeypatch.setattr(Storage, method, die)
        monkeypatch.setattr(Zone, "discard", lambda self: None)
        with pytest.raises(Killed):
            lake.run()
        monkeypatch.undo()
        assert {"a": 1} in lake.rows()
    summary = lake.run()
    assert lake.rows() == [{"a": 1}, {"a": 2}] and len(lake.quarantined()) == 1
    assert len(lake.files()) == summary["files_written"] == 1
    assert not any(path.is_file() for path in (lake.processed / "_staging").rglob("*"))


def test_objects_that_arrive_out_of_order_end_in_the_same_rows_and_one_file(lake):
    lake.put("b.json", [{"a": 2}])
    lake.run()
    lake.put("a.json", [{"a": 1}])
    lake.run()
    assert lake.rows() == [{"a": 1}, {"a": 2}] and len(lake.files()) == 1


def test_a_large_day_is_cut_into_several_files_and_a_small_one_beside_it_is_not(lake, monkeypatch):
    monkeypatch.setattr("lake.placing.SHUFFLED_BYTES_PER_FILE", 2000)
    for at in range(4):
        lines = [json.dumps({"a": n}) for n in range(at * 1000, (at + 1) * 1000)]
        lake.put(f"a{at}.json", "\n".join(lines), FIRST)
    lake.put("b.json", "\n".join(json.dumps({"a": n}) for n in range(100)), SECOND)
    summary = lake.run(days=[FIRST, SECOND])
    assert 1 < len(lake.files(day=FIRST)) <= 4 and len(lake.files(day=SECOND)) == 1
    assert summary["files_written"] == len(lake.files())
    assert sorted(row["a"] for row in lake.rows(day=FIRST)) == list(range(4000))
    assert summary["bytes_written"] == sum(path.stat().st_size for path in lake.files())


@pytest.mark.parametrize(
    ("text_bytes", "files"),
    [(0, 1), (1, 1), (TEXT_BYTES_PER_FILE, 1), (TEXT_BYTES_PER_FILE + 1, 2)],
)
def test_a_partition_has_one_file_for_each_gibibyte_of_text(text_bytes, files):
    assert files_for(text_bytes) == files


@pytest.mark.parametrize(
    ("read", "written", "quarantined"),
    [
        ({"d": 3}, {"d": 1}, {"d": 1}),
        ({"d": 1}, {"d": 1}, {"d": 1}),
        ({"d": 1, "e": 1}, {"d": 2}, {}),
        ({}, {"d": 1}, {}),
    ],
)
def test_accounts_that_do_not_balance_on_every_day_are_an_error(read, written, quarantined):
    with pytest.raises(JobError, match="do not balance"):
        check_accounts(["d", "e"], read, written, quarantined)


def test_rows_of_a_day_that_was_not_asked_for_are_an_error_and_not_lost(lake, capsys):
    inside = lake.root / "raw/feed/year=1999/month=01/day=01"
    path = inside / "feed" / lake.folder(FIRST) / "a.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"a": 1}')
    assert "records were read for '1999-01-01'" in lake.fail(capsys, raw=f"file://{inside}")
    assert lake.files() == []


def test_a_source_whose_table_is_iceberg_is_not_overwritten_with_plain_files(lake, capsys):
    lake.put("a.json", [{"a": 1}])
    lake.sources["feed"]["layout"] = "iceberg"
    lake.run()
    before = lake.live_files()
    lake.sources["feed"]["layout"] = "parquet"
    line = lake.fail(capsys)
    assert "holds an Iceberg table" in line and 'set layout = "iceberg"' in line
    assert lake.live_files() == before and all(path.exists() for path in before)


def test_types_are_inferred_anew_in_each_run_and_nothing_is_pinned(lake):
    lake.put("a.json", [{"a": 1, "never": None}], FIRST)
    lake.put("b.json", [{"a": "x"}], SECOND)
    lake.run(days=[FIRST])
    lake.run(days=[SECOND])
    assert lake.types(day=FIRST) == {"a": "int64", "never": "string"}
    assert lake.types(day=SECOND) == {"a": "string"}
