"""Athena: queries run for real, with results, statistics and errors in Athena's shape."""

from __future__ import annotations

import csv
import io
import json
import time
from typing import Any

from emulator.registry import patch, wrap
from emulator.runtime import LOG, background, client, split_s3_uri

PAGE_ROWS = 1000


def _run(backend: Any, execution: Any) -> None:
    """QUEUED to its end; every failure becomes the StateChangeReason."""
    from emulator.athena_ddl import run
    from emulator.athena_sql import QueryFailed

    execution.state = "RUNNING"
    began = time.monotonic()
    database = ((execution.context or {}).get("Database") or "default").lower()
    try:
        result = run(execution.query, database, backend.region_name, execution.execution_parameters)
        _write(execution, result, backend.region_name)
        execution.result, state, reason = result, "SUCCEEDED", None
    except QueryFailed as problem:
        state, reason = "FAILED", str(problem)
    except Exception as problem:  # a query must end, whatever it met
        LOG.exception("query %s", execution.id)
        state, reason = "FAILED", f"GENERIC_INTERNAL_ERROR: {problem}"
    execution.milliseconds = int(1000 * (time.monotonic() - began))
    execution.end_time = time.time()
    if execution.state != "CANCELLED":
        execution.state, execution.reason = state, reason


def _write(execution: Any, result: Any, region: str) -> None:
    """The result file at the output location: CSV with every value quoted, or lines of text."""
    bucket, key = split_s3_uri(execution.config["OutputLocation"])
    output = io.StringIO()
    if result.has_header:
        writer = csv.writer(output, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow([column["Name"] for column in result.columns])
        for row in result.rows:
            # NULL is nothing between the commas, an empty string is a pair of quotes.
            line = io.StringIO()
            cells = csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="")
            parts = []
            for value in row:
                line.seek(0)
                line.truncate()
                if value is not None:
                    cells.writerow([value])
                parts.append(line.getvalue())
            output.write(",".join(parts) + "\n")
    else:
        output.write("".join(f"{row[0]}\n" for row in result.rows))
    client("s3", region).put_object(Bucket=bucket, Key=key, Body=output.getvalue().encode())


def _output_location(backend: Any, workgroup: str, given: dict[str, Any] | None) -> str | None:
    """The workgroup's where it enforces its configuration, else the request's, else its own."""
    group = backend.work_groups[workgroup].configuration
    own = (group.get("ResultConfiguration") or {}).get("OutputLocation")
    asked = (given or {}).get("OutputLocation")
    return own if own and group.get("EnforceWorkGroupConfiguration") else asked or own


def _extension(query: str) -> str:
    first = query.lstrip(" \n\t(").split(None, 1)[0].upper() if query.strip() else ""
    return "csv" if first in ("SELECT", "WITH", "VALUES", "TABLE") else "txt"


