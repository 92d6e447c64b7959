"""Make a release out of a warehouse that passed the gate.

The published schemas are copied into a new DuckDB file, table by table in a fixed order of rows, with every comment
and every table function, and beside it as Parquet with a Frictionless ``datapackage.json``, a README, and documents
that say what was checked. The folder is written under another name, flushed, made read-only, renamed, and only then
shown to readers. A warehouse whose published content equals the current release makes no new one: what was published
keeps the documents of the judgement that let it out.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from release.front_page import README, front_page
from release.readings import Reading, readings
from release.shelf import DATABASE, DESCRIPTION, UNFINISHED, ReleaseShelf
from release.sql_literal import escaped

#: What readers get; staging and intermediate stay in the workshop.
PUBLISHED_SCHEMAS = ("core", "marts", "quality")

_FRICTIONLESS_TYPES = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "VARCHAR": "string",
    "DOUBLE": "number",
    "FLOAT": "number",
    "BIGINT": "integer",
    "INTEGER": "integer",
    "SMALLINT": "integer",
    "HUGEINT": "integer",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}
_MEDIA_TYPES = {"html": "text/html", "json": "application/json", "md": "text/markdown"}


@dataclass(frozen=True)
class Release:
    """A release on the shelf; ``is_new`` is false where nothing published had changed."""

    identifier: str
    folder: Path
    is_new: bool
    rows: dict[str, int]


@dataclass(frozen=True)
class PublishedTable:
    """A table as it is published: qualified name, columns with type and meaning, rows and content hash."""

    schema: str
    name: str
    comment: str
    columns: tuple[tuple[str, str, str], ...]
    rows: int
    content_hash: str

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.name}"


def publish(
    warehouse: Path,
    shelf: ReleaseShelf,
    *,
    workspace: dict[str, str],
    grains: Mapping[str, Sequence[str]] | None = None,
    keep: int = 0,
    details: Mapping[str, Any] | None = None,
    documents: Mapping[str, bytes] | None = None,
    entries: Mapping[str, Mapping[str, str]] | None = None,
    now: datetime | None = None,
) -> Release:
    """Publish the warehouse file (shape: schemas ``core``, ``marts``, ``quality``) and switch readers to it.

    ``workspace`` gives the names of the workspace for the description, ``grains`` the columns that identify a row of a
    table (by qualified name): the description's primary keys. ``keep`` is how many releases stay on the shelf besides
    frozen ones, 0 for all; ``details`` what else the description says of the release; ``documents`` files that go into
    its folder, by path within it, with ``entries`` the pages to begin at and what they show, by language. ``now`` is
    the moment of publication.
    """
    shelf.releases.mkdir(parents=True, exist_ok=True)
    shelf.clear_unfinished()
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = [_describe(connection, schema, name) for schema, name in _tables(connection)]
        functions = readings(connection)
    said = [f"{t.qualified}{t.content_hash}" for t in tables] + [f"{f.name}{f.statement}" for f in functions]
    content = hashlib.sha256("".join(said).encode()).hexdigest()
    rows = {table.qualified: table.rows for table in tables}
    current = shelf.current()
    if current and shelf.description(current)["outturn"]["content_sha256"] == content:
        return Release(current, shelf.folder(current), is_new=False, rows=rows)

    identifier = f"{moment:%Y%m%dT%H%M%S}Z-{content[:8]}"
    workshop = shelf.releases / f"{UNFINISHED}{identifier}"
    workshop.mkdir()
    _copy(warehouse, workshop, tables, functions)
    pages = {README: front_page(workspace, identifier, rows, entries or {}).encode(), **(documents or {})}
    for path, page in pages.items():
        (workshop / path).parent.mkdir(parents=True, exist_ok=True)
        (workshop / path).write_bytes(page)
    said_of_it = {**({"documents": list(entries)} if entries else {}), **(details or {})}
    description = _datapackage(
        workshop, tables, functions, identifier, moment, content, workspace, grains or {}, said_of_it
    )
    description["resources"] += [_document(path, page) for path, page in pages.items()]
    (workshop / DESCRIPTION).write_text(json.dumps(description, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    _flush_and_protect(workshop)
    folder = shelf.releases / identifier
    workshop.rename(folder)
    shelf.switch(identifier)
    shelf.discard_beyond(keep)
    return Release(identifier, folder, is_new=True, rows=rows)


def _tables(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return connection.execute(
        "select table_schema, table_name from information_schema.tables "
        "where list_contains(?, table_schema) and table_type = 'BASE TABLE' order by 1, 2",
        [list(PUBLISHED_SCHEMAS)],
    ).fetchall()


def _describe(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> PublishedTable:
    """Columns, comment, count and a hash of the content that no order of rows changes."""
    columns = connection.execute(
        "select column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where schema_name = ? and table_name = ? and database_name = current_database() order by column_index",
        [schema, name],
    ).fetchall()
    (comment,) = connection.execute(
        "select coalesce(comment, '') from duckdb_tables() "
        "where schema_name = ? and table_name = ? and database_name = current_database()",
        [schema, name],
    ).fetchone() or ("",)
    rows, total, parity = connection.execute(
        f"select count(*), coalesce(sum(cast(hash(row) as hugeint)), 0), coalesce(bit_xor(hash(row)), 0) "
        f"from {schema}.{name} as row"
    ).fetchone() or (0, 0, 0)
    names = "|".join(f"{column} {kind} {meaning}" for column, kind, meaning in columns)
    digest = hashlib.sha256(f"{schema}.{name}|{comment}|{names}|{rows}|{total}|{parity}".encode()).hexdigest()
    return PublishedTable(schema, name, comment, tuple(columns), rows, digest)


def _copy(warehouse: Path, workshop: Path, tables: list[PublishedTable], functions: list[Reading]) -> None:
    with duckdb.connect(str(workshop / DATABASE)) as connection:
        connection.execute(f"attach '{escaped(warehouse)}' as warehouse (read_only)")
        for schema in PUBLISHED_SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
        for table in tables:
            connection.execute(
                f"create table {table.qualified} as select * from warehouse.{table.qualified} order by all"
            )
            connection.execute(f"comment on table {table.qualified} is '{escaped(table.comment)}'")
            for column, _, comment in table.columns:
                connection.execute(f"comment on column {table.qualified}.\"{column}\" is '{escaped(comment)}'")
            target = workshop / "parquet" / table.schema / f"{table.name}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f"copy {table.qualified} to '{escaped(target)}' (format parquet, compression zstd)")
        for function in functions:
            connection.execute(function.statement)
        connection.execute("detach warehouse")
        connection.execute("checkpoint")


def _datapackage(
    workshop: Path,
    tables: list[PublishedTable],
    functions: list[Reading],
    identifier: str,
    moment: datetime,
    content: str,
    workspace: dict[str, str],
    grains: Mapping[str, Sequence[str]],
    details: Mapping[str, Any],
) -> dict[str, Any]:
    """The description of a release, after the Frictionless Data Package (v1) specification."""
    return {
        "profile": "data-package",
        "name": f"outturn-{identifier.lower()}",
        "title": workspace.get("en", ""),
        "title_vi": workspace.get("vi", ""),
        "created": moment.isoformat(),
        "outturn": {
            "release": identifier,
            "content_sha256": content,
            "readings": [function.name for function in functions],
            **details,
        },
        "resources": [_resource(workshop, table, grains.get(table.qualified, ())) for table in tables],
    }


def _resource(workshop: Path, table: PublishedTable, grain: Sequence[str]) -> dict[str, Any]:
    path = Path("parquet") / table.schema / f"{table.name}.parquet"
    data = (workshop / path).read_bytes()
    return {
        "name": table.qualified.replace("_", "-").lower(),
        "path": path.as_posix(),
        "format": "parquet",
        "description": table.comment,
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "rows": table.rows,
        "schema": {
            "fields": [
                {
                    "name": name,
                    "type": _FRICTIONLESS_TYPES.get(kind, "number" if "DECIMAL" in kind else "any"),
                    "description": comment,
                }
                for name, kind, comment in table.columns
            ],
            **({"primaryKey": list(grain)} if grain else {}),
        },
    }


def _document(path: str, content: bytes) -> dict[str, Any]:
    """A file that is no table."""
    kind = PurePosixPath(path).suffix.removeprefix(".")
    return {
        "name": path.rpartition(".")[0].replace("/", "-").replace("_", "-").lower(),
        "path": path,
        "format": kind,
        "mediatype": _MEDIA_TYPES.get(kind, "application/octet-stream"),
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _flush_and_protect(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
            path.chmod(0o444)
