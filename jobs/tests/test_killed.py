"""Spark killed by kill -9, as a lost worker is: what readers see, and what the next run makes."""

import json
import signal
from pathlib import Path

import pytest
from submitting import submit

FIRST, SECOND = "2025-01-09", "2025-10-10"
ENTRY = Path(__file__).with_name("killed.py")


@pytest.mark.parametrize("moment", ["while writing", "publish before", "publish after"])
def test_a_killed_run_leaves_the_old_rows_or_the_new_and_the_next_one_is_exact(lake, moment):
    lake.put("a.json", [{"a": 1}], FIRST)
    lake.put("b.json", '{"a": 2}\nbroken\n', SECOND)
    lake.run(days=[FIRST, SECOND])
    old = [lake.rows(day=day) for day in (FIRST, SECOND)]
    lake.put("a.json", "\n".join(json.dumps({"a": n}) for n in range(10, 20)), FIRST)
    lake.put("b.json", [{"a": 3}], SECOND)
    new = [[{"a": n} for n in range(10, 20)], [{"a": 3}]]
    process = submit(
        lake,
        entry=ENTRY,
        days=[FIRST, SECOND],
        variables={"KILLED": moment, "KILLED_ROOT": str(lake.processed)},
    )
    out, err = process.communicate(timeout=120)
    assert process.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL), err
    assert out == ""
    seen = [lake.rows(day=day) for day in (FIRST, SECOND)]
    assert seen == (new if moment == "publish after" else old)
    summary = lake.run(days=[FIRST, SECOND])
    assert [lake.rows(day=day) for day in (FIRST, SECOND)] == new
    assert (summary["rows_read"], summary["rows_written"], summary["rows_quarantined"]) == (
        11,
        11,
        0,
    )
    assert lake.files("quarantine") == [] and list(lake.iceberg().refs()) == ["main"]
