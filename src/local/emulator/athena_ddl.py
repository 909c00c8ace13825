"""Athena's statements that are not SELECT: views, SHOW, DESCRIBE, databases."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import sqlglot
from sqlglot import exp

from emulator.athena_engine import Engine
from emulator.athena_files import Objects
from emulator.athena_iceberg import IcebergTable, is_iceberg
from emulator.athena_results import Result, describe
from emulator.athena_sql import QueryFailed, parse, position
from emulator.runtime import client, split_s3_uri

_TRINO = {"string": "varchar", "int": "integer", "float": "real", "binary": "varbinary"}


def run(sql: str, database: str, region: str, parameters: list[str] | None = None) -> Result:
    """Any statement; QueryFailed says why not."""
    statement = parse(sql)
    for placeholder, given in zip(
        list(statement.find_all(exp.Placeholder)), parameters or [], strict=False
    ):
        placeholder.replace(sqlglot.parse_one(given, read="athena"))
    if isinstance(statement, exp.Query):
        return Engine(sql, database, region).select(statement)
    glue = client("glue", region)
    kind = (statement.args.get("kind") or "").upper()
    if isinstance(statement, exp.Create) and kind == "VIEW":
        return _create_view(glue, sql, statement, database, region)
    if isinstance(statement, exp.Create) and kind in ("SCHEMA", "DATABASE"):
        return _create_database(glue, statement)
    if isinstance(statement, exp.Drop):
        return _drop(glue, sql, statement, kind, database)
    return _show(glue, sql, database)


def _lines(name: str, lines: list[str]) -> Result:
    import pyarrow as pa

    return Result([describe(name, pa.string())], [[line] for line in lines], has_header=False)


def _create_view(glue: Any, sql: str, statement: exp.Create, database: str, region: str) -> Result:
    """Stores the view as Athena does, so that Terraform and other tools recognise it."""
    target = statement.find(exp.Table)
    schema, name = (target.db or database).lower(), target.name.lower()
    body = re.split(r"\bas\b", sql, maxsplit=1, flags=re.I)[1].strip().rstrip(";")
    columns = Engine(sql, database, region).columns(statement.expression)
    listed = [{"name": c["Name"], "type": _TRINO.get(c["Type"], c["Type"])} for c in columns]
    definition = {"originalSql": body, "catalog": "awsdatacatalog", "schema": schema}
    definition["columns"] = listed
    encoded = base64.b64encode(json.dumps(definition).encode()).decode()
    view = {
        "Name": name,
        "TableType": "VIRTUAL_VIEW",
        "Parameters": {"comment": "Presto View", "presto_view": "true"},
        "PartitionKeys": [],
        "StorageDescriptor": {"Columns": columns, "Location": "", "SerdeInfo": {}},
        "ViewOriginalText": f"/* Presto View: {encoded} */",
        "ViewExpandedText": "/* Presto View */",
    }
    try:
        glue.create_table(DatabaseName=schema, TableInput=view)
    except glue.exceptions.AlreadyExistsException:
        known = glue.get_table(DatabaseName=schema, Name=name)["Table"]
        if not statement.args.get("replace") or known.get("TableType") != "VIRTUAL_VIEW":
            raise QueryFailed(
                f"ALREADY_EXISTS: View already exists: 'awsdatacatalog.{schema}.{name}'"
            ) from None
        glue.update_table(DatabaseName=schema, TableInput=view)
    except glue.exceptions.EntityNotFoundException:
        raise QueryFailed(
            f"SCHEMA_NOT_FOUND: {position(sql, schema)}: Schema '{schema}' does not exist"
        ) from None
    return Result(has_header=False)


def _create_database(glue: Any, statement: exp.Create) -> Result:
    target = statement.find(exp.Table)
    name = (target.db or target.name).lower()
    try:
        glue.create_database(DatabaseInput={"Name": name})
    except glue.exceptions.AlreadyExistsException:
        if not statement.args.get("exists"):
            raise QueryFailed(f"FAILED: Database {name} already exists") from None
    return Result(has_header=False)


def _drop(glue: Any, sql: str, statement: exp.Drop, kind: str, database: str) -> Result:
    target = statement.find(exp.Table)
    schema, name = (target.db or database).lower(), target.name.lower()
    try:
        if kind in ("VIEW", "TABLE"):
            table = glue.get_table(DatabaseName=schema, Name=name)["Table"]
            glue.delete_table(DatabaseName=schema, Name=name)
            if is_iceberg(table):  # Athena manages these: their files go with them
                _delete_files(table["StorageDescriptor"]["Location"], glue.meta.region_name)
        elif kind in ("SCHEMA", "DATABASE"):
            glue.delete_database(Name=(target.db or target.name).lower())
        else:
            raise QueryFailed(f"NOT_SUPPORTED: {position(sql, kind)}: DROP {kind}")
    except glue.exceptions.EntityNotFoundException:
        if not statement.args.get("exists"):
            raise QueryFailed(
                f"TABLE_NOT_FOUND: {position(sql, name)}: {kind.title()} "
                f"'awsdatacatalog.{schema}.{name}' does not exist"
            ) from None
    return Result(has_header=False)


def _delete_files(location: str, region: str) -> None:
    bucket, prefix = split_s3_uri(location.rstrip("/") + "/")
    s3 = client("s3", region)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        keys = [{"Key": found["Key"]} for found in page.get("Contents", [])]
        if keys:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys})


def _describe_iceberg(table: IcebergTable) -> list[str]:
    """The columns of the current schema, then how rows are partitioned."""
    return [
        "# Table schema:\t\t",
        "# col_name\tdata_type\tcomment",
        *("\t".join(column) for column in table.columns()),
        "\t\t",
        "# Partition spec:\t\t",
        "# field_name\tfield_transform\tcolumn_name",
        *("\t".join(field) for field in table.partition_fields()),
    ]


def _show(glue: Any, sql: str, database: str) -> Result:
    flat = re.sub(r'[`";]', "", " ".join(sql.split()))

    def named(text: str) -> tuple[str, str]:
        schema, _, name = text.lower().rpartition(".")
        return schema.rpartition(".")[2] or database, name

    if found := re.fullmatch(r"SHOW (TABLES|VIEWS)(?: (?:IN|FROM) (\w+))?(?: '(.*)')?", flat, re.I):
        schema, pattern = (found[2] or database).lower(), (found[3] or "*").replace("*", ".*")
        tables = _pages(glue, "get_tables", "TableList", DatabaseName=schema)
        views = found[1].upper() == "VIEWS"
        names = [t["Name"] for t in tables if not views or t.get("TableType") == "VIRTUAL_VIEW"]
        return _lines("tab_name", sorted(n for n in names if re.fullmatch(pattern, n)))
    if re.fullmatch(r"SHOW (DATABASES|SCHEMAS)", flat, re.I):
        names = [d["Name"] for d in _pages(glue, "get_databases", "DatabaseList")]
        return _lines("database_name", sorted(names))
    if found := re.fullmatch(r"SHOW PARTITIONS ([\w.]+)", flat, re.I):
        schema, name = named(found[1])
        table = _table(glue, sql, schema, name)
        if is_iceberg(table):
            raise QueryFailed(
                f"NOT_SUPPORTED: {schema}.{name} is an Iceberg table: "
                f'SELECT * FROM "{schema}"."{name}$partitions" tells its partitions'
            )
        keys = [k["Name"] for k in table.get("PartitionKeys") or []]
        pages = _pages(glue, "get_partitions", "Partitions", DatabaseName=schema, TableName=name)
        pairs = [zip(keys, p["Values"], strict=True) for p in pages]
        return _lines("partition", ["/".join(f"{k}={v}" for k, v in one) for one in pairs])
    if found := re.fullmatch(r"(?:DESCRIBE|DESC|SHOW COLUMNS (?:IN|FROM)) ([\w.]+)", flat, re.I):
        schema, name = named(found[1])
        table = _table(glue, sql, schema, name)
        if is_iceberg(table):
            iceberg = IcebergTable(schema, table, Objects())
            if flat.upper().startswith("SHOW"):
                return _lines("field", [column for column, _, _ in iceberg.columns()])
            return _lines("col_name", _describe_iceberg(iceberg))
        keys = table.get("PartitionKeys") or []
        everything = table["StorageDescriptor"]["Columns"] + keys
        if flat.upper().startswith("SHOW"):
            return _lines("field", [c["Name"] for c in everything])
        lines = [f"{c['Name']}\t{c['Type']}\t{c.get('Comment', '')}" for c in everything]
        if keys:
            lines += ["\t\t", "# Partition Information\t\t", "# col_name\tdata_type\tcomment"]
            lines += ["\t\t", *(f"{k['Name']}\t{k['Type']}\t" for k in keys)]
        return _lines("col_name", lines)
    verb = " ".join(flat.split()[:2]).upper()
    raise QueryFailed(f"NOT_SUPPORTED: line 1:1: {verb} is not run by the local Athena")


def _table(glue: Any, sql: str, schema: str, name: str) -> dict[str, Any]:
    try:
        return glue.get_table(DatabaseName=schema, Name=name)["Table"]
    except glue.exceptions.EntityNotFoundException:
        raise QueryFailed(
            f"TABLE_NOT_FOUND: {position(sql, name)}: "
            f"Table 'awsdatacatalog.{schema}.{name}' does not exist"
        ) from None


def _pages(glue: Any, operation: str, member: str, **arguments: Any) -> list[dict[str, Any]]:
    try:
        pages = list(glue.get_paginator(operation).paginate(**arguments))
    except glue.exceptions.EntityNotFoundException as problem:
        raise QueryFailed(f"SCHEMA_NOT_FOUND: {problem.response['Error']['Message']}") from problem
    return [one for page in pages for one in page[member]]
