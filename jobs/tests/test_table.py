"""The Iceberg table after runs that repeat, overlap, shrink, break or die; what readers see."""

import datetime
import json

import pyarrow.parquet as pq
import pytest
from lake import table as table_module
from lake.job import Storage
from lake.table import IcebergTable
from lake.writing import Zone

FIRST, SECOND, OTHER = "2025-01-09", "2025-10-10", "2025-02-01"


def state(lake):
    """What readers find, whatever the files are called."""
    days = (FIRST, SECOND, OTHER)
    return [(lake.rows(day=day), lake.quarantined(day=day)) for day in days]


def history(lake) -> list:
    return [entry.snapshotId() for entry in lake.iceberg().history()]


def test_a_second_run_changes_nothing_and_other_days_keep_their_files(lake):
    lake.put("a.json", '{"a": 1}\nbroken\n', FIRST)
    lake.put("b.json", [{"a": 2}], SECOND)
    lake.put("c.json", [{"a": 3}], OTHER)
    lake.run(days=[OTHER])
    untouched = lake.files(day=OTHER)
    first = lake.run(days=[FIRST, SECOND])
    before = state(lake)
    second = lake.run(days=[SECOND, FIRST, FIRST])
    assert state(lake) == before
    assert before[0][0] == [{"a": 1}] and before[1][0] == [{"a": 2}] and before[2][0] == [{"a": 3}]
    timing = {"seconds": 0, "bytes_written": 0}
    assert {**first, **timing} == {**second, **timing}
    assert lake.files(day=OTHER) == untouched
    assert len(lake.files()) == 3 and len(lake.files("quarantine")) == 1
    assert len(history(lake)) == 3


def test_files_stand_in_the_days_folders_as_snappy_parquet_with_the_source_s_spelling(lake):
    lake.put("a.json", [{"Größe (cm)": 1, "in": {"A b": 2}}], FIRST)
    lake.run(days=[FIRST])
    [path] = lake.files()
    assert path.parent == lake.processed / "feed/year=2025/month=01/day=09"
    assert path.suffix == ".parquet"
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "SNAPPY"
    table = lake.spark.table(f"lake.{lake.database}.feed")
    [row] = [row.asDict(recursive=True) for row in table.collect()]
    assert row == {"grosse_cm": 1, "in": {"a_b": 2}, "year": "2025", "month": "01", "day": "09"}
    [comment] = [f.metadata.get("comment") for f in table.schema if f.name == "grosse_cm"]
    assert comment == 'source field: "Größe (cm)"'


def test_a_day_without_files_becomes_empty_in_the_same_commit(lake, capfd):
    lake.put("a.json", "broken\n", FIRST)
    gone = lake.put("b.json", '{"a": 2}\nbroken\n', SECOND)
    lake.run(days=[FIRST, SECOND])
    lake.put("a.json", '{"a": 1}\n', FIRST)
    gone.unlink()
    before = len(history(lake))
    summary = lake.run(days=[FIRST, SECOND])
    assert len(history(lake)) == before + 1
    assert lake.rows(day=FIRST) == [{"a": 1}] and lake.files(day=SECOND) == []
    assert lake.files("quarantine") == []
    assert (summary["rows_read"], summary["files_read"]) == (1, 1)
    assert "no data files in" in capfd.readouterr().err
    lake.files("raw", day=FIRST)[0].unlink()
    summary = lake.run(days=[FIRST])
    assert summary["rows_read"] == 0 and lake.files() == []


def test_a_day_of_nothing_but_bad_records_loses_its_rows_too(lake):
    lake.put("a.json", [{"a": 1}])
    lake.run()
    lake.put("a.json", "broken")
    summary = lake.run()
    assert (summary["rows_written"], summary["rows_quarantined"]) == (0, 1)
    assert lake.rows() == [] and len(lake.quarantined()) == 1


def test_a_source_without_any_good_record_makes_no_table(lake):
    assert lake.run()["rows_read"] == 0
    lake.put("a.json", "broken")
    assert lake.run()["rows_quarantined"] == 1
    assert lake.iceberg() is None


