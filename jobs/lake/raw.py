"""The raw files of a run: which they are, and why one may be gone when it is read."""

from __future__ import annotations

from contextlib import contextmanager

from py4j.protocol import Py4JNetworkError

from .console import say
from .errors import JobError, java_classes, java_message
from .layout import Partition
from .storage import Storage, StoredFile

#: By which the file system, Spark and Storage say that a file is not there.
_MISSING = ("FileNotFoundException", "PATH_NOT_FOUND", "NoSuchKey")
#: By which memory that has run out shows: in the JVM, in Python, as a worker that was killed.
_NO_MEMORY = ("java.lang.OutOfMemoryError", "MemoryError", "ExecutorLostFailure")
_REASON_SHOWN = 200


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
def named_files(storage: Storage, files: list[StoredFile]):
    """Names the file at which Spark fails in words of its own while it reads the files."""
    try:
        yield
    except (ConnectionError, Py4JNetworkError):  # to Spark's JVM: it has ended
        if not files:
            raise
        raise _too_much(files, "Spark itself ended") from None
    except Exception as error:
        said = " ".join([str(error), *java_classes(error)])
        if files and any(sign in said for sign in _NO_MEMORY):
            raise _too_much(files, java_message(error)) from None
        gone = storage.missing(files) if any(sign in said for sign in _MISSING) else []
        if not gone:
            raise
        raise JobError(
            f"{gone[0].path}{_more(gone)}: expected the file, since it was listed, found none: it "
            "was deleted or renamed while it was read; run again. If it stays so, its key has an "
            "empty segment ('//'), which Spark reads as another key: copy it under a plain one, "
            "delete it, and run again"
        ) from None


def _too_much(files: list[StoredFile], reason: str) -> JobError:
    largest = max(files, key=lambda file: file.bytes)
    return JobError(
        f"memory ran out while {largest.path} of {largest.bytes} bytes{_more(files)} were read, or "
        f"a worker was lost ({reason[:_REASON_SHOWN]}); nothing was published: raise "
        "spark_executor_memory, or upload large files in parts, and run again"
    )


def _more(files: list) -> str:
    return f" and {len(files) - 1} more" if len(files) > 1 else ""
