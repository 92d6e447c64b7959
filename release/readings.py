"""Table functions that go into a release with its tables: what was known at another moment.

The warehouse makes them and keeps the statements that do (``dbt_project/macros/readings.sql``); a release is made by
the same statements, and its functions read the tables of the release.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

_STATEMENTS = "intermediate.reading"


@dataclass(frozen=True)
class Reading:
    """A table function, as ``schema.name``, and the statements that make it."""

    name: str
    statement: str


def readings(connection: duckdb.DuckDBPyConnection) -> list[Reading]:
    """The table functions of the warehouse behind a connection, by name; none where a part of it was built alone."""
    kept = connection.execute(
        "select 1 from duckdb_tables() where database_name = current_database() "
        "and concat_ws('.', schema_name, table_name) = ?",
        [_STATEMENTS],
    ).fetchone()
    if kept is None:
        return []
    rows = connection.execute(f"select reading, statement from {_STATEMENTS} order by all").fetchall()
    return [Reading(name, statement) for name, statement in rows]