def test_hundreds_of_days_are_replaced_in_one_commit(lake):
    start = datetime.date(2024, 2, 20)
    days = [str(start + datetime.timedelta(days=n)) for n in range(0, 400, 9)]
    for n, day in enumerate(days):
        lake.put("a.json", json.dumps({"n": n}), day)
    lake.put("a.json", json.dumps({"n": -1}), "2024-02-21")
    lake.run(days=["2024-02-21"])
    summary = lake.run(days=days)
    assert summary["rows_written"] == summary["files_written"] == len(days)
    assert [lake.rows(day=day) for day in days] == [[{"n": n}] for n in range(len(days))]
    assert lake.rows(day="2024-02-21") == [{"n": -1}]
    assert len(history(lake)) == 2


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


class Killed(BaseException):
    """Nothing in the job catches it."""


MOMENTS = {
    "before the quarantine is staged": (Zone, "stage", False),
    "before the rows are staged": (IcebergTable, "stage", False),
    "after the branch is made": (IcebergTable, "_begin", True),
    "after the rows are staged": (IcebergTable, "stage", True),
    "while the quarantine is brought in": (Storage, "move_all", False),
    "after the quarantine is brought in": (Zone, "bring_in", True),
    "before the commit": (IcebergTable, "publish", False),
    "after the commit": (IcebergTable, "publish", True),
    "before the old quarantine goes": (Zone, "retire", False),
    "before old snapshots go": (IcebergTable, "expire", False),
}


AFTER_THE_COMMIT = (
    "after the commit",
    "before the old quarantine goes",
    "before old snapshots go",
)
FIRST_RUN = ("after the branch is made", "before the commit", "after the commit")


@pytest.mark.parametrize(
    ("moment", "first_run"),
    [*[(moment, False) for moment in MOMENTS], *[(moment, True) for moment in FIRST_RUN]],
)
def test_a_run_that_dies_leaves_all_of_the_old_or_all_of_the_new(
    lake, monkeypatch, moment, first_run
):
    if not first_run:
        lake.put("a.json", '{"a": 1}\nwas bad\n', FIRST)
        lake.put("b.json", [{"a": 2}], SECOND)
        lake.run(days=[FIRST, SECOND])
    old = [lake.rows(day=day) for day in (FIRST, SECOND)] if not first_run else [[], []]
    lake.put("a.json", '{"a": 10, "new": {"x": 1}}\nbroken\n', FIRST)
    lake.put("b.json", "\n", SECOND)
    new = [[{"a": 10, "new": {"x": 1}}], []]
    owner, name, after = MOMENTS[moment]
    real = getattr(owner, name)

    def dying(*arguments, **more):
        if after:
            real(*arguments, **more)
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(owner, name, dying)
        # No clearing up either: a killed process does not come to it.
        killing.setattr(IcebergTable, "discard", str)
        killing.setattr(Zone, "discard", str)
        with pytest.raises(Killed):
            lake.run(days=[FIRST, SECOND])
    seen = [lake.rows(day=day) for day in (FIRST, SECOND)]
    done = moment in AFTER_THE_COMMIT
    assert seen == (new if done else old)
    # Bad until now and good from now on: in the table, or still in quarantine.
    assert (
        {"a": 10, "new": {"x": 1}} in seen[0] or first_run or "was bad" in lake.reasons(day=FIRST)
    )
    summary = lake.run(days=[FIRST, SECOND])
    assert [lake.rows(day=day) for day in (FIRST, SECOND)] == new
    assert (summary["rows_read"], summary["rows_written"], summary["rows_quarantined"]) == (2, 1, 1)
    assert list(lake.reasons(day=FIRST)) == ["broken"] and lake.quarantined(day=SECOND) == []
    assert list(lake.iceberg().refs()) == ["main"]


