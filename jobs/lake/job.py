"""One run: the raw partitions of one source, read whole, replace its processed partitions.

The result depends on what stands in the raw partitions and on nothing else: events that come twice,
late or out of order, and runs that died half way, change nothing in it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from .config import SourceConfig, load_source
from .console import say
from .errors import JobError
from .layout import Partition, check_source_name, parse_partitions
from .parsing import parse
from .quarantine import flag_invalid, quarantine_rows
from .reading import read_records
from .storage import Storage, StoredFile
from .summary import Summary, check_accounts
from .writing import Zone, files_for

#: What the job's promises rest on, whatever the cluster's defaults are.
SETTINGS = {
    # Date and date are two columns.
    "spark.sql.caseSensitive": "true",
    # month=01 is text.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
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
    raw: str
    processed: str
    quarantine: str
    summary: str

    @classmethod
    def checked(cls, arguments: dict[str, str]) -> Request:
        """From the command line's texts; what can be judged without Spark is judged here."""
        days = parse_partitions(arguments["partitions"])
        check_source_name(arguments["source"])
        if not arguments["run_id"].strip():
            raise JobError("--run-id: expected the execution's name, found nothing")
        return cls(**{**arguments, "partitions": days})


def run(spark: SparkSession, request: Request) -> Summary:
    """Ingests the partitions and stores the summary. A given partition without data files any more
    loses its processed and quarantined rows: the raw zone is the truth.

    Raises JobError for what a person can mend. Until the accounts balance nothing is published.
    """
    started = time.monotonic()
    for key, value in SETTINGS.items():
        spark.conf.set(key, value)
    storage = Storage(spark)
    source = load_source(spark, request.config, request.source)
    files = _raw_files(storage, request)
    processed = Zone(spark, request.processed, request.source)
    quarantine = Zone(spark, request.quarantine, request.source)
    zones = (processed, quarantine)
    for zone in zones:
        zone.clear_staging()
    try:
        counts = _stage(spark, request, source, files, processed, quarantine) if files else [{}] * 3
        check_accounts([partition.day for partition in request.partitions], *counts)
        written, _ = [zone.publish(request.partitions) for zone in zones]
    finally:
        # What cannot be cleared now, the next run clears; it must not hide why this one failed.
        with suppress(JobError):
            for zone in zones:
                zone.clear_staging()
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
    return summary


def _raw_files(storage: Storage, request: Request) -> list[StoredFile]:
    files = []
    for partition in request.partitions:
        folder = partition.under(request.raw, request.source)
        found = storage.data_files(folder)
        if not found:
            say(f"etl: note: no data files in {folder}: what was processed from it is removed")
        files.extend(found)
    return files


def _stage(
    spark: SparkSession,
    request: Request,
    source: SourceConfig,
    files: list[StoredFile],
    processed: Zone,
    quarantine: Zone,
) -> list[dict]:
    """Rows by day: read, written, quarantined."""
    records = read_records(spark, files, source.format, request.source)
    if source.format == "json":
        records = flag_invalid(records)
    records = records.persist()
    kept = [records]
    try:
        read, files_by_day = _measured(records)
        if not read:
            return [{}, {}, {}]
        parsed = parse(records, source)
        for text in parsed.notes:
            say(f"etl: note: {text}")
        rows = parsed.rows.persist()
        kept.append(rows)
        good = rows.where(F.col("reason").isNull()).select("day", "slot_key", "record")
        processed.stage(good, files_by_day, "parquet")
        quarantine.stage(quarantine_rows(rows, request.run_id), files_by_day, "json")
        return [read, processed.staged_rows("parquet"), quarantine.staged_rows("json")]
    finally:
        for each in kept:
            each.unpersist()


def _measured(records: DataFrame) -> tuple:
    """Day → rows, and day → number of files to write."""
    size = F.coalesce(F.octet_length(F.coalesce("text", "raw")), F.lit(0))
    found = records.groupBy("day").agg(F.count("*"), F.sum(size)).collect()
    return {day: rows for day, rows, _ in found}, {day: files_for(size) for day, _, size in found}
