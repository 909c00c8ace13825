import pytest
from lake.errors import JobError
from lake.layout import Partition, check_source_name, parse_partitions


def test_partitions_are_sorted_and_without_repeats():
    found = parse_partitions('["2025-10-10", "2025-10-09", "2025-10-10"]')
    assert [partition.day for partition in found] == ["2025-10-09", "2025-10-10"]


def test_a_folder_keeps_its_leading_zeroes():
    assert Partition("2025-01-09").under("s3://b/raw/", "feed") == (
        "s3://b/raw/feed/year=2025/month=01/day=09"
    )


@pytest.mark.parametrize(
    "text",
    ["", "2025-10-09", "[]", "{}", "[20251009]", '["2025-1-9"]', '["2025-02-30"]', '["../x"]']
    + ['["2025-10-09\\n"]', "[null]", '["２０２５-10-09"]'],
)
def test_bad_partitions_are_one_line_that_shows_what_was_found(text):
    with pytest.raises(JobError, match="^--partitions: ") as error:
        parse_partitions(text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "name", ["", "..", "a/b", "_a", ".a", "a b", "a;b", "a'b", "a=b", "a*", "ä", "a\n", "x" * 129]
)
def test_a_source_name_that_could_leave_its_folder_is_refused(name):
    with pytest.raises(JobError, match="^--source: expected letters"):
        check_source_name(name)


@pytest.mark.parametrize("name", ["flights", "Orders_2", "a-b", "9"])
def test_an_ordinary_source_name_passes(name):
    assert check_source_name(name) == name
