"""Errors that a person can act on, and the way from a JVM stack to one line."""

from __future__ import annotations

import re

from py4j.protocol import Py4JError

#: The outside world failing (storage, permissions, a vanished object), as opposed to a bug here.
OUTSIDE = (
    "java.io.IOException",
    "java.nio.file.FileSystemException",
    "java.net.URISyntaxException",
    "com.amazonaws.SdkBaseException",
    "software.amazon.awssdk.core.exception.SdkException",
    "org.apache.hadoop.security.AccessControlException",
    "org.apache.iceberg.exceptions.CommitFailedException",
    "org.apache.iceberg.exceptions.CommitStateUnknownException",
    "org.apache.iceberg.exceptions.ForbiddenException",
    "org.apache.iceberg.exceptions.NotFoundException",
    "org.apache.iceberg.exceptions.RuntimeIOException",
)


_IN_A_WORKER = re.compile(r"\blake\.errors\.JobError: (.+)")


class JobError(Exception):
    """What went wrong, where, what was expected and how to mend it: always one line."""

    def __init__(self, message):
        super().__init__(" ".join(str(message).split()))


class NothingPublished(JobError):
    """Certain: readers of the table see what they saw before the run."""


def outside_cause(error: BaseException) -> str | None:
    """The innermost outside failure behind a Spark or Hadoop exception as "Class: message".

    A JobError that a worker raised is its own message. None where no cause is an outside one: then
    it is a bug, and its stack trace is wanted.
    """
    java, found = _origin(error), None
    in_worker = _IN_A_WORKER.search(str(error))
    if in_worker:  # ours, within the stack trace of a Python worker
        return in_worker.group(1).strip()
    while java is not None:
        if _lineage(java) & set(OUTSIDE):
            found = java
        java = java.getCause()
    if found is None:
        return None
    message = str(found.getMessage() or "").strip().splitlines()
    return f"{found.getClass().getSimpleName()}: {message[0] if message else 'no message'}"


def java_classes(error: BaseException) -> set:
    """Names of the JVM classes of an error and its causes; none where it is no JVM's."""
    java, names = _origin(error), set()
    while java is not None:
        names |= _lineage(java)
        java = java.getCause()
    return names


def java_message(error: BaseException) -> str:
    """The first line of what the JVM's exception says of itself."""
    java = _origin(error)
    text = str(error if java is None else java.getMessage() or "")
    return next((line.strip() for line in text.splitlines() if line.strip()), "no message")


def _origin(error: BaseException):
    # pyspark keeps the JVM exception of a converted error in the second.
    return getattr(error, "java_exception", None) or getattr(error, "_origin", None)


def _lineage(java) -> set:
    names, kind = set(), java.getClass()
    try:
        while kind is not None:
            names.add(kind.getName())
            kind = kind.getSuperclass()
    except Py4JError:  # pragma: no cover - the gateway died; the first error says more
        pass
    return names
