"""Runs one Athena query: Trino's dialect becomes DuckDB's, the tables come from the catalog."""

from __future__ import annotations

import base64
import datetime
import json
import logging
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp

from emulator.athena_catalog import ObjectStore, UnsupportedTable, dataset
from emulator.runtime import client

logging.getLogger("sqlglot").setLevel("ERROR")  # it warns of every statement it does not model
_VIEW = re.compile(r"/\* Presto View: (.*) \*/")


class QueryFailed(Exception):
    """The text is the StateChangeReason."""


@dataclass
class Result:
    columns: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)
    bytes_scanned: int = 0
    has_header: bool = True  # results of SELECT have, those of SHOW and DESCRIBE have not


def parse(sql: str) -> exp.Expression:
    """One statement; what is no SQL at all is told by sqlglot's ParseError."""
    found = [one for one in sqlglot.parse(sql, read="athena") if one is not None]
    if len(found) != 1:
        raise sqlglot.errors.ParseError(f"line 1:1: one statement expected, {len(found)} given")
    return found[0]


def position(sql: str, name: str) -> str:
    match = re.search(rf'(?<![\w"]){re.escape(name)}(?!\w)', sql, re.I) or re.search(
        re.escape(name), sql, re.I
    )
    before = sql[: match.start()] if match else ""
    return f"line {before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def name_columns(query: exp.Expression) -> exp.Expression:
    """Trino names an expression without an alias `_col` and its position."""
    select = query.find(exp.Select) if isinstance(query, exp.SetOperation) else query
    if isinstance(select, exp.Select):
        for index, one in enumerate(select.expressions):
            if not isinstance(one, (exp.Alias, exp.Column, exp.Dot, exp.Star)):
                one.replace(exp.alias_(one.copy(), f"_col{index}"))
    return query


# Athena answers the name of a table with this ending from the catalog alone.
PARTITIONS = "$partitions"


class Engine:
    """Holds the DuckDB of one query; tables are registered as the statement names them."""

    def __init__(self, sql: str, database: str, region: str) -> None:
        self.sql, self.database, self.region = sql, database, region
        self.store = ObjectStore()
        self.duck = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        self.duck.execute("SET TimeZone = 'UTC'; SET integer_division = true; SET threads = 2")
        self.known: set[tuple[str, str]] = set()

    def select(self, query: exp.Expression) -> Result:
        try:
            table = self._relation(query).to_arrow_table()
        except duckdb.Error as problem:
            raise QueryFailed(self._explain(problem)) from problem
        columns = [describe(f.name, f.type) for f in table.schema]
        values = [[text(value) for value in plain(column)] for column in table.columns]
        rows = [list(row) for row in zip(*values, strict=True)] if values else []
        return Result(columns, rows, self.store.bytes_read)

    def columns(self, query: exp.Expression) -> list[dict[str, str]]:
        """Names and Hive types of what a query returns, for a view's entry in the catalog."""
        from emulator.parquet_schema import hive_type

        try:
            schema = self._relation(query).limit(0).to_arrow_table().schema
        except duckdb.Error as problem:
            raise QueryFailed(self._explain(problem)) from problem
        return [{"Name": f.name.lower(), "Type": hive_type(f.type)} for f in schema]

    def _relation(self, query: exp.Expression) -> Any:
        resolved = self._resolve(name_columns(query.copy()), self.database)
        return self.duck.sql(resolved.sql("duckdb"))

    def _resolve(self, query: exp.Expression, database: str) -> exp.Expression:
        """Registers every table and view that the query names; qualifies them with the schema."""
        ctes = {cte.alias_or_name.lower() for cte in query.find_all(exp.CTE)}
        for table in list(query.find_all(exp.Table)):
            if not table.name or (not table.db and table.name.lower() in ctes):
                continue
            schema = (table.db or database).lower()
            table.set("catalog", None)
            table.set("db", exp.to_identifier(schema, quoted=True))
            table.set("this", exp.to_identifier(table.name.lower(), quoted=True))
            self._register(schema, table.name)
        return query

    def _register(self, database: str, name: str) -> None:
        if (database, name) in self.known or database == "information_schema":
            return
        if name.endswith(PARTITIONS):
            self._register_partitions(database, name)
            return
        glue = client("glue", self.region)
        try:
            table = glue.get_table(DatabaseName=database, Name=name)["Table"]
        except glue.exceptions.EntityNotFoundException:
            try:
                glue.get_database(Name=database)
            except glue.exceptions.EntityNotFoundException:
                place = position(self.sql, database)
                raise QueryFailed(
                    f"SCHEMA_NOT_FOUND: {place}: Schema '{database}' does not exist"
                ) from None
            place, full = position(self.sql, name), f"awsdatacatalog.{database}.{name}"
            raise QueryFailed(f"TABLE_NOT_FOUND: {place}: Table '{full}' does not exist") from None
        self.known.add((database, name))
        self.duck.execute(f'CREATE SCHEMA IF NOT EXISTS "{database}"')
        view = _VIEW.search(table.get("ViewOriginalText") or "")
        if table.get("TableType") == "VIRTUAL_VIEW" and view:
            definition = json.loads(base64.b64decode(view[1]))
            inner = parse(definition["originalSql"])
            inner = self._resolve(inner, definition.get("schema") or database)
            self.duck.execute(f'CREATE VIEW "{database}"."{name}" AS {inner.sql("duckdb")}')
            return
        try:
            rows = dataset(database, table, self.region, self.store)
        except UnsupportedTable as problem:
            raise QueryFailed(f"NOT_SUPPORTED: {problem}") from problem
        registered = f"{database}/{name}"
        self.duck.register(registered, rows)
        self.duck.execute(f'CREATE VIEW "{database}"."{name}" AS SELECT * FROM "{registered}"')

    def _register_partitions(self, database: str, name: str) -> None:
        """Athena's hidden table `"name$partitions"`: the partition columns, from the catalog."""
        self._register(database, name.removesuffix(PARTITIONS))
        glue = client("glue", self.region)
        of_table = {"DatabaseName": database, "Name": name.removesuffix(PARTITIONS)}
        keys = [key["Name"] for key in glue.get_table(**of_table)["Table"]["PartitionKeys"]]
        pages = glue.get_paginator("get_partitions").paginate(
            DatabaseName=database, TableName=of_table["Name"]
        )
        values = [one["Values"] for page in pages for one in page["Partitions"]]
        columns = {key: [row[i] for row in values] for i, key in enumerate(keys)}
        rows = pa.table(columns, schema=pa.schema([(key, pa.string()) for key in keys]))
        self.known.add((database, name))
        self.duck.register(f"{database}/{name}", rows)
        self.duck.execute(f'CREATE VIEW "{database}"."{name}" AS SELECT * FROM "{database}/{name}"')

    def _explain(self, problem: duckdb.Error) -> str:
        """DuckDB's errors in Athena's words, with the name that is wrong."""
        message = str(problem)
        patterns = (
            (r'Referenced column "([^"]+)"', "COLUMN_NOT_FOUND", "Column '{}' cannot be resolved"),
            (
                r'does not have a column named "([^"]+)"',
                "COLUMN_NOT_FOUND",
                "Column '{}' cannot be resolved",
            ),
            (r'Referenced table "([^"]+)"', "COLUMN_NOT_FOUND", "Column '{}' cannot be resolved"),
            (
                r"Function with name (\S+) does not exist",
                "FUNCTION_NOT_FOUND",
                "Function '{}' not registered",
            ),
            (
                r'column "([^"]+)" must appear in the GROUP BY',
                "EXPRESSION_NOT_AGGREGATE",
                "'{}' must be an aggregate expression or appear in GROUP BY clause",
            ),
        )
        for pattern, code, words in patterns:
            if found := re.search(pattern, message):
                return f"{code}: {position(self.sql, found[1])}: {words.format(found[1])}"
        code = (
            "TYPE_MISMATCH" if isinstance(problem, duckdb.BinderException) else "GENERIC_USER_ERROR"
        )
        if isinstance(problem, duckdb.ConversionException):
            code = "INVALID_CAST_ARGUMENT"
        return f"{code}: {message.splitlines()[0]}"


