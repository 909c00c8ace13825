"""Files through Hadoop's FileSystem, so that ``s3://``, ``s3a://`` and ``file://`` all work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

from py4j.protocol import Py4JJavaError

from .errors import JobError, outside_cause

#: Storage calls wait for the network, not for a core.
PARALLEL_CALLS = 16


@dataclass(frozen=True)
class StoredFile:
    """A file's full URI as Hadoop writes it, and its size in bytes."""

    path: str
    bytes: int

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


class Storage:
    """Every failure of the file system becomes a JobError that names the path."""

    def __init__(self, spark):
        self._jvm = spark._jvm
        self._hadoop = spark._jsc.hadoopConfiguration()

    def list_files(self, folder: str) -> list[StoredFile]:
        """All files below a folder, at any depth, sorted by path; none where it is missing."""
        return self._try("list", folder, self._list)

    def data_files(self, folder: str) -> list[StoredFile]:
        """Files that hold data: not empty, and no ``_`` or ``.`` begins a name below folder."""
        root = self._try("resolve", folder, self._qualified)
        files = self.list_files(folder)
        for file in files:
            if not file.path.startswith(f"{root}/"):
                raise JobError(
                    f"{file.path}: expected files below {root}, found one that is listed there "
                    "under a key with '..': S3 keeps that key as it is, Spark would read another "
                    "object; copy it under a plain key, delete it, and run again"
                )
        return [
            file
            for file in files
            if file.bytes > 0
            and not any(part[:1] in ("_", ".") for part in file.path[len(root) :].split("/"))
        ]

    def missing(self, files: list[StoredFile]) -> list[StoredFile]:
        """Those of the files that are not there."""
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            return [file for file, gone in zip(files, pool.map(self._is_missing, files)) if gone]

    def read_head(self, path: str, limit_bytes: int) -> bytes:
        return self._try("read", path, lambda fs, at: self._read(fs, at, limit_bytes))

    def read_text(self, path: str, limit_bytes: int = 16 * 1024 * 1024) -> str:
        content = self.read_head(path, limit_bytes)
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise JobError(f"{path}: expected UTF-8 text: {error}") from None

    def write_text(self, path: str, text: str) -> None:
        self._try("write", path, lambda fs, at: self._write(fs, at, text.encode("utf-8")))

    def delete(self, path: str) -> None:
        """Removes a file or a whole folder; a missing one is no error."""
        self._try("delete", path, lambda fs, at: fs.delete(at, True))

    def delete_if_empty(self, folder: str) -> None:
        """Removes a folder, or the S3 object that stands for one, unless something is in it."""
        with suppress(JobError):
            self._try("delete", folder, lambda fs, at: fs.delete(at, False))

    def delete_all(self, paths: list[str]) -> None:
        self._each(self.delete, [(path,) for path in paths])

    def move_all(self, files: list[StoredFile], folder: str) -> list[StoredFile]:
        """Moves files into a folder of the same file system, where their names must be new; the
        files as they stand there."""
        if files:
            self._try("create", folder, lambda fs, at: fs.mkdirs(at))
        moved = [StoredFile(f"{folder}/{file.name}", file.bytes) for file in files]
        self._each(self._move, [(file, to.path) for file, to in zip(files, moved)])
        return moved

    def _move(self, file: StoredFile, target: str) -> None:
        to = self._jvm.org.apache.hadoop.fs.Path(target)
        # rename answers False where it refuses; an ignored False would lose the file's rows.
        if not self._try("move", file.path, lambda fs, at: fs.rename(at, to)):
            raise JobError(f"cannot move {file.path} to {target}: the file system refused")

    def _is_missing(self, file: StoredFile) -> bool:
        return not self._try("find", file.path, lambda fs, at: fs.exists(at))

    def _each(self, call, arguments: list) -> None:
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            for done in [pool.submit(call, *each) for each in arguments]:
                done.result()

    def _try(self, verb: str, path: str, call):
        try:
            at = self._jvm.org.apache.hadoop.fs.Path(path)
            return call(at.getFileSystem(self._hadoop), at)
        except Py4JJavaError as error:
            reason = outside_cause(error) or str(error.java_exception)
        except Exception as error:  # pyspark turns some JVM exceptions into its own
            if not hasattr(error, "_origin"):
                raise
            reason = str(error)
        raise JobError(f"cannot {verb} {path}: {reason}")

    def _qualified(self, fs, at) -> str:
        return fs.makeQualified(at).toString()

    def _list(self, fs, at) -> list[StoredFile]:
        if not fs.exists(at):
            return []
        found, each = [], fs.listFiles(at, True)
        while each.hasNext():
            status = each.next()
            found.append(StoredFile(status.getPath().toString(), status.getLen()))
        found.sort(key=lambda file: file.path)
        for file, other in zip(found, found[1:]):
            if file.path == other.path:
                raise JobError(
                    f"{file.path} is listed twice, expected each path once: two keys, such as "
                    "'a/b' and 'a//b', are one path to Spark, which would read one of them twice "
                    "and the other never; delete one, or copy it under another key, and run again"
                )
        return found

    def _read(self, fs, at, limit_bytes: int) -> bytes:
        io = self._jvm.org.apache.commons.io
        stream = fs.open(at)
        try:
            return io.IOUtils.toByteArray(io.input.BoundedInputStream(stream, limit_bytes))
        finally:
            stream.close()

    def _write(self, fs, at, content: bytes) -> None:
        stream = fs.create(at, True)
        try:
            stream.write(bytearray(content))
        finally:
            stream.close()
