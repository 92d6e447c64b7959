"""The registry as loaded: checked tables, their fingerprint, and the Parquet files that dbt reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from ingest.contract import DECIMAL, RATIO_TERM
from ingest.problem import Problem, ProblemsError
from ingest.registry.models import (
    REGISTRY_TABLES,
    CostAllocation,
    Deflator,
    Indicator,
    Objective,
    Organisation,
    OrganisationEvent,
    PeerGroup,
    Ratio,
    RegistryRow,
    ScorecardNode,
    Target,
    TargetGroup,
)
from ingest.registry.ratio_terms import parse_terms
from ingest.registry.ratio_type import is_count
from ingest.registry.reading import read_tables
from ingest.registry.rows import RegistryTable, field_type, read_rows
from ingest.state import fingerprint
from ingest.state.whole_file import write_parquet

Row = TypeVar("Row", bound=RegistryRow)

ARROW_TYPES: Mapping[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int32(),
    bool: pa.bool_(),
    date: pa.date32(),
    Decimal: DECIMAL,
}


class RegistryError(ProblemsError):
    """The registry cannot be used; ``problems`` has everything that is wrong with it."""


@dataclass(frozen=True)
class Registry:
    """The tables of the registry, each as rows with the places they came from."""

    sources: Mapping[str, RegistryTable[RegistryRow]]

    @cached_property
    def tables(self) -> Mapping[str, tuple[Any, ...]]:
        """Rows by table name, in the order of the files; every table of ``REGISTRY_TABLES`` is there."""
        return {name: self.sources[name].rows for name in REGISTRY_TABLES}

    @cached_property
    def organisations(self) -> tuple[Organisation, ...]:
        return _typed(self.tables["organisations"], Organisation)

    @cached_property
    def organisation_events(self) -> tuple[OrganisationEvent, ...]:
        return _typed(self.tables["organisation_events"], OrganisationEvent)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return _typed(self.tables["indicators"], Indicator)

    @cached_property
    def ratios(self) -> tuple[Ratio, ...]:
        return _typed(self.tables["ratios"], Ratio)

    @cached_property
    def target_groups(self) -> tuple[TargetGroup, ...]:
        return _typed(self.tables["target_groups"], TargetGroup)

    @cached_property
    def objectives(self) -> tuple[Objective, ...]:
        return _typed(self.tables["objectives"], Objective)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        return _typed(self.tables["targets"], Target)

    @cached_property
    def peer_groups(self) -> tuple[PeerGroup, ...]:
        return _typed(self.tables["peer_groups"], PeerGroup)

    @cached_property
    def scorecards(self) -> tuple[ScorecardNode, ...]:
        return _typed(self.tables["scorecards"], ScorecardNode)

    @cached_property
    def deflators(self) -> tuple[Deflator, ...]:
        return _typed(self.tables["deflators"], Deflator)

    @cached_property
    def cost_allocations(self) -> tuple[CostAllocation, ...]:
        return _typed(self.tables["cost_allocations"], CostAllocation)

    @cached_property
    def fingerprint(self) -> str:
        """Of the content: neither the order of rows nor the kind of file changes it."""
        return fingerprint(*(part for name in REGISTRY_TABLES for part in (name, *_sorted_lines(self.tables[name]))))

    def write(self, folder: Path) -> None:
        """Write a Parquet file for every table, empty ones too, and ``ratio_term.parquet``; each whole or not at all.

        Rows are sorted, so that equal content makes equal bytes.
        """
        for name, model in REGISTRY_TABLES.items():
            write_parquet(folder / f"{name}.parquet", _arrow_table(model, self.tables[name]))
        write_parquet(folder / "ratio_term.parquet", ratio_terms(self))


def load_registry(folder: Path | str) -> Registry:
    """Read and check ``WORKSPACE/registry``: CSV files, or one ``registry.xlsx``.

    Types of ratios that are not stated are filled in from the roles of their parts. Raises ``RegistryError`` with all
    problems at once: those of each row, and those of rows together in tables of which every row could be read.
    """
    from ingest.registry.consistency import check_consistency
    from ingest.registry.ratio_consistency import with_types

    problems: list[Problem] = []
    raw = read_tables(Path(folder), problems)
    read = {table.table: read_rows(table, problems) for table in raw}
    sources = {name: read.get(name) or RegistryTable(name, f"registry/{name}.csv") for name in REGISTRY_TABLES}
    registry = Registry(sources)
    faulty_files = {problem.file for problem in problems}
    faulty = {name for name, table in sources.items() if table.file in faulty_files}
    problems.extend(check_consistency(registry, faulty))
    if problems:
        raise RegistryError(problems)
    return with_types(registry)


def ratio_terms(registry: Registry) -> pa.Table:
    """The table ``ingest.contract.RATIO_TERM``: the terms of every ratio, ordered."""
    indicators = {row.code: row for row in sorted(registry.indicators, key=lambda row: (row.code, row.version))}
    rows = [
        {
            "ratio_code": ratio.code,
            "part": part,
            "term_number": number,
            "sign": term.sign,
            "factor_1": term.factor_1,
            "factor_2": term.factor_2,
            "is_count": term.factor_2 is None
            and is_count(indicators[term.factor_1].unit)
            and not indicators[term.factor_1].from_sample,
        }
        for ratio in sorted(registry.ratios, key=lambda ratio: ratio.code)
        for part, expression in (("numerator", ratio.numerator), ("denominator", ratio.denominator))
        for number, term in enumerate(parse_terms(expression), start=1)
    ]
    return pa.Table.from_pylist(rows, schema=RATIO_TERM.schema)


def _typed(rows: tuple[RegistryRow, ...], model: type[Row]) -> tuple[Row, ...]:
    return tuple(row for row in rows if isinstance(row, model))


def _sorted_lines(rows: tuple[RegistryRow, ...]) -> list[str]:
    return sorted(json.dumps(row.model_dump(mode="json"), sort_keys=True, ensure_ascii=False) for row in rows)


def _arrow_table(model: type[RegistryRow], rows: tuple[RegistryRow, ...]) -> pa.Table:
    schema = pa.schema([pa.field(name, ARROW_TYPES[field_type(model, name)]) for name in model.model_fields])
    ordered = sorted(rows, key=lambda row: tuple(str(value or "") for value in row.model_dump().values()))
    return pa.Table.from_pylist([row.model_dump() for row in ordered], schema=schema)
