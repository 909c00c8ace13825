"""Raw files that change, vanish or share a path while a run reads them; many of them at once."""

import pytest
from lake import job, reading
from lake.errors import JobError
from lake.reading import _sorted_out
from lake.storage import PARALLEL_CALLS, Storage, StoredFile


class Listing:
    """Hadoop's file system, as far as a listing goes; also its iterator, a status and a path."""

    def __init__(self, *paths):
        self._paths = list(paths)

    def exists(self, _) -> bool:
        return True

    def listFiles(self, *_):  # noqa: N802
        return self

    def hasNext(self) -> bool:  # noqa: N802
        return bool(self._paths)

    def next(self):
        return Listing(self._paths.pop())

    def getPath(self):  # noqa: N802
        return self

    def toString(self) -> str:  # noqa: N802
        return self._paths[0]

    def getLen(self) -> int:  # noqa: N802
        return 1


def test_two_keys_that_are_one_path_to_spark_are_an_error_that_names_it():
    storage = Storage.__new__(Storage)
    found = storage._list(Listing("s3://b/day=09/c.json", "s3://b/day=09/b.json"), None)
    assert [file.path[-6:] for file in found] == ["b.json", "c.json"]
    with pytest.raises(JobError, match="s3://b/day=09/b.json is listed twice, .* 'a//b'"):
        storage._list(Listing(*["s3://b/day=09/b.json", "s3://b/day=09/c.json"] * 2), None)


#: Where a file is lost, and of which kind it is.
LOST = {
    "before its head is read": (job, "read_records", "lost.json"),
    "before lines are loaded": (reading, "_lines", "lost.json"),
    "before a whole file is loaded": (reading, "_whole_files", "lost.json.gz"),
    "before lines are read": (job, "_measured", "lost.json"),
    "before a whole file is read": (job, "_measured", "lost.json.gz"),
}


@pytest.mark.parametrize("moment", LOST)
def test_a_file_that_is_gone_after_the_listing_is_named_and_not_left_out(
    lake, capsys, monkeypatch, moment
):
    # A cluster's own setting, which would leave the file out without a word.
    for name in ("ignoreMissingFiles", "ignoreCorruptFiles"):
        lake.spark.conf.set(f"spark.sql.files.{name}", "true")
    owner, name, file = LOST[moment]
    lake.put("a.json", [{"a": 1}])
    path = lake.put(file, '{"a": 2}\n')
    real = getattr(owner, name)

    def losing(*arguments):
        path.unlink(missing_ok=True)
        return real(*arguments)

    monkeypatch.setattr(owner, name, losing)
    line = lake.fail(capsys)
    assert f"{path}: expected the file, since it was listed, found none" in line
    assert "run again" in line and lake.files() == []


def test_the_driver_holds_the_heads_of_a_few_files_at_once():
    held, most = set(), []

    class Head(bytes):
        def __new__(cls):
            head = super().__new__(cls, b'{"a": 1}\n')
            held.add(id(head))
            most.append(len(held))
            return head

        def __del__(self):
            held.discard(id(self))

    class Heads:
        @staticmethod
        def read_head(*_):
            return Head()

    files = [StoredFile(f"file:/{n}.json", 9) for n in range(500)]
    split, whole = _sorted_out(Heads(), files, "json", 10)
    assert split == [file.path for file in files] and whole == []
    assert max(most) <= 2 * PARALLEL_CALLS
