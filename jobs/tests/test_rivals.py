"""Two runs of one source at once, though a lock forbids it: an older one that is still alive never
takes back what a newer one has published, and whichever comes too late says so."""

import os
import threading

import etl
import pytest
from lake import job, table
from lake.table import IcebergTable
from lake.writing import Zone
from pyspark.sql import functions as F

OTHER = "2025-02-01"


@pytest.fixture
def rival(lake):
    """Another run, with its own view of the catalog, as in a process of its own."""

    def run(**changes) -> int:
        request = etl.parse_arguments(lake.arguments(**{"run-id": "etl-rival", **changes}))
        return job.run(lake.spark.newSession(), request).rows_written

    return run


def once(real, before=None, after=None):
    """``real``, but the first call has something done before or after it."""
    calls = []

    def wrapped(*arguments):
        calls.append(1)
        if before and len(calls) == 1:
            before()
        found = real(*arguments)
        if after and len(calls) == 1:
            after()
        return found

    return wrapped


def begun(lake, first_run: bool) -> None:
    if not first_run:
        lake.put("a.json", [{"a": 0}])
        lake.run()
    lake.put("a.json", [{"a": 1}])


@pytest.mark.parametrize(("first_run", "same_id"), [(False, False), (True, False), (False, True)])
def test_a_run_that_listed_its_files_before_another_published_publishes_nothing(
    lake, rival, capsys, monkeypatch, first_run, same_id
):
    begun(lake, first_run)

    def newer():
        lake.put("b.json", [{"a": 2}])
        assert rival(**({"run-id": "etl-12345678"} if same_id else {})) == 2

    monkeypatch.setattr(job, "raw_files", once(job.raw_files, after=newer))
    line = lake.fail(capsys)
    assert f"table {lake.database}.feed: it changed while this run worked" in line
    assert "nothing was published" in line
    assert lake.rows() == [{"a": 1}, {"a": 2}]
    assert list(lake.iceberg().refs()) == ["main"]
    lake.run()
    assert lake.rows() == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(("first_run", "same_id"), [(False, False), (True, False), (False, True)])
def test_a_run_that_writes_while_another_publishes_publishes_nothing(
    lake, rival, capsys, monkeypatch, first_run, same_id
):
    begun(lake, first_run)
    writing, go = lake.root / "writing", lake.root / "go"
    for each in (writing, go):
        os.mkfifo(each)

    def wait(_) -> bool:
        # Each blocks until the other end is opened.
        open(writing, "w").close()
        open(go).close()
        return True

    held, real, calls = F.udf(wait, "boolean"), table.place, []

    def place(*rows):
        calls.append(1)
        return real(*rows).where(held("year")) if len(calls) == 1 else real(*rows)

    monkeypatch.setattr(table, "place", place)
    ended = []
    older = threading.Thread(target=lambda: ended.append(etl.main(lake.arguments())))
    older.start()
    open(writing).close()
    lake.put("b.json", [{"a": 2}])
    published = rival(**({"run-id": "etl-12345678"} if same_id else {}))
    open(go, "w").close()
    older.join()
    assert published == 2
    assert ended == [1]
    assert "it changed while this run worked" in capsys.readouterr().err
    assert lake.rows() == [{"a": 1}, {"a": 2}]
    assert list(lake.iceberg().refs()) == ["main"]


def test_a_table_that_somebody_else_changed_meanwhile_is_left_to_them(lake, capsys, monkeypatch):
    lake.put("a.json", [{"a": 1}])
    lake.run()
    real = Zone.bring_in

    def meddle(zone, partitions):
        other = "VALUES (7, '2025', '02', '01')"
        lake.spark.sql(f"INSERT INTO lake.{lake.database}.feed {other}")
        return real(zone, partitions)

    lake.put("a.json", '{"a": 2}\nbad\n')
    with monkeypatch.context() as meddling:
        meddling.setattr(Zone, "bring_in", meddle)
        line = lake.fail(capsys)
    assert "it changed while this run worked" in line and "nothing was published" in line
    assert lake.rows() == [{"a": 1}] and lake.rows(day=OTHER) == [{"a": 7}]
    assert lake.quarantined() == []
    lake.run()
    assert lake.rows() == [{"a": 2}] and lake.rows(day=OTHER) == [{"a": 7}]


