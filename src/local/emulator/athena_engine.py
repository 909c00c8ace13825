"""Runs one Athena query: Trino's dialect becomes DuckDB's, the tables come from the catalog."""

from __future__ import annotations

import re
from typing import Any

import duckdb
from sqlglot import exp

from emulator.athena_files import Objects
from emulator.athena_results import Result, describe, plain, text
from emulator.athena_sql import QueryFailed, name_columns, position
from emulator.athena_tables import Tables


class Engine:
    """Holds the DuckDB of one query."""

    def __init__(self, sql: str, database: str, region: str) -> None:
        self.sql, self.database = sql, database
        self.objects = Objects()
        self.duck = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        self.duck.execute("SET TimeZone = 'UTC'; SET integer_division = true; SET threads = 2")
        self.tables = Tables(self.duck, sql, region, self.objects)

    def select(self, query: exp.Expression) -> Result:
        try:
            table = self._relation(query).to_arrow_table()
        except (duckdb.Error, FileNotFoundError) as problem:
            raise QueryFailed(self._explain(problem)) from problem
        columns = [describe(f.name, f.type) for f in table.schema]
        digits = 6 if self.tables.has_iceberg else 3  # Iceberg keeps microseconds
        values = [[text(v, digits) for v in plain(column, digits)] for column in table.columns]
        rows = [list(row) for row in zip(*values, strict=True)] if values else []
        return Result(columns, rows, self.objects.bytes_read)

    def columns(self, query: exp.Expression) -> list[dict[str, str]]:
        """Names and Hive types of what a query returns, for a view's entry in the catalog."""
        from emulator.parquet_schema import hive_type

        try:
            schema = self._relation(query).limit(0).to_arrow_table().schema
        except duckdb.Error as problem:
            raise QueryFailed(self._explain(problem)) from problem
        return [{"Name": f.name.lower(), "Type": hive_type(f.type)} for f in schema]

    def _relation(self, query: exp.Expression) -> Any:
        resolved = self.tables.resolve(name_columns(query.copy()), self.database)
        return self.duck.sql(resolved.sql("duckdb"))

    def _explain(self, problem: Exception) -> str:
        """DuckDB's errors in Athena's words, with the name that is wrong."""
        if self.objects.missing:
            code, kind = ("ICEBERG", "Iceberg") if self.tables.has_iceberg else ("HIVE", "Hive")
            file = f"{self.objects.missing}: the object does not exist"
            return f"{code}_CANNOT_OPEN_SPLIT: Error opening {kind} split {file}"
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
