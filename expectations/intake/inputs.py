"""The inputs of the intake gate as DuckDB tables: tidy rows, printed totals, submissions, registry, history.

Everything stays in Parquet and is scanned where it lies; what is small (registry, submissions) becomes a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from expectations.enforcement.validation import GateError
from ingest.contract import (
    OBLIGATION,
    OBSERVATION,
    PERIOD,
    RATIO_TERM,
    SUBMISSION,
    TIDY,
    TOTAL,
    Accumulation,
    MeasureKind,
)
from ingest.registry.models import REGISTRY_TABLES, RegistryRow

SQL = Path(__file__).parent / "sql"
#: Tables beside the registry that only some checks need; the name is what such a check says under ``needs``.
COMPANIONS = {"period": PERIOD.schema, "obligation": OBLIGATION.schema, "ratio_term": RATIO_TERM.schema}
#: Every code of SDMX CL_OBS_STATUS 2.2 (domain.md 3.4): a source may use those the product does not write itself.
OBS_STATUS_CODES = tuple("ABDEFGHIJKLMNOPQSUVW")
#: Column → the codes it may hold; also the macros ``is_COLUMN(x)`` of the rules.
VOCABULARIES: dict[str, Sequence[str]] = {
    "measure_kind": tuple(MeasureKind),
    "accumulation": tuple(Accumulation),
    "obs_status": OBS_STATUS_CODES,
}
_ARROW_TYPES: dict[Any, pa.DataType] = {
    date: pa.date32(),
    Decimal: pa.decimal128(38, 12),
    int: pa.int64(),
    bool: pa.bool_(),
}


@dataclass(frozen=True)
class Inputs:
    """Paths of one source's Parquet files, and its submissions as rows of the contract's SUBMISSION."""

    tidy: tuple[Path, ...]
    totals: tuple[Path, ...]
    history: tuple[Path, ...]
    registry: Path
    submissions: tuple[Mapping[str, Any], ...]
    source_code: str


def files(paths: Path | str | Iterable[Path | str]) -> tuple[Path, ...]:
    """The Parquet files named by a path, folder or glob, or by several; sorted, so that their order says nothing."""
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    found: set[Path] = set()
    for one in map(Path, given):
        if any(sign in one.as_posix() for sign in "*?["):
            anchor = Path(one.anchor) if one.is_absolute() else Path()
            found.update(anchor.glob(one.relative_to(anchor).as_posix()))
        elif one.suffix == ".parquet":
            found.add(one)
        else:
            found.update(one.glob("*.parquet"))
    return tuple(sorted(found))


def load(connection: duckdb.DuckDBPyConnection, inputs: Inputs) -> frozenset[str]:
    """Create the tables that checks refer to; returns the optional inputs that are there (period, history …).

    Raises ``GateError`` where a file lacks a column of the contract or holds rows of another source.
    """
    connection.execute("set timezone = 'UTC'")
    connection.execute(f"set variable source_code = '{inputs.source_code.replace(chr(39), chr(39) * 2)}'")
    create_macros(connection)
    _parquet_view(connection, "tidy", inputs.tidy, TIDY.schema, with_row_id=True)
    _parquet_view(connection, "total", inputs.totals, TOTAL.schema, with_row_id=True)
    _load_submissions(connection, inputs.submissions)
    _parquet_view(connection, "all_history", inputs.history, OBSERVATION.schema)
    connection.execute("create view history as select * from all_history anti join submission using (submission_id)")
    there = load_registry(connection, inputs.registry)
    run_file(connection, "registry_views.sql")
    connection.execute("create table held (row_id bigint); create table blocked (submission_id varchar)")
    run_file(connection, "sound_rows.sql")
    return there | ({"history"} if inputs.history else set())


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """What every rule may call, at every gate."""
    for column, codes in VOCABULARIES.items():
        listed = ", ".join(text_literal(code) for code in codes)
        connection.execute(f"create macro is_{column}(x) as coalesce(x in ({listed}), false)")
    run_file(connection, "macros.sql")


def run_file(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Run the statements of a file of this folder's ``sql/``."""
    connection.execute((SQL / name).read_text(encoding="utf-8"))


def text_literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _parquet_view(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    paths: Sequence[Path],
    schema: pa.Schema,
    *,
    with_row_id: bool = False,
) -> None:
    """A view over Parquet files with exactly the contract's columns; ``row_id`` is file number and row within it."""
    columns = ", ".join(f'"{field.name}"' for field in schema)
    if not paths:
        connection.register(f"no_{name}", schema.empty_table())
        connection.execute(
            f"create table {name} as select *{', 0::bigint as row_id' if with_row_id else ''} from no_{name}"
        )
        connection.unregister(f"no_{name}")
        return
    for path in paths:
        missing = set(schema.names) - set(pq.read_schema(path).names)
        if missing:
            raise GateError(f"{path}: columns {sorted(missing)} are missing; {name} has those of ingest.contract")
    listed = ", ".join(text_literal(path.as_posix()) for path in paths)
    row_id = ", (file_index::bigint << 40) + file_row_number as row_id" if with_row_id else ""
    connection.execute(f"create view {name} as select {columns}{row_id} from read_parquet([{listed}])")


def _load_submissions(connection: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=SUBMISSION.schema)
    connection.register("given_submission", table)
    connection.execute("create table submission as select * from given_submission")
    connection.unregister("given_submission")


def load_registry(connection: duckdb.DuckDBPyConnection, folder: Path) -> frozenset[str]:
    """Create schema ``registry`` with every table, empty where it is not there; returns the companions that are."""
    connection.execute("create schema registry")
    schemas = {name: _model_schema(model) for name, model in REGISTRY_TABLES.items()} | COMPANIONS
    there = set()
    for name, schema in schemas.items():
        path = folder / f"{name}.parquet"
        connection.register("empty", schema.empty_table())
        connection.execute(f"create table registry.{name} as select * from empty")
        connection.unregister("empty")
        if path.exists():
            known = f"columns(lambda c: c in ({_names(schema)}))"
            connection.execute(
                f"insert into registry.{name} by name select {known} from read_parquet(?)", [path.as_posix()]
            )
            there.add(name)
    return frozenset(there & set(COMPANIONS))


def _names(schema: pa.Schema) -> str:
    return ", ".join(text_literal(name) for name in schema.names)


def _model_schema(model: type[RegistryRow]) -> pa.Schema:
    return pa.schema([pa.field(name, _arrow_type(field.annotation)) for name, field in model.model_fields.items()])


def _arrow_type(annotation: Any) -> pa.DataType:
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return _ARROW_TYPES.get(annotation, pa.string())