_NAMES = (
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_int8, "tinyint"),
    (pa.types.is_int16, "smallint"),
    (pa.types.is_int32, "integer"),
    (pa.types.is_integer, "bigint"),
    (pa.types.is_float32, "float"),
    (pa.types.is_floating, "double"),
    (pa.types.is_date, "date"),
    (pa.types.is_time, "time"),
    (pa.types.is_list, "array"),
    (pa.types.is_map, "map"),
    (pa.types.is_struct, "row"),
    (pa.types.is_binary, "varbinary"),
)


def describe(name: str, kind: pa.DataType) -> dict[str, Any]:
    """ColumnInfo; DuckDB sums integers to 128 bits, which Trino's sum does not have."""
    precision, scale = 2147483647, 0
    athena = next((n for matches, n in _NAMES if matches(kind)), "varchar")
    if pa.types.is_timestamp(kind):
        athena, precision = ("timestamp with time zone" if kind.tz else "timestamp"), 3
    elif pa.types.is_decimal(kind) and kind.scale == 0 and kind.precision == 38:
        athena, precision = "bigint", 19
    elif pa.types.is_decimal(kind):
        athena, precision, scale = "decimal", kind.precision, kind.scale
    elif athena in ("bigint", "integer", "double", "float"):
        precision = {"bigint": 19, "integer": 10, "double": 17, "float": 17}[athena]
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": athena,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": athena == "varchar",
    }


def plain(column: pa.ChunkedArray) -> list[Any]:
    """Python values; a time zone (always UTC here) is put back as text."""
    if pa.types.is_timestamp(column.type) and column.type.tz:
        naive = column.cast(pa.timestamp("us"))
        return [None if v is None else f"{text(v)} UTC" for v in naive.to_pylist()]
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us"), safe=False)
    return column.to_pylist()


def text(value: Any) -> str | None:
    """A value as Athena writes it into results."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return " ".join(f"{byte:02x}" for byte in value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}={text(v) or 'null'}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        if value and isinstance(value[0], tuple):  # Arrow's maps
            return "{" + ", ".join(f"{text(k)}={text(v) or 'null'}" for k, v in value) + "}"
        return "[" + ", ".join(text(v) or "null" for v in value) + "]"
    return str(value)


def _double(value: float) -> str:
    """Java's Double.toString: decimal between 1e-3 and 1e7, else with an exponent."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    mantissa, _, exponent = f"{value:.17e}".partition("e")
    shortest = repr(value).lower()
    digits = re.sub(r"[-.]|e.*", "", shortest).strip("0") or "0"
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{int(exponent)}"
