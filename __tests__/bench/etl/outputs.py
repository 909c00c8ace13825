"""What a contender of `npm run bench:etl` wrote: ``python outputs.py FORMAT FOLDER [WITHIN]``.

Prints one line of JSON about the Parquet files below FOLDER, or of these those in a folder
WITHIN, such as ``year=2025/month=01/day=09``: ``rows``; ``sum``, as inputs.py has it; ``types`` by
column; ``sizes`` of the files, in bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
from inputs import FORMATS, row_hash

#: Named by the folders, and in some outputs in the files as well.
_PARTITION = ("year", "month", "day")


def described(format: str, folder: Path, within: str = "") -> dict:
    """As above; of no files, no rows."""
    files = sorted(
        path for path in folder.rglob("*.parquet") if f"/{within}/" in f"{path}" or not within
    )
    if not files:
        return {"rows": 0, "sum": "0", "types": {}, "sizes": []}
    content = FORMATS[format][0]
    paths = "[" + ", ".join(f"'{path}'" for path in files) + "]"
    rows = f"read_parquet({paths}, hive_partitioning = false)"
    with duckdb.connect(config={"threads": 2}) as database:
        # Where a time is one of a zone, it is UTC.
        database.execute("SET TimeZone = 'UTC'")
        count, total = database.execute(
            f"SELECT count(*), sum({row_hash(content)}) FROM {rows}"
        ).fetchone()
        columns = database.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
    types = {name: kind for name, kind, *_ in columns if name not in _PARTITION}
    sizes = [path.stat().st_size for path in files]
    return {"rows": count, "sum": str(int(total or 0)), "types": types, "sizes": sizes}


if __name__ == "__main__":
    format, folder, *within = sys.argv[1:]
    print(json.dumps(described(format, Path(folder), *within)))
