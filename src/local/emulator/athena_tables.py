"""The tables and views that a query names, registered in its DuckDB."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from emulator.athena_catalog import UnsupportedTable, dataset
from emulator.athena_files import Objects
from emulator.athena_sql import QueryFailed, parse, position
from emulator.runtime import client

_VIEW = re.compile(r"/\* Presto View: (.*) \*/")


class Tables:
    """Resolves names once for each query; what a table is, its entry in the catalog says."""

    def __init__(
        self, duck: duckdb.DuckDBPyConnection, sql: str, region: str, objects: Objects
    ) -> None:
        self.duck, self.sql, self.objects = duck, sql, objects
        self.glue = client("glue", region)
        self.region = region
        self.known: dict[tuple[str, str, str], str] = {}
        self.has_iceberg = False

    def resolve(self, query: exp.Expression, database: str) -> exp.Expression:
        """Registers every table and view that the query names; qualifies them with the schema."""
        ctes = {cte.alias_or_name.lower() for cte in query.find_all(exp.CTE)}
        for table in list(query.find_all(exp.Table)):
            if not table.name or (not table.db and table.name.lower() in ctes):
                continue
            schema, name = (table.db or database).lower(), table.name.lower()
            if schema == "information_schema":
                continue
            version = table.args.get("version")
            if version is not None:
                table.set("version", None)
            registered = self._register(schema, name, version)
            if registered != name and not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
            table.set("catalog", None)
            table.set("db", exp.to_identifier(schema, quoted=True))
            table.set("this", exp.to_identifier(registered, quoted=True))
        return query

    def _register(self, database: str, name: str, version: exp.Version | None) -> str:
        """The name under which DuckDB knows the table."""
        key = (database, name, version.sql("duckdb") if version else "")
        if key in self.known:
            return self.known[key]
        base, dollar, kind = name.partition("$")
        table = self.find(database, base)
        registered = self.known[key] = f"{name} {len(self.known)}" if version else name
        self.duck.execute(f'CREATE SCHEMA IF NOT EXISTS "{database}"')
        view = _VIEW.search(table.get("ViewOriginalText") or "")
        if table.get("TableType") == "VIRTUAL_VIEW" and view:
            definition = json.loads(base64.b64decode(view[1]))
            inner = parse(definition["originalSql"])
            inner = self.resolve(inner, definition.get("schema") or database)
            rows = inner.sql("duckdb")
        else:
            try:
                found = self._rows(database, table, dollar + kind, version)
            except UnsupportedTable as problem:
                raise QueryFailed(str(problem)) from problem
            self.duck.register(f"{database}/{registered}", found)
            rows = f'SELECT * FROM "{database}/{registered}"'
        self.duck.execute(f'CREATE VIEW "{database}"."{registered}" AS {rows}')
        return registered

    def find(self, database: str, name: str) -> dict[str, Any]:
        """The catalog's entry of a table."""
        missing = self.glue.exceptions.EntityNotFoundException
        try:
            return self.glue.get_table(DatabaseName=database, Name=name)["Table"]
        except missing:
            try:
                self.glue.get_database(Name=database)
            except missing:
                place = position(self.sql, database)
                raise QueryFailed(
                    f"SCHEMA_NOT_FOUND: {place}: Schema '{database}' does not exist"
                ) from None
            place, full = position(self.sql, name), f"awsdatacatalog.{database}.{name}"
            raise QueryFailed(f"TABLE_NOT_FOUND: {place}: Table '{full}' does not exist") from None

    def _rows(
        self, database: str, table: dict[str, Any], kind: str, version: exp.Version | None
    ) -> Any:
        from emulator.athena_iceberg import METADATA_TABLES, IcebergTable, is_iceberg

        if is_iceberg(table):
            self.has_iceberg = True
            iceberg = IcebergTable(database, table, self.objects)
            if kind.removeprefix("$") in METADATA_TABLES:
                return iceberg.metadata_table(kind.removeprefix("$"))
            if not kind:
                return iceberg.rows(self._snapshot(iceberg, version) if version else None)
        elif version:
            raise QueryFailed("NOT_SUPPORTED: This connector does not support versioned tables")
        elif kind == "$partitions":
            return self._partitions(database, table)
        elif not kind:
            return dataset(database, table, self.region, self.objects)
        name = table["Name"] + kind
        place, full = position(self.sql, name), f"awsdatacatalog.{database}.{name}"
        raise QueryFailed(f"TABLE_NOT_FOUND: {place}: Table '{full}' does not exist")

    def _snapshot(self, iceberg: Any, version: exp.Version) -> int:
        """FOR VERSION AS OF <snapshot>, FOR TIMESTAMP AS OF <expression>."""
        from emulator.athena_iceberg import NoSuchVersion

        value = version.expression.sql("duckdb")
        is_time = version.name.upper() == "TIMESTAMP"
        number = (
            f"epoch_ms(CAST({value} AS TIMESTAMPTZ))" if is_time else f"CAST({value} AS BIGINT)"
        )
        [[given]] = self.duck.sql(f"SELECT {number}").fetchall()
        try:
            return iceberg.version_at(given) if is_time else iceberg.version(given)
        except NoSuchVersion as problem:
            raise QueryFailed(f"INVALID_ARGUMENTS: {problem}") from problem

    def _partitions(self, database: str, table: dict[str, Any]) -> pa.Table:
        """Athena's hidden table `"name$partitions"`: the partition columns, from the catalog."""
        keys = [key["Name"] for key in table.get("PartitionKeys") or []]
        pages = self.glue.get_paginator("get_partitions").paginate(
            DatabaseName=database, TableName=table["Name"]
        )
        values = [one["Values"] for page in pages for one in page["Partitions"]]
        columns = {key: [row[i] for row in values] for i, key in enumerate(keys)}
        return pa.table(columns, schema=pa.schema([(key, pa.string()) for key in keys]))
