"""The raw files of a run: which they are, and why one may be gone when it is read."""

from __future__ import annotations

from contextlib import contextmanager

from .console import say
from .errors import JobError, java_classes
from .layout import Partition
from .storage import Storage, StoredFile

#: By which the file system, Spark and Storage say that a file is not there.
_MISSING = ("FileNotFoundException", "PATH_NOT_FOUND", "NoSuchKey")


def raw_files(
    storage: Storage, zone: str, source: str, partitions: list[Partition]
) -> list[StoredFile]:
    files = []
    for partition in partitions:
        folder = partition.under(zone, source)
        found = storage.data_files(folder)
        if not found:
            say(f"etl: note: no data files in {folder}: what was processed from it is removed")
        files.extend(found)
    return files


@contextmanager
def still_there(storage: Storage, files: list[StoredFile]):
    """Names the file where one that was listed cannot be found while the files are read."""
    try:
        yield
    except Exception as error:
        said = " ".join([str(error), *java_classes(error)])
        if not any(sign in said for sign in _MISSING):
            raise
        gone = storage.missing(files)
        if not gone:
            raise
        more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
        raise JobError(
            f"{gone[0].path}{more}: expected the file, since it was listed, found none: it was "
            "deleted or renamed while it was read; run again. If it stays so, its key has an empty "
            "segment ('//'), which Spark reads as another key: copy it under a plain one, delete "
            "it, and run again"
        ) from None
