"""One day that batches of raw files come to, a run each, while somebody reads it.

A line on stdout for each run: {"batch", "rawBytes", "readBytes", "writtenBytes", "files",
"seconds"}; at the end {"reads", "distinct", "wrong", "rows", "expected"}: how often the reader
counted the rows, how many different counts it found, and which of them no run had published or
came after a larger one; rows of the day, and those that were uploaded.
"""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

import pyarrow.parquet as pq
from ground import lake_in, put_flights, run, say, spark_in
from pyiceberg.table import StaticTable

DAY = "2025-01-09"
_PAUSE_SECONDS = 0.1
_WARM_RUNS = 3


class Reader(threading.Thread):
    """Counts the table's rows again and again, from the files that its current metadata names."""

    def __init__(self, table: Path):
        super().__init__()
        self._table = table
        self.ended = threading.Event()
        self.counts: list[int] = []
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while True:
                is_last = self.ended.is_set()
                self.counts.append(self._count())
                if is_last:
                    return
                # Without a pause it would take the processor that the runs are timed on.
                self.ended.wait(_PAUSE_SECONDS)
        except Exception as error:
            self.failure = error

    def _count(self) -> int:
        metadata = self._table / "metadata"
        version = (metadata / "version-hint.text").read_text()
        table = StaticTable.from_metadata(f"file:{metadata}/v{version}.metadata.json")
        files = [task.file.file_path for task in table.scan().plan_files()]
        # The values themselves: a file that is gone, or half there, must not go unnoticed.
        columns = [pq.read_table(path.removeprefix("file:"), columns=["date"]) for path in files]
        return sum(column.num_rows for column in columns)


def wrong_counts(counts: list[int], published: list[int]) -> list[int]:
    """Counts that are none of the published ones, or less than one that was read before."""
    known, least, wrong = set(published), 0, []
    for count in counts:
        if count not in known or count < least:
            wrong.append(count)
        least = max(least, count)
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=int, required=True, help="of one batch")
    parser.add_argument("--batches", type=int, required=True)
    given = parser.parse_args()
    lake = lake_in(given.folder, spark_in(given.folder))
    published, reader = [], Reader(lake.processed / "feed")
    raw_bytes = 0
    # Java compiles what runs often: the first runs of a process say nothing of the later ones.
    lake.sources["warm"] = {"format": "json"}
    put_flights(lake, DAY, 0, given.rows, "warm.json", "warm")
    for _ in range(_WARM_RUNS):
        run(lake, [DAY], "warm")
    try:
        for batch in range(given.batches):
            at = batch * given.rows
            path = put_flights(lake, DAY, at, given.rows, f"batch-{batch:03d}.json")
            raw_bytes += path.stat().st_size
            published.append(at + given.rows)
            summary = run(lake, [DAY])
            if batch == 0:
                reader.start()
            say(
                batch=batch + 1,
                rawBytes=raw_bytes,
                readBytes=summary["bytes_read"],
                writtenBytes=summary["bytes_written"],
                files=len(lake.live_files()),
                seconds=summary["seconds"],
            )
    finally:
        reader.ended.set()
        if reader.is_alive():
            reader.join()
    if reader.failure:
        raise SystemExit(f"the reader failed: {reader.failure!r}")
    say(
        reads=len(reader.counts),
        distinct=len(set(reader.counts)),
        wrong=wrong_counts(reader.counts, published),
        rows=lake.table(day=DAY).num_rows,
        expected=published[-1],
    )


if __name__ == "__main__":
    main()
