"""Formulas of published figures as violations queries: one scan of the mart asks all formulas of a check."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import duckdb

from expectations.intake.inputs import text_literal
from expectations.rules.model import Formulas

VIEWS = Path(__file__).parent / "views.sql"
#: A column of the mart, and a table or view of which one is joined, as a formula names them.
_OWN_COLUMN = re.compile(r"\bmart\.(\w+)")
_RELATION = re.compile(r"\b(?:warehouse\.)?(core|marts|quality|published)\.(\w+)")
_VIEW = re.compile(r"create view published\.(\w+) as\s+(.*?);\n", re.DOTALL)
#: What is compared as a number, with a tolerance; anything else must be the same.
_NUMBER = re.compile(r"DOUBLE|FLOAT|DECIMAL|INT")
#: Relative difference that doubles may make on their way.
TOLERANCE = 1e-9


def create_views(connection: duckdb.DuckDBPyConnection) -> None:
    """What several formulas read, as schema ``published``, as far as the marts that a view reads are there."""
    connection.execute("create schema published")
    for name, query in _VIEW.findall(VIEWS.read_text(encoding="utf-8")):
        if _relations(query) <= _there(connection):
            with suppress(duckdb.BinderException):  # columns are not there: no check that reads the view applies
                connection.execute(f"create view published.{name} as {query}")


def formula_query(connection: duckdb.DuckDBPyConnection, formulas: Formulas) -> str | None:
    """A query with one row for each formula that some rows break: column, first such row, how many, what it must be.

    Nothing where the mart or what is joined to it is not there.
    """
    compared = rows_compared(connection, formulas)
    if compared is None:
        return None
    rows, asked = compared
    counted = ", ".join(
        f"{{'cell': {text_literal(f'{name}: ')} || min(place) filter (where \"broken_{name}\"), "
        f"'expected': {text_literal(_sentence(sql))}, 'observed': count(*) filter (where \"broken_{name}\")}}"
        for name, sql in asked.items()
    )
    return f"""
        with compared as ({rows}),
        counted as (
            select unnest([{counted}]) as formula from compared
        )
        select formula.cell, formula.observed, formula.expected from counted where formula.observed > 0
    """


def rows_compared(connection: duckdb.DuckDBPyConnection, formulas: Formulas) -> tuple[str, dict[str, str]] | None:
    """A query with each row of the mart: its ``place``, and of each formula whether it is broken; and the formulas."""
    if not {f"marts.{formulas.mart}", *_relations(formulas.joined)} <= _there(connection):
        return None
    types = dict(
        connection.execute(
            "select column_name, data_type from warehouse_column where schema_name = 'marts' and table_name = ?",
            [formulas.mart],
        ).fetchall()
    )
    broken = {
        **{column: _differs(column, sql, types.get(column, "")) for column, sql in formulas.equals.items()},
        **{name: f"not ({sql})" for name, sql in formulas.holds.items()},
    }
    asked = {
        name: sql
        for name, sql in {**formulas.equals, **formulas.holds}.items()
        if set(_OWN_COLUMN.findall(sql)) | ({name} if name in formulas.equals else set()) <= set(types)
    }
    if not asked or not set(formulas.row) <= set(types):
        return None
    columns = ", ".join(f'coalesce({broken[name]}, false) as "broken_{name}"' for name in asked)
    window = f"window {formulas.windows}" if formulas.windows else ""
    place = ", ".join(f"mart.{column}" for column in formulas.row)
    return (
        f"select concat_ws(' ', {place}) as place, {columns} "
        f"from warehouse.marts.{formulas.mart} as mart {formulas.joined} {window}"
    ), asked


def _differs(column: str, sql: str, data_type: str) -> str:
    if not _NUMBER.search(data_type):
        return f"mart.{column} is distinct from ({sql})"
    published, computed = f"mart.{column}::double", f"({sql})::double"
    return (
        f"coalesce(abs({published} - {computed}) > {TOLERANCE} * greatest(1, abs({published}), abs({computed})), "
        f"({published} is null) <> ({computed} is null))"
    )


def _sentence(sql: str) -> str:
    return " ".join(sql.replace("mart.", "").split())


def _relations(sql: str) -> set[str]:
    return {f"{schema}.{name}" for schema, name in _RELATION.findall(sql)}


def _there(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {
        name
        for (name,) in connection.execute(
            "select schema_name || '.' || table_name from warehouse_table "
            "union select 'published.' || view_name from duckdb_views() where schema_name = 'published'"
        ).fetchall()
    }
