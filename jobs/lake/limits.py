"""How much of a run may be bad before the run itself is."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from .errors import JobError

_REASONS_SHOWN = 3
_REASON_LENGTH = 200


def check_share(rows: DataFrame, read: int, rejected: int, percent: float, source: str) -> None:
    """``rows`` are those of parsing.parse; ``percent`` is the source's limit."""
    if rejected * 100 <= percent * read:
        return
    shown = "; ".join(
        f"{count} × {reason} (such as in {file})" for reason, count, file in _reasons(rows)
    )
    raise JobError(
        f"{source}: {rejected} of {read} rows are bad, {_percent(rejected, read)} %, above the "
        f"limit of {percent:g} % (max_quarantined_percent); nothing was published, the earlier "
        f"data stays. Most frequent: {shown}. "
        "Mend or remove the files and run again, or raise the limit"
    )


def _reasons(rows: DataFrame) -> list:
    # What was found differs from row to row; what was expected is the same.
    reason = F.regexp_replace("reason", ", found [^;]*", "")
    reason = F.regexp_replace(reason, r"\d+ (fields|lines|decompressed|characters)", "… $1")
    found = (
        rows.where("reason is not null")
        .groupBy(F.substring(reason, 1, _REASON_LENGTH).alias("kind"))
        .agg(F.count("*").alias("rows"), F.min("file").alias("file"))
        .orderBy(F.desc("rows"), "kind")
    )
    return found.take(_REASONS_SHOWN)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}"
