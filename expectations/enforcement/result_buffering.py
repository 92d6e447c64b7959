"""Great Expectations on DuckDB: keep a result alive after its connection is closed.

Great Expectations closes the connection before it fetches the rows, and DuckDB then drops the result: every SQL metric
fails with "list index out of range" (great_expectations issues 10738 and 11579). The cure is to fetch the rows as soon
as the statement has run. It rests on SQLAlchemy's cursor strategies, so a test pins it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy


def buffer_results(engine: Engine) -> None:
    """Buffer every result of an engine of the DuckDB dialect; doing it twice is the same as once."""
    if engine.dialect.name == "duckdb" and not event.contains(engine, "after_cursor_execute", _buffer):
        event.listen(engine, "after_cursor_execute", _buffer)


def _buffer(_connection: Any, cursor: Any, _statement: str, _parameters: Any, context: Any, _executemany: bool) -> None:
    if cursor.description is not None:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor, initial_buffer=cursor.fetchall())
