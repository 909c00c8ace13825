"""Where things stand: ``<zone>/<source>/year=YYYY/month=MM/day=DD/``."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass

from .errors import JobError

#: Columns of the partition, as strings: ``01`` must stay ``01``.
PARTITION_COLUMNS = ("year", "month", "day")

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}", re.ASCII)
_RUN_ID = re.compile(r"[^/\\\x00-\x1f\x7f-\x9f]+")
_TABLE = re.compile(r"[a-z0-9_]{1,255}", re.ASCII)


@dataclass(frozen=True, order=True)
class Partition:
    """One day. ``day`` is ISO: ``2025-01-09``."""

    day: str

    @property
    def folder(self) -> str:
        year, month, day = self.day.split("-")
        return f"year={year}/month={month}/day={day}"

    def under(self, zone: str, source: str) -> str:
        return f"{zone.rstrip('/')}/{source}/{self.folder}"


def parse_partitions(text: str) -> list[Partition]:
    """A JSON array of ISO dates, as ``--partitions`` gives it → sorted, without repeats."""
    hint = """expected a JSON array of ISO dates, such as ["2025-10-09"]"""
    try:
        days = json.loads(text)
    except ValueError as error:
        raise JobError(f"--partitions: {hint}; found {text!r}: {error}") from None
    if not isinstance(days, list) or not days:
        raise JobError(f"--partitions: {hint}; found {text!r}")
    return sorted({_partition(day, hint) for day in days})


def _partition(day, hint: str) -> Partition:
    if not isinstance(day, str) or not _ISO_DATE.fullmatch(day):
        raise JobError(f"--partitions: {hint}; found the element {day!r}")
    try:
        datetime.date.fromisoformat(day)
    except ValueError as error:
        raise JobError(f"--partitions: {day!r} is no date of the calendar: {error}") from None
    return Partition(day)


def check_run_id(run_id: str) -> str:
    """An execution's name, which is also a folder of summaries: Step Functions takes ``..`` too."""
    if not run_id.strip() or run_id in (".", "..") or not _RUN_ID.fullmatch(run_id):
        raise JobError(
            "--run-id: expected the execution's name, without slashes or control characters and "
            f"not '.' or '..', found {run_id!r}; start the run again under another name"
        )
    return run_id


def check_source_name(source: str) -> str:
    """The name is one folder under each zone; anything else could leave that folder."""
    if not _SOURCE.fullmatch(source):
        raise JobError(
            f"--source: expected letters, digits, '_' and '-' (at most 128, the first a letter "
            f"or digit), found {source!r}; rename the source in the environment's sources"
        )
    return source


def check_table_name(flag: str, name: str) -> str:
    """What Glue and Athena take without quotes, for a database or a table."""
    if not _TABLE.fullmatch(name):
        raise JobError(
            f"{flag}: expected lower-case letters, digits and '_' (1 to 255), found {name!r}: "
            "so it can be no name in the Glue catalog"
        )
    return name


def day_pattern(source: str) -> str:
    """Regular expression (Java's and Python's) that finds year, month and day in a raw path."""
    return f"/{source}/year=([0-9]{{4}})/month=([0-9]{{2}})/day=([0-9]{{2}})/"