@patch(
    "athena.queries",
    gap="every query SUCCEEDS, with no rows, no statistics and no result file",
)
def queries() -> None:
    from moto.athena import models
    from moto.athena.responses import AthenaResponse
    from moto.core.exceptions import JsonRESTError

    def invalid(message: str) -> JsonRESTError:
        return JsonRESTError("InvalidRequestException", message)

    @wrap(models.AthenaBackend, "start_query_execution")
    def start_query_execution(
        original, self, query, context, config, workgroup, execution_parameters
    ):
        from sqlglot.errors import ParseError, TokenError

        from emulator.athena_sql import parse

        workgroup = workgroup or "primary"
        if workgroup not in self.work_groups:
            raise invalid(f"WorkGroup {workgroup} is not found.")
        location = _output_location(self, workgroup, config)
        if not location:
            raise invalid(
                "No output location provided. An output location is required either through the "
                "Workgroup result configuration setting or as an API input."
            )
        try:
            parse(query)
        except (ParseError, TokenError) as problem:
            raise invalid(syntax_error(problem)) from problem
        execution = models.Execution(
            query, context, {}, self.work_groups[workgroup], execution_parameters
        )
        target = f"{location.rstrip('/')}/{execution.id}.{_extension(query)}"
        execution.config = {**(config or {}), "OutputLocation": target}
        execution.state, execution.reason, execution.result = "QUEUED", None, None
        execution.milliseconds = 0
        self.executions[execution.id] = execution
        background(f"query {execution.id}", _run, self, execution)
        return execution.id

    @wrap(models.AthenaBackend, "stop_query_execution")
    def stop_query_execution(original, self, exec_id):
        if find(self, exec_id).state in ("QUEUED", "RUNNING"):
            self.executions[exec_id].state = "CANCELLED"

    @wrap(models.AthenaBackend, "get_query_execution")
    def get_query_execution(original, self, exec_id):
        execution = find(self, exec_id)
        execution._status = execution.state  # what moto's responses show
        return execution

    def find(self, exec_id: str) -> Any:
        if exec_id not in self.executions:
            raise invalid(f"QueryExecution {exec_id} was not found")
        return self.executions[exec_id]

    models.Execution.status = property(lambda self: getattr(self, "state", "QUEUED"))

    @wrap(AthenaResponse, "get_query_execution")
    def describe_query_execution(original, self):
        answer = json.loads(original(self))
        shown = answer["QueryExecution"]
        execution = find(self.athena_backend, shown["QueryExecutionId"])
        status, statistics = shown["Status"], shown["Statistics"]
        if execution.state in ("QUEUED", "RUNNING"):
            status.pop("CompletionDateTime", None)
        if execution.reason:
            status["StateChangeReason"] = execution.reason
            code = execution.reason.split(":")[0]
            status["AthenaError"] = {
                "ErrorCategory": 2,
                "ErrorType": 1301 if code.endswith("NOT_FOUND") else 1006,
                "Retryable": False,
                "ErrorMessage": execution.reason,
            }
        statistics["EngineExecutionTimeInMillis"] = execution.milliseconds
        statistics["TotalExecutionTimeInMillis"] = execution.milliseconds
        if execution.result:
            statistics["DataScannedInBytes"] = execution.result.bytes_scanned
        shown["StatementType"] = "DML" if _extension(execution.query) == "csv" else "DDL"
        shown["EngineVersion"] = {"EffectiveEngineVersion": "Athena engine version 3"}
        return json.dumps(answer)

    @wrap(AthenaResponse, "get_query_results")
    def get_query_results(original, self):
        execution = find(self.athena_backend, self._get_param("QueryExecutionId"))
        if execution.state in ("QUEUED", "RUNNING"):
            raise invalid(f"Query has not yet finished. Current state: {execution.state}")
        if execution.result is None or execution.state != "SUCCEEDED":
            raise invalid(
                f"Query did not finish successfully. Final query state: {execution.state}"
            )
        result = execution.result
        rows = [[c["Name"] for c in result.columns]] if result.has_header else []
        rows += result.rows
        first = int(self._get_param("NextToken") or 0)
        count = int(self._get_param("MaxResults") or PAGE_ROWS)
        page = [
            {"Data": [{} if v is None else {"VarCharValue": v} for v in row]}
            for row in rows[first : first + count]
        ]
        metadata = {"ColumnInfo": result.columns}
        answer = {"UpdateCount": 0, "ResultSet": {"Rows": page, "ResultSetMetadata": metadata}}
        if first + count < len(rows):
            answer["NextToken"] = str(first + count)
        return json.dumps(answer)


def syntax_error(problem: Exception) -> str:
    """Trino's form: the line, the column and what stands there."""
    details = (getattr(problem, "errors", None) or [{}])[0]
    if not details.get("line"):
        return str(problem).splitlines()[0]
    place = f"line {details['line']}:{details['col']}"
    return f"{place}: mismatched input '{details['highlight']}'. {details['description']}"
