"""The warehouse as the release gate sees it: attached read-only, its tables found, not listed: new marts count too."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import duckdb
from ruamel.yaml import YAML

from expectations.enforcement.validation import GateError
from expectations.rules.model import AppliesTo

PROMISED_COLUMNS = Path(__file__).parent / "promised_columns.yml"
#: What is published; the workshop (staging, intermediate) is not judged here.
SCHEMAS = ("core", "marts", "quality")


def attach(connection: duckdb.DuckDBPyConnection, warehouse: Path, previous: Path | None) -> frozenset[str]:
    """Attach the warehouse (and the last release), describe their tables, and return which optional inputs are there.

    Raises ``GateError`` where the warehouse cannot be opened or publishes no table.
    """
    if not warehouse.exists():
        raise GateError(f"{warehouse}: there is no warehouse to judge")
    connection.execute(f"attach '{_quoted(warehouse)}' as warehouse (read_only)")
    _describe(connection, "warehouse", "")
    if not connection.execute("select 1 from warehouse_table limit 1").fetchone():
        raise GateError(f"{warehouse}: it has no table in {', '.join(SCHEMAS)}, so that there is nothing to release")
    _load_promised_columns(connection)
    facts = connection.execute("select 1 from warehouse_table where table_name = 'fct_observation'").fetchone()
    there = frozenset({"facts"}) if facts else frozenset()
    if previous is None or not previous.exists():
        return there
    connection.execute(f"attach '{_quoted(previous)}' as previous (read_only)")
    _describe(connection, "previous", "previous_")
    return there | {"previous"}


def instances(connection: duckdb.DuckDBPyConnection, applies_to: AppliesTo | None) -> Iterator[dict[str, str]]:
    """The tables, or columns, that a check is made for, as what stands for {table}, {schema}, {name}, {column}."""
    if applies_to is None:
        yield {}
        return
    columns = connection.execute(
        "select schema_name, table_name, column_name, data_type from warehouse_column order by all"
    ).fetchall()
    tables = sorted({(schema, table) for schema, table, _, _ in columns})
    if not {f"{schema}.{table}" for schema, table in tables}.issuperset(applies_to.beside):
        return
    for schema, table in tables:
        own = {column: data_type for s, t, column, data_type in columns if (s, t) == (schema, table)}
        if not _applies(applies_to, schema, table, set(own)):
            continue
        place = {"schema": schema, "name": table, "table": f'warehouse."{schema}"."{table}"'}
        if not applies_to.column_types and not applies_to.columns_like:
            yield place
            continue
        for column, data_type in own.items():
            if data_type in applies_to.column_types or any(fnmatch(column, one) for one in applies_to.columns_like):
                yield place | {"column": column}


def _applies(applies_to: AppliesTo, schema: str, table: str, columns: set[str]) -> bool:
    return (
        schema in applies_to.schemas
        and fnmatch(table, applies_to.tables)
        and columns.issuperset(applies_to.columns)
        and columns.isdisjoint(applies_to.without)
    )


def _describe(connection: duckdb.DuckDBPyConnection, database: str, prefix: str) -> None:
    """Tables, columns and row counts of a database's published schemas."""
    listed = ", ".join(f"'{schema}'" for schema in SCHEMAS)
    connection.execute(
        f"create table {prefix}warehouse_column as "
        "select table_schema as schema_name, table_name, column_name, data_type "
        f"from information_schema.columns where table_catalog = '{database}' and table_schema in ({listed})"
    )
    connection.execute(
        f"create table {prefix}warehouse_table as select distinct schema_name, table_name from {prefix}warehouse_column"
    )
    connection.execute(f"create table {prefix}table_size (schema_name varchar, table_name varchar, row_count bigint)")
    for schema, table in connection.execute(f"select schema_name, table_name from {prefix}warehouse_table").fetchall():
        connection.execute(
            f'insert into {prefix}table_size select ?, ?, count(*) from {database}."{schema}"."{table}"',
            [schema, table],
        )


def _load_promised_columns(connection: duckdb.DuckDBPyConnection) -> None:
    promised = YAML(typ="safe").load(PROMISED_COLUMNS.read_text(encoding="utf-8"))
    connection.execute("create table promised_column (table_name varchar, column_name varchar)")
    rows = [(table, column) for table, columns in promised.items() for column in columns]
    connection.executemany("insert into promised_column values (?, ?)", rows)


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")
