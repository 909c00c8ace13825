"""Names and keys that something along the way could take for more than text."""

import json

import pytest
from lake.errors import JobError
from lake.layout import check_run_id
from lake.storage import Storage
from test_raw import Listing

#: What a file system takes as a name; S3 takes all of it. Checksums of local files take no colon.
NAMES = [
    "a;rm -rf x",
    "$(id)`id`",
    "x' OR 1=1 --",
    'x" UNION SELECT 1',
    "${HOME}",
    "{a,b}[c]*?",
    "[!a-z]",
    "back\\slash",
    "--database=other",
    "-h",
    "100%25 %2e%2e%2f %00",
    "a+b c",
    "tab\tand\x1b[31mcolour",
    "line\nbreak",
    "\u202egpj",
    "о\u2215ｏ",
    "year=1999",
    "#fragment?query=1&x",
    "~",
    "x" * 200,
]
RUN_IDS = ["x' OR 1=1", "a=b", "(a)!", "a.b", "Ω-日本", "@x+y", "etl-0a1b2c3d"]


def test_a_file_is_read_whatever_it_is_called_and_nothing_else_is(lake):
    for at, name in enumerate(NAMES):
        lake.put(f"{name}.json", f'{{"a": {at}}}\n')
        lake.put(f"{name}.json.gz.json", json.dumps([{"a": at + 1000}], indent=1))
    # What patterns and folders in those names would match.
    lake.put("x.json", '{"a": -1}\n', source="table")
    lake.put("y.json", '{"a": -2}\n', day="1999-01-09")
    summary = lake.run()
    assert sorted(row["a"] for row in lake.rows()) == sorted(
        [*range(len(NAMES)), *range(1000, 1000 + len(NAMES))]
    )
    assert (summary["files_read"], summary["rows_quarantined"]) == (2 * len(NAMES), 0)


def test_quarantine_names_the_file_as_it_is_called(lake):
    for name in NAMES:
        lake.put(f"{name}.json", "broken\n")
    lake.run()
    found = {row["file"].rsplit("/", 1)[-1] for row in lake.quarantined()}
    assert found == {f"{name}.json" for name in NAMES}


@pytest.mark.parametrize("run_id", RUN_IDS)
def test_an_execution_s_name_is_text_in_branch_summary_and_rows(lake, run_id):
    lake.put("a.json", '{"a": 1}\nbroken\n')
    assert lake.run(**{"run-id": run_id})["run_id"] == run_id
    assert [row["a"] for row in lake.rows()] == [1]
    assert {row["run_id"] for row in lake.quarantined()} == {run_id}


@pytest.mark.parametrize("run_id", ["", " ", ".", "..", "../x", "a/b", "/etc", "a\\b", "a\nb"])
def test_an_execution_s_name_that_would_lead_to_another_folder_is_refused(run_id):
    with pytest.raises(JobError, match="^--run-id: expected the execution's name"):
        check_run_id(run_id)


@pytest.mark.parametrize("value", ["--database=other", "-h", "--help", "--source", "--"])
@pytest.mark.parametrize("name", ["run-id", "source", "partitions", "database"])
def test_a_value_never_is_another_argument(lake, capsys, name, value):
    line = lake.fail(capsys, **{name: value})
    assert line.startswith(f"etl: error: --{name}: ") or "argument" in line


def test_hadoop_reads_another_object_than_a_key_with_dots_names(spark):
    path = spark._jvm.org.apache.hadoop.fs.Path("s3://b/raw/feed/day=09/../../other/x.json")
    assert path.toString() == "s3://b/raw/other/x.json"


def test_a_key_that_leaves_its_folder_for_hadoop_is_an_error_that_names_it(monkeypatch):
    """S3 keeps ``day=09/../day=08/x.json`` as it is; Hadoop reads another object."""
    storage = Storage.__new__(Storage)
    folder = "s3://b/raw/feed/year=2025/month=01/day=09"
    outside = "s3://b/raw/other/year=2025/month=01/day=09/x.json"
    listing = Listing(f"{folder}/a.json", outside)
    answers = {"list": lambda: storage._list(listing, None), "resolve": lambda: folder}
    monkeypatch.setattr(storage, "_try", lambda verb, *_: answers[verb]())
    with pytest.raises(JobError, match=f"^{outside}: expected files below {folder}, .*'\\.\\.'"):
        storage.data_files(folder)
