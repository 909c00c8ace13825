"""Statements as Athena reads them: parsing, places in the text, names of columns."""

from __future__ import annotations

import logging
import re

import sqlglot
from sqlglot import exp

logging.getLogger("sqlglot").setLevel("ERROR")  # it warns of every statement it does not model


class QueryFailed(Exception):
    """The text is the StateChangeReason."""


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
