"""
What the lake must hold, worked out from the raw files by DuckDB and none of the lake's code.

    python oracle.py FOLDER

FOLDER holds the objects of the raw zone under their keys. Prints JSON: `rows` are
[source, day, id, amount, note] of every record that is one, `bad` are [source, day, id] of the
others. All sources have the columns id (text), amount (a whole number) and note (text).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

PLACE = r"raw/([^/]+)/year=(\d{4})/month=(\d{2})/day=(\d{2})/"

RECORDS = rf"""
    SELECT
        regexp_extract(filename, '{PLACE}', 1) AS source,
        concat_ws('-', regexp_extract(filename, '{PLACE}', 2),
            regexp_extract(filename, '{PLACE}', 3), regexp_extract(filename, '{PLACE}', 4)) AS day,
        line
    FROM lines WHERE trim(line) <> ''
"""
# CASE, because DuckDB's functions refuse a text that is no JSON.
JSON_IS_GOOD = """
    CASE WHEN NOT json_valid(line) THEN false WHEN json_type(line) <> 'OBJECT' THEN false
    WHEN len(json_keys(line)) <> len(list_distinct(json_keys(line))) THEN false
    ELSE coalesce(json_type(line, '$.amount') IN ('BIGINT', 'UBIGINT', 'NULL'), true) END
"""
CSV = r"""^([^,"]*),(-?[0-9]*),([^,"]*|"(?:[^"]|"")*")$"""
NAME = r"s\d+[a-z]*\.v\d+\.\w+"


def main(folder: Path) -> dict[str, list]:
    database = duckdb.connect()
    found: dict[str, list] = {"rows": [], "bad": []}
    files = sorted(str(path) for path in folder.rglob("*") if path.is_file())
    for ending, good in (("json", JSON_IS_GOOD), ("csv", f"regexp_matches(line, '{CSV}')")):
        if not load_lines(database, files, ending):
            continue
        database.execute(f"CREATE OR REPLACE TEMP TABLE records AS {RECORDS}")
        values = json_values() if ending == "json" else csv_values()
        select = f"SELECT source, day, {values} FROM records WHERE {good}"
        found["rows"] += database.execute(select).fetchall()
        name = f"regexp_extract(line, '{NAME}')"
        select = f"SELECT source, day, {name} FROM records WHERE NOT ({good})"
        found["bad"] += database.execute(select).fetchall()
    return found


def load_lines(database: duckdb.DuckDBPyConnection, files: list[str], ending: str) -> bool:
    """The table `lines` (filename, line); elements of an array count as lines."""
    arrays = [f for f in files if f.endswith(f".array.{ending}")]
    plain = [f for f in files if f.endswith((f".{ending}", f".{ending}.gz")) and f not in arrays]
    database.execute("CREATE OR REPLACE TEMP TABLE lines (filename TEXT, line TEXT)")
    for packed in (False, True):
        some = [f for f in plain if f.endswith(".gz") == packed]
        if some:
            # One column: no line holds the separator.
            options = "delim = chr(1), header = false, quote = '', escape = '', filename = true"
            columns = "columns = {'line': 'TEXT'}, auto_detect = false"
            skip = "skip = 1" if ending == "csv" else "skip = 0"
            compression = "compression = 'gzip'" if packed else "compression = 'none'"
            options = ", ".join((options.replace("chr(1)", "'\x01'"), columns, skip, compression))
            database.execute(
                f"INSERT INTO lines SELECT filename, line FROM read_csv($files, {options})",
                {"files": some},
            )
    if arrays:
        database.execute(
            "INSERT INTO lines SELECT filename, unnest(from_json(content, '[\"JSON\"]'))::TEXT "
            "FROM read_text($files)",
            {"files": arrays},
        )
    return bool(arrays or plain)


def json_values() -> str:
    return ", ".join(f"json_extract_string(line, '$.{name}')" for name in ("id", "amount", "note"))


def csv_values() -> str:
    fields = [f"regexp_extract(line, '{CSV}', {at})" for at in (1, 2, 3)]
    unquoted = rf"""replace(regexp_replace({fields[2]}, '^"(.*)"$', '\1'), '""', '"')"""
    return ", ".join(f"nullif({field}, '')" for field in (*fields[:2], unquoted))


if __name__ == "__main__":
    json.dump(main(Path(sys.argv[1])), sys.stdout)
