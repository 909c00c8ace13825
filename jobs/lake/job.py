"""One run: the raw partitions of one source, read whole, replace its processed partitions.

The result depends on what stands in the raw partitions and on nothing else: events that come twice,
late or out of order, and runs that died half way, change nothing in it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .config import PARQUET, SourceConfig, load_source
from .console import say
from .errors import JobError, NothingPublished, java_message, outside_cause
from .layout import (
    Partition,
    check_run_id,
    check_source_name,
    check_table_name,
    parse_partitions,
)
from .limits import check_share
from .parsing import parse
from .pinning import conflicts
from .plain import PlainTable
from .quarantine import flag_invalid, quarantine_rows
from .raw import named_files, raw_files
from .reading import read_records
from .storage import Storage, StoredFile
from .summary import Summary, check_accounts
from .table import IcebergTable
from .writing import Zone, files_for

#: What the job's promises rest on, whatever the cluster's defaults are.
SETTINGS = {
    # Date and date are two columns.
    "spark.sql.caseSensitive": "true",
    # month=01 is text.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    # A file that is damaged or gone is an error, and no file without records.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    # A value that does not fit is found by its null, and by the job itself.
    "spark.sql.ansi.enabled": "false",
    # Otherwise one date that Spark 2 would have read differently, or one before 1582, ends the run.
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    # The run replaces its own staging as a whole; partitions are replaced in publish().
    "spark.sql.sources.partitionOverwriteMode": "static",
}


@dataclass(frozen=True)
class Request:
    """One run's input. Zones, config and summary are URIs with their scheme."""

    run_id: str
    source: str
    config: str
    partitions: list[Partition]
    database: str
    raw: str
    processed: str
    quarantine: str
    summary: str

    @classmethod
    def checked(cls, arguments: dict[str, str]) -> Request:
        """From the command line's texts; what can be judged without Spark is judged here."""
        days = parse_partitions(arguments["partitions"])
        check_source_name(arguments["source"])
        check_table_name("--database", arguments["database"])
        check_run_id(arguments["run_id"])
        return cls(**{**arguments, "partitions": days})


def run(spark: SparkSession, request: Request) -> Summary:
    """Ingests the partitions and stores the summary. A given partition without data files any more
    loses its rows and its quarantine: the raw zone is the truth.

    Raises JobError for what a person can mend. Until the accounts balance nothing is published.
    The quarantine is brought in first, and its earlier files go last: a record that turns bad or
    good stands in the table or in quarantine at any moment, for a moment in both.
    """
    started = time.monotonic()
    for key, value in SETTINGS.items():
        spark.conf.set(key, value)
    storage = Storage(spark)
    source = load_source(spark, request.config, request.source)
    table = _table(spark, request, source)
    quarantine = Zone(spark, request.quarantine, request.source)
    table.clear()
    quarantine.clear()
    # Only now: the table that is open tells by its change that another run has listed them since.
    files = raw_files(storage, request.raw, request.source, request.partitions)
    try:
        with named_files(storage, files):
            counts = _stage(spark, request, source, files, table, quarantine)
        check_accounts([partition.day for partition in request.partitions], *counts)
        change = quarantine.bring_in(request.partitions)
        try:
            written = table.publish(request.partitions)
        except NothingPublished:
            with suppress(JobError):
                quarantine.take_back(change)
            raise
        quarantine.retire(change)
    finally:
        # What cannot be cleared now, the next run clears; it must not hide why this one failed.
        with suppress(Exception):
            table.discard()
            quarantine.discard()
    read, kept, rejected = [sum(rows.values()) for rows in counts]
    summary = Summary(
        run_id=request.run_id,
        source=request.source,
        partitions=[partition.day for partition in request.partitions],
        rows_read=read,
        rows_written=kept,
        rows_quarantined=rejected,
        files_read=len(files),
        files_written=len(written),
        bytes_read=sum(file.bytes for file in files),
        bytes_written=sum(file.bytes for file in written),
        seconds=round(time.monotonic() - started, 3),
    )
    storage.write_text(request.summary, summary.to_json() + "\n")
    _keep_up(table)
    return summary


def _table(spark: SparkSession, request: Request, source: SourceConfig):
    if source.layout == PARQUET:
        return PlainTable(spark, request.source, request.processed, source.sort_by)
    check_table_name("--source", request.source)
    table = IcebergTable(
        spark,
        request.database,
        request.source,
        request.processed,
        request.run_id,
        source.sort_by,
    )
    if source.schema and table.columns:
        found = conflicts(table.columns, source.schema)
        if found:
            raise JobError(
                f"the schema of {request.source} does not fit table {table.name}: "
                f"{'; '.join(found)}. Columns may be added, INT become BIGINT, FLOAT become DOUBLE "
                "and a DECIMAL gain digits before the point; for anything else take a new source "
                "name, or drop the table and run all days again"
            )
    return table


def _keep_up(table) -> None:
    """The data stands; what could not be tidied now, a later run tidies."""
    try:
        table.expire()
    except Exception as error:
        reason = outside_cause(error) or java_message(error)
        say(f"etl: note: old snapshots were not removed: {reason}")


def _stage(
    spark: SparkSession,
    request: Request,
    source: SourceConfig,
    files: list[StoredFile],
    table: IcebergTable | PlainTable,
    quarantine: Zone,
) -> list[dict]:
    """Rows by day: read, written, quarantined."""
    kept = []
    try:
        if files:
            known = source.schema or table.columns
            columns = known.fieldNames() if known else ()
            records = read_records(spark, files, source.format, request.source, columns)
            if source.format == "json":
                records = flag_invalid(records)
            # On disk: the heap is what files need that are read as a whole (see memory.py).
            kept.append(records.persist(StorageLevel.DISK_ONLY))
        read, files_by_day = _measured(kept[0]) if kept else ({}, {})
        if not read:
            table.stage(None, None, {}, request.partitions)
            return [{}, table.staged_rows(), {}]
        parsed = parse(kept[0], source, table.columns)
        for text in parsed.notes:
            say(f"etl: note: {text}")
        rows = parsed.rows.persist()
        kept.append(rows)
        total, bad = sum(read.values()), rows.where("reason is not null").count()
        check_share(rows, total, bad, source.max_quarantined_percent, request.source)
        if bad:
            quarantine.stage(quarantine_rows(rows, request.run_id), files_by_day, "json")
        good = rows.where("reason is null").select("day", "slot_key", "record")
        if bad < total:
            table.stage(good, parsed.columns, files_by_day, request.partitions)
        else:
            table.stage(None, None, {}, request.partitions)
        return [read, table.staged_rows(), quarantine.staged_rows("json")]
    finally:
        for each in kept:
            each.unpersist()


def _measured(records: DataFrame) -> tuple:
    """Day → rows, and day → number of files to write."""
    size = F.coalesce(F.octet_length(F.coalesce("text", "raw")), F.lit(0))
    found = records.groupBy("day").agg(F.count("*"), F.sum(size)).collect()
    return {day: rows for day, rows, _ in found}, {day: files_for(size) for day, _, size in found}
