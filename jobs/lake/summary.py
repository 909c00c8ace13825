"""What a run did, in numbers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .errors import JobError


@dataclass(frozen=True)
class Summary:
    """rows_read is counted at reading, rows_written and rows_quarantined from the written files.

    files_read and bytes_read: the data files of the raw zone, as they are stored (compressed).
    files_written and bytes_written: Parquet files of the processed zone, without the quarantine.
    """

    run_id: str
    source: str
    partitions: list
    rows_read: int
    rows_written: int
    rows_quarantined: int
    files_read: int
    files_written: int
    bytes_read: int
    bytes_written: int
    seconds: float

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def check_accounts(days: list, read: dict, written: dict, quarantined: dict) -> None:
    """Day → rows, three times: every record read must stand in exactly one of the two zones, and
    under one of the given days, as no other is published."""
    astray = sorted({*read, *written, *quarantined} - set(days))
    if astray:
        raise JobError(
            f"records were read for {', '.join(map(repr, astray))}, expected only "
            f"{', '.join(days)}; does the raw zone's own path contain such a partition's folders?"
        )
    for day in sorted({*read, *written, *quarantined}):
        counts = [rows.get(day, 0) for rows in (read, written, quarantined)]
        if counts[0] != counts[1] + counts[2]:
            raise JobError(
                f"the accounts of {day} do not balance: {counts[0]} rows read, "
                f"{counts[1]} written, {counts[2]} quarantined; nothing was published. "
                "Run again: if it stays so, "
                "objects of the raw zone change while they are read, or the job has a bug"
            )
