"""Inputs of `npm run bench:etl`: the same bytes for the same request, written by DuckDB.

``python inputs.py FORMAT MEGABYTES FLIGHTS FOLDER`` writes FORMAT's file (of ``csvparts`` several)
of about MEGABYTES (10^6 bytes) of uncompressed text into FOLDER, from FLIGHTS, vega-datasets'
``flights-3m.parquet``, and prints one line of JSON: ``files``; ``text_bytes``; ``rows``; ``sum``,
the sum of all rows' hashes (row_hash), in text, which is equal for the same rows in any order.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

#: Of the numbers that the wide rows are made of.
SEED = 20251109
#: Rows whose mean length says how many make the size that was asked for.
SAMPLE_ROWS = 20_000
#: Rows in flights-3m.parquet.
FLIGHTS = 3_000_000
#: Bytes of text in each file of ``csvparts``.
PART_BYTES = 128_000_000

_JSON, _ARRAY, _CSV = "FORMAT json", "FORMAT json, ARRAY true", "FORMAT csv, HEADER true"
#: Format → what is copied, how, the file's suffix.
FORMATS = {
    "jsonl": ("flights", _JSON, ".json"),
    "array": ("flights", _ARRAY, ".json"),
    "csv": ("flights", _CSV, ".csv"),
    "csvparts": ("flights", _CSV, ".csv"),
    "gzip": ("flights", f"{_JSON}, COMPRESSION gzip", ".json.gz"),
    "wide": ("wide", _JSON, ".json"),
}


def flights(path: str, first: int, last: int) -> str:
    """Rows ``first`` to before ``last``: all flights, again 366 days later, and so on."""
    parts = []
    for again in range(first // FLIGHTS, (last - 1) // FLIGHTS + 1):
        start = again * FLIGHTS
        parts.append(
            f"SELECT file_row_number + {start} AS id, "
            f"strftime(date + INTERVAL {366 * again} DAY, '%Y-%m-%dT%H:%M:%S') AS date, "
            "delay, distance, origin, destination "
            f"FROM read_parquet('{path}', file_row_number = true) "
            f"WHERE file_row_number >= {max(0, first - start)} "
            f"AND file_row_number < {min(FLIGHTS, last - start)}"
        )
    return " UNION ALL ".join(parts)


def _drawn(n: str, salt: int) -> str:
    """A number that follows from the row, the column and the seed alone."""
    return f"(hash({n} * 64 + {salt} + {SEED << 20}) >> 12)::BIGINT"


#: What text fields hold that parsers stumble over: quotes, line breaks, other scripts, nothing.
_TEXTS = (
    "'plain text of some length, as most of it is'",
    "'she said \"no\", twice'",
    "E'two\\nlines and a\\ttab'",
    "'Zürich, Łódź, 東京 and 😀'",
    "'back\\slash, {brace} and [bracket]'",
    "''",
    "NULL",
)


def wide(first: int, last: int) -> str:
    """60 columns: integers, reals, texts, booleans, timestamps, and four that are nested."""
    columns = ["n AS id"]
    for at in range(1, 21):
        columns.append(f"{_drawn('n', at)} % {10 ** (at % 12 + 1)} AS int_{at:02}")
    for at in range(1, 13):
        columns.append(f"({_drawn('n', 20 + at)} % 10000000) / 100.0::DOUBLE AS real_{at:02}")
    for at in range(1, 15):
        texts = f"[{', '.join(_TEXTS)}]"
        columns.append(
            f"{texts}[1 + {_drawn('n', 33 + at)} % {len(_TEXTS)}]"
            f" || ' ' || ({_drawn('n', 33 + at)} % 9973) AS text_{at:02}"
        )
    for at in range(1, 6):
        columns.append(f"{_drawn('n', 48 + at)} % {at + 1} = 0 AS flag_{at:02}")
    for at in range(1, 5):
        columns.append(
            f"strftime(TIMESTAMP '2020-01-01' + to_seconds({_drawn('n', 54 + at)} % 100000000), "
            f"'%Y-%m-%dT%H:%M:%S') AS at_{at:02}"
        )
    columns.append(
        f"{{'street': 'No ' || ({_drawn('n', 59)} % 300), 'city': 'Łódź', "
        f"'geo': {{'lat': ({_drawn('n', 59)} % 18000) / 100.0::DOUBLE, 'lon': 0.5::DOUBLE}}}}"
        " AS address"
    )
    columns.append(
        f"list_transform(range(1, 2 + {_drawn('n', 60)} % 4), lambda x: "
        "{'sku': 'S' || (n % 1000 + x), 'count': x, 'price': (x * 1.25)::DOUBLE}) AS items"
    )
    columns.append(
        f"list_transform(range({_drawn('n', 61)} % 3), lambda x: 'tag \"' || x || '\"') AS tags"
    )
    columns.append("{'source': 'bench', 'retries': n % 3} AS meta")
    return f"SELECT {', '.join(columns)} FROM (SELECT range AS n FROM range({first}, {last}))"


_FLIGHTS = (
    *(f"{name}::BIGINT" for name in ("id", "delay", "distance")),
    "date::TIMESTAMP",
    "origin::VARCHAR",
    "destination::VARCHAR",
)
_WIDE = (
    "id::BIGINT",
    *(f"int_{at:02}::BIGINT" for at in range(1, 21)),
    *(f"real_{at:02}::DOUBLE" for at in range(1, 13)),
    *(f"text_{at:02}::VARCHAR" for at in range(1, 15)),
    *(f"flag_{at:02}::BOOLEAN" for at in range(1, 6)),
    *(f"at_{at:02}::TIMESTAMP" for at in range(1, 5)),
    "address.street",
    "address.city",
    "address.geo.lat::DOUBLE",
    "address.geo.lon::DOUBLE",
    *(
        f"list_transform(items, lambda x: x.{name}::{kind})"
        for name, kind in (("sku", "VARCHAR"), ("count", "BIGINT"), ("price", "DOUBLE"))
    ),
    "list_transform(tags, lambda x: x::VARCHAR)",
    "meta.source",
    "meta.retries::BIGINT",
)
_VALUES = {"flights": _FLIGHTS, "wide": _WIDE}


def row_hash(content: str) -> str:
    """SQL: one number for a row. Of its values as one type each, since those who read the file do
    not agree on types: a time may be text, and a whole number 32 bits."""
    return f"hash({', '.join(_VALUES[content])})"


def write(
    format: str, text_bytes: int, path: str, folder: Path, part_bytes: int = PART_BYTES
) -> dict:
    """Writes the file or files; ``text_bytes`` is met to about one in a hundred."""
    content, how, suffix = FORMATS[format]
    folder.mkdir(parents=True, exist_ok=True)
    # What is packed is written more slowly than two threads make it, and what waits is held.
    threads = 1 if format == "gzip" else 2
    with duckdb.connect(config={"threads": threads, "memory_limit": "6GB"}) as database:

        def of(first: int, last: int) -> str:
            return flights(path, first, last) if content == "flights" else wide(first, last)

        def copy(first: int, last: int, file: Path, how: str) -> None:
            database.execute(f"COPY ({of(first, last)}) TO '{file}' ({how})")

        sample = folder / "sample"
        copy(0, SAMPLE_ROWS, sample, how.replace(", COMPRESSION gzip", ""))
        length = sample.stat().st_size / SAMPLE_ROWS
        sample.unlink()
        rows = max(1, round(text_bytes / length))
        each = max(1, round(part_bytes / length)) if format == "csvparts" else rows
        files = []
        for first in range(0, rows, each):
            files.append(folder / f"part-{len(files):03}{suffix}")
            copy(first, min(rows, first + each), files[-1], how)
        total = database.execute(
            f"SELECT sum({row_hash(content)}) FROM ({of(0, rows)})"
        ).fetchone()[0]
    size = _unpacked if format == "gzip" else _stored
    return {
        "files": [str(file) for file in files],
        "text_bytes": sum(size(file) for file in files),
        "rows": rows,
        "sum": str(int(total)),
    }


def _stored(file: Path) -> int:
    return file.stat().st_size


def _unpacked(file: Path) -> int:
    """Of a gzip of one member and less than 4 GiB: its last four bytes say so (RFC 1952)."""
    with file.open("rb") as packed:
        packed.seek(-4, 2)
        return int.from_bytes(packed.read(), "little")


if __name__ == "__main__":
    format, megabytes, path, folder = sys.argv[1:]
    print(json.dumps(write(format, round(float(megabytes) * 1e6), path, Path(folder))))
