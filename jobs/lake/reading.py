"""Raw files → one DataFrame of records, whatever their format.

Shape: ``day string`` (ISO), ``file string`` (URI), ``text string`` (the record as JSON text),
``raw string`` (as it stood in the file; null where that is ``text``), ``problem string``. A record
has either text or problem, never both.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby
from operator import itemgetter

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .content import CHUNK_BYTES, TooLarge
from .errors import JobError
from .layout import day_pattern
from .memory import whole_file_limit
from .shape import GZIP, LINES, UTF16_MARKS, foreign_container, json_shape
from .splitting import RAW_LIMIT, RECORD_LIMIT, split_file, too_long
from .storage import PARALLEL_CALLS, Storage, StoredFile

_HEAD_BYTES = 64 * 1024
_RECORD = "file string, text string, raw string, problem string"
#: Suffixes by which Hadoop picks a codec, whatever the content is.
_CODEC_SUFFIXES = (".gz", ".bz2", ".deflate", ".lz4", ".snappy", ".zst")


def read_records(
    spark: SparkSession,
    files: list[StoredFile],
    format: str,
    source: str,
    columns: Sequence[str] = (),
) -> DataFrame:
    """All records of the files. JSON lines are split across workers, other files are not.

    ``columns`` are those that the source is known to have, as records spell them.
    """
    split_by_line, whole = _sorted_out(Storage(spark), files, format, whole_file_limit(spark))
    parts = []
    if split_by_line:
        parts.append(_lines(spark, split_by_line))
    if whole:
        parts.append(_whole_files(spark, whole, format, columns))
    records = parts[0] if len(parts) == 1 else parts[0].unionByName(parts[1])
    found = day_pattern(source)
    day = F.concat_ws("-", *[F.regexp_extract("file", found, group) for group in (1, 2, 3)])
    return records.select(day.alias("day"), "file", "text", "raw", "problem")


def _sorted_out(storage: Storage, files: list[StoredFile], format: str, limit: int) -> tuple:
    # Judged where it is read: all heads together would be more than the driver holds.
    judge = partial(_can_be_split, storage, format, limit)
    with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
        verdicts = list(pool.map(judge, files))
    split_by_line = [file.path for file, split in zip(files, verdicts) if split]
    return split_by_line, [file.path for file, split in zip(files, verdicts) if not split]


def _can_be_split(storage: Storage, format: str, limit: int, file: StoredFile) -> bool:
    head = storage.read_head(file.path, _HEAD_BYTES)
    foreign = foreign_container(head)
    if foreign:
        raise JobError(
            f"{file.path} is {foreign}; expected {format}, plain or gzip: "
            "upload it so, or remove the file, and run again"
        )
    if format == "json" and _is_plain_lines(file, head):
        return True
    if file.bytes > limit:
        raise JobError(
            f"{file.path} has {file.bytes} bytes; expected at most {limit} for a file that one "
            "worker has to take as a whole (CSV, gzip, a JSON array), with the heap that its "
            "executor has: upload it in parts, or as plain JSON lines, which Spark splits itself, "
            "or raise spark_executor_memory, and run again"
        )
    return False


def _is_plain_lines(file: StoredFile, head: bytes) -> bool:
    if head.startswith(GZIP) or head[:2] in UTF16_MARKS or file.name.endswith(_CODEC_SUFFIXES):
        return False
    return json_shape(head, complete=len(head) == file.bytes) == LINES


def _lines(spark: SparkSession, paths: list[str]) -> DataFrame:
    # The path comes percent-encoded; url_decode would take a plus for a space.
    file = F.expr("url_decode(replace(_metadata.file_path, '+', '%2B'))").alias("file")
    size = F.octet_length("value")
    is_long = size > RECORD_LIMIT
    # Cut before anything else looks at it: each look at a text may copy it.
    shown = F.when(is_long, F.substring("value", 1, RAW_LIMIT)).otherwise(F.col("value"))
    read = _loaded(spark, "text", paths).select(file, size.alias("size"), shown.alias("line"))
    line, octets, is_long = (
        F.col("line"),
        F.col("line").cast("binary"),
        F.col("size") > RECORD_LIMIT,
    )
    # Spark keeps bytes that are no UTF-8 as they are: decoding them and back does not.
    readable = F.decode(octets, "UTF-8")
    is_whole = ~is_long & (F.encode(readable, "UTF-8") == octets)
    before, after = too_long("%d").split("%d")
    fault = F.when(is_long, F.concat(F.lit(before), "size", F.lit(after))).otherwise("not UTF-8")
    return read.where(is_long | line.rlike(r"\S")).select(
        "file",
        F.when(is_whole, line).alias("text"),
        F.when(~is_whole, readable).alias("raw"),
        F.when(~is_whole, fault).alias("problem"),
    )


def _whole_files(
    spark: SparkSession, paths: list[str], format: str, columns: Sequence[str]
) -> DataFrame:
    # In pieces: what goes to Python as one value is copied several times on its way, there too.
    pieces = F.expr(
        f"explode_outer(transform(sequence(0, int((length - 1) div {CHUNK_BYTES})), "
        f"at -> substring(content, at * {CHUNK_BYTES} + 1, {CHUNK_BYTES})))"
    )
    contents = _loaded(spark, "binaryFile", paths).select("path", pieces)
    records = contents.rdd.mapPartitions(partial(_split_each, format, tuple(columns)))
    return spark.createDataFrame(records, _RECORD, verifySchema=False)


def _split_each(format: str, columns: tuple[str, ...], rows):
    for path, of_one in groupby(rows, itemgetter(0)):
        try:
            contents = (bytes(content) for _, content in of_one)
            for piece in split_file(contents, format, columns):
                yield (path, *piece)
        except TooLarge as found:
            raise JobError(
                f"{path}: a line or JSON value of more than {found.limit} bytes; expected records "
                f"of at most {RECORD_LIMIT}: split the file into smaller records, such as one JSON "
                "object a line, and run again"
            ) from None


def _loaded(spark: SparkSession, format: str, paths: list[str]) -> DataFrame:
    # Without the first option, folders such as x=1 below a day would become columns; without the
    # second (Spark's own, undocumented) a name with [ or { would be a pattern, and escaping it
    # fails for a name with a colon.
    options = {"recursiveFileLookup": "true", "__globPaths__": "false"}
    return spark.read.format(format).options(**options).load(paths)
