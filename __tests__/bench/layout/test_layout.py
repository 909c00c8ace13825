import duckdb
import pytest
from compaction import wrong_counts
from ground import flights


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([10, 10, 20, 30], []),
        ([10, 30], []),
        ([10, 15, 20], [15]),
        ([10, 20, 10, 30], [10]),
        ([0, 10], [0]),
    ],
)
def test_a_reader_may_find_what_a_run_published_and_nothing_earlier_again(counts, expected):
    assert wrong_counts(counts, [10, 20, 30]) == expected


def test_flights_come_in_their_order_and_past_the_last_a_year_later():
    rows = duckdb.sql(flights(2_999_990, 20)).fetchall()
    assert len(rows) == 20
    dates = [row[0] for row in rows]
    assert dates == sorted(dates)
    again = duckdb.sql(flights(0, 10)).fetchall()
    assert [row[1:] for row in rows[10:]] == [row[1:] for row in again]
    assert [row[0].year for row in rows[10:]] == [row[0].year + 1 for row in again]