def test_the_types_of_a_first_run_that_died_bind_nobody(lake, monkeypatch):
    lake.put("a.json", [{"a": "text"}])
    with monkeypatch.context() as killing:
        killing.setattr(IcebergTable, "publish", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            lake.run()
    # A run without a row publishes no more of it than one with rows.
    lake.put("a.json", "broken")
    assert lake.run()["rows_quarantined"] == 1
    assert lake.iceberg().currentSnapshot() is None
    lake.put("a.json", [{"b": 1, "a": 2, "c": {"d": 3}}])
    lake.run()
    assert lake.rows() == [{"a": 2, "b": 1, "c": {"d": 3}}]
    assert lake.types() == {"a": "int64", "b": "int64", "c": "struct<d: int64>"}


def test_accounts_that_do_not_balance_publish_nothing(lake, capsys, monkeypatch):
    lake.put("a.json", '{"a": 1}\nbroken\n')
    lake.run()
    before = (lake.files(), lake.files("quarantine"))
    lake.put("b.json", [{"a": 2}])
    with monkeypatch.context() as wrong:
        wrong.setattr(IcebergTable, "staged_rows", lambda *_: {FIRST: 1})
        line = lake.fail(capsys)
    assert f"the accounts of {FIRST} do not balance: 3 rows read, 1 written, 1 quarantined" in line
    assert (lake.files(), lake.files("quarantine")) == before
    assert list(lake.iceberg().refs()) == ["main"]
    assert lake.run()["rows_written"] == 2


def test_a_snapshot_goes_a_day_after_another_took_its_place_and_not_before(lake, monkeypatch):
    lake.put("a.json", [{"a": 1}])
    lake.run()
    [begun] = lake.files()
    for _ in range(2):
        lake.run()
    shown = lake.iceberg().history()
    oldest, middle, newest = [entry.timestampMillis() for entry in shown]
    first, second, third = [entry.snapshotId() for entry in shown]
    [current] = lake.files()
    day = table_module.READER_MS

    def left_at(milliseconds: int) -> list:
        monkeypatch.setattr(table_module.time, "time", lambda: milliseconds / 1000)
        where = (lake.spark, lake.database, "feed", f"file:{lake.processed}", "upkeep")
        IcebergTable(*where).expire()
        ids = {snapshot.snapshotId() for snapshot in lake.iceberg().snapshots()}
        return [one for one in (first, second, third) if one in ids]

    assert left_at(oldest + day - 1) == [first, second, third]
    # Older than a day by now, but somebody may have begun to read it a millisecond ago.
    assert left_at(middle + day - 1) == [first, second, third]
    assert left_at(newest + day - 1) == [second, third]
    assert left_at(newest + 99 * day) == [third]
    assert current.exists() and not begun.exists()


def test_one_run_removes_no_more_snapshots_than_the_bound(lake, monkeypatch):
    monkeypatch.setattr(table_module, "EXPIRED_AT_ONCE", 2)
    lake.put("a.json", [{"a": 1}])
    for _ in range(5):
        lake.run()
    had = len(list(lake.iceberg().snapshots()))
    later = table_module.time.time() + 2 * table_module.READER_MS / 1000
    monkeypatch.setattr(table_module.time, "time", lambda: later)
    left = []
    for _ in range(3):
        lake.run()
        left.append(len(list(lake.iceberg().snapshots())))
    assert left == [had - 1, had - 2, had - 3]


def test_upkeep_that_fails_is_a_note_and_no_failure(lake, monkeypatch, capfd):
    def full(_):
        raise OSError("no space")

    monkeypatch.setattr(IcebergTable, "expire", full)
    lake.put("a.json", [{"a": 1}])
    assert lake.run()["rows_written"] == 1
    assert "etl: note: old snapshots were not removed: no space" in capfd.readouterr().err


def test_the_glue_database_must_be_a_name_that_glue_takes(lake, capsys):
    line = lake.fail(capsys, database="My-Lake")
    assert "--database: expected lower-case letters" in line and "'My-Lake'" in line


def test_a_source_that_can_be_no_table_is_refused(lake, capsys):
    lake.sources["Feed-2"] = {"format": "json"}
    assert "--source: expected lower-case letters" in lake.fail(capsys, source="Feed-2")
    lake.sources["Feed-2"]["layout"] = "parquet"
    assert lake.run("Feed-2")["rows_read"] == 0


def test_a_table_of_another_place_or_partitioning_is_left_alone(lake, capsys):
    name = f"lake.{lake.database}.feed"
    lake.spark.sql(f"CREATE TABLE {name} (a INT, day STRING) USING iceberg PARTITIONED BY (day)")
    line = lake.fail(capsys)
    assert "is partitioned by identity(day), expected year, month, day" in line
    line = lake.fail(capsys, processed=(lake.root / "elsewhere").as_uri())
    assert "stands at" in line and "elsewhere/feed" in line


def test_settings_without_the_catalog_are_one_line(lake, capsys, monkeypatch):
    monkeypatch.setattr("lake.catalog.CATALOG", "missing")
    assert "Spark has no catalog 'missing'; expected Spark's settings" in lake.fail(capsys)
