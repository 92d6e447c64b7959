"""The registry as Parquet: a table's columns are its model's fields, typed, in declared order."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contract import DECIMAL, RATIO_TERM
from ingest.registry.models import REGISTRY_TABLES, RegistryRow
from ingest.registry.ratio_terms import ratio_terms

_ARROW_TYPES: dict[type, pa.DataType] = {
    str: pa.string(), int: pa.int32(), bool: pa.bool_(), date: pa.date32(), Decimal: DECIMAL
}


def registry_schema(model: type[RegistryRow]) -> pa.Schema:
    """Arrow schema of a registry table, from the annotations of its model."""
    return pa.schema([pa.field(name, _arrow_type(field.annotation)) for name, field in model.model_fields.items()])


def _arrow_type(annotation: Any) -> pa.DataType:
    """The Arrow type of an annotation such as ``str``, ``Decimal | None`` or ``Literal['a', 'b']``."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        (annotation,) = (part for part in typing.get_args(annotation) if part is not type(None))
    if typing.get_origin(annotation) is typing.Literal:
        annotation = type(typing.get_args(annotation)[0])
    return _ARROW_TYPES[annotation]


def write_registry(tables: Mapping[str, Sequence[RegistryRow]], folder: Path) -> None:
    """Write every table, and the terms of the ratios, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in REGISTRY_TABLES.items():
        schema = registry_schema(model)
        rows = sorted((row.model_dump() for row in tables[name]), key=str)
        _write(pa.Table.from_pylist([_exact(row) for row in rows], schema=schema), folder / f"{name}.parquet")
    terms = pa.Table.from_pylist(ratio_terms(tables["ratios"]), schema=RATIO_TERM.schema)
    _write(terms, folder / f"{RATIO_TERM.name}.parquet")


def _exact(row: dict[str, Any]) -> dict[str, Any]:
    step = Decimal(1).scaleb(-DECIMAL.scale)
    return {key: value.quantize(step) if isinstance(value, Decimal) else value for key, value in row.items()}


def _write(table: pa.Table, path: Path) -> None:
    unfinished = path.with_suffix(".unfinished")
    pq.write_table(table, unfinished, compression="zstd")
    unfinished.replace(path)