@pytest.mark.parametrize("step", ["begin", "publish"])
def test_a_commit_that_another_one_overtakes_by_a_moment_publishes_nothing(
    lake, capsys, monkeypatch, step
):
    begun(lake, first_run=False)
    real, steps = IcebergTable._step, []

    def overtaken(table):
        steps.append(real(table))
        if len(steps) == ["begin", "publish"].index(step) + 1:
            values = "VALUES (7, '2025', '02', '01')"
            other = lake.spark.newSession()
            other.sql(f"INSERT INTO lake.{lake.database}.feed {values}")
        return steps[-1]

    with monkeypatch.context() as overtaking:
        overtaking.setattr(IcebergTable, "_step", overtaken)
        line = lake.fail(capsys)
    assert "it changed while this run worked" in line and "run again" in line
    assert lake.rows() == [{"a": 0}] and lake.rows(day=OTHER) == [{"a": 7}]
    assert list(lake.iceberg().refs()) == ["main"]


def test_a_commit_whose_outcome_is_unknown_says_that_running_again_is_right(
    lake, capsys, monkeypatch
):
    begun(lake, first_run=False)
    jvm = lake.spark._jvm
    unknown = jvm.org.apache.iceberg.exceptions.CommitStateUnknownException
    lost = jvm.java.util.concurrent.CompletableFuture()
    lost.completeExceptionally(unknown(jvm.java.io.IOException("connection reset")))
    answers = iter([IcebergTable._step, lambda _: lost.join()])
    monkeypatch.setattr(IcebergTable, "_step", lambda table: next(answers)(table))
    line = lake.fail(capsys)
    assert "did not say whether it took the commit" in line and "run these days again" in line


@pytest.mark.parametrize("layout", ["iceberg", "parquet"])
def test_what_another_run_has_cleared_away_is_an_error_and_no_empty_day(
    lake, capsys, monkeypatch, layout
):
    lake.sources["feed"]["layout"] = layout
    lake.put("a.json", '{"a": 0}\nbad\n')
    lake.run()
    before = lake.files() + lake.files("quarantine")
    lake.put("a.json", '{"a": 1}\nworse\n')

    def clear():
        for zone in (lake.processed, lake.root / "quarantine"):
            Zone(lake.spark, f"file:{zone}", "feed").clear()

    with monkeypatch.context() as clearing:
        clearing.setattr(job, "check_accounts", once(job.check_accounts, after=clear))
        line = lake.fail(capsys)
    assert "cannot move" in line and "_staging/feed/" in line
    assert lake.files() + lake.files("quarantine") == before
    lake.run()
    assert lake.rows() == [{"a": 1}] and list(lake.reasons()) == ["worse"]


def test_a_run_that_ends_clears_away_nothing_of_another(lake, monkeypatch):
    lake.put("a.json", '{"a": 0}\n')
    lake.run()
    lake.put("a.json", '{"a": 1}\nbad\n')
    place = (lake.spark, lake.database, "feed", f"file:{lake.processed}", "etl-12345678")
    zone = (lake.root / "quarantine").as_uri()
    older = [IcebergTable(*place), Zone(lake.spark, zone, "feed")]
    check = once(job.check_accounts, before=lambda: [each.discard() for each in older])
    monkeypatch.setattr(job, "check_accounts", check)
    lake.run()
    assert lake.rows() == [{"a": 1}] and list(lake.reasons()) == ["bad"]
    assert [path.name for path in (lake.root / "quarantine").iterdir()] == ["feed"]
