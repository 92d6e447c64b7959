"""Codes that rows of one table of the registry take from another, and keys that stand once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from ingest.problem import Problem
from ingest.registry.rows import RegistryTable

if TYPE_CHECKING:
    from ingest.registry.registry import Registry


def check_unique(table: RegistryTable[Any], column: str, key: tuple[str, ...]) -> Iterator[Problem]:
    """A key stands in one row of a table; the problem is shown at ``column``."""
    seen: dict[tuple[object, ...], int] = {}
    for index, row in enumerate(table.rows):
        values = tuple(getattr(row, name) for name in key)
        if values in seen:
            shown = ", ".join(str(value) for value in values if value is not None)
            number = table.row_numbers[seen[values]]
            yield table.problem(
                index, column, f"«{shown}» đã có ở dòng {number}", f"«{shown}» already stands in row {number}"
            )
        else:
            seen[values] = index


def check_known(table: RegistryTable[Any], column: str, known: Collection[str], of: str) -> Iterator[Problem]:
    """What a column names, where it names anything, stands in the table ``of``."""
    for index, row in enumerate(table.rows):
        value = getattr(row, column)
        if value is not None and value not in known:
            yield missing(table, index, column, value, of)


def missing(table: RegistryTable[Any], index: int, column: str, value: str, of: str) -> Problem:
    """The problem of a code that is in no row of the table ``of``."""
    return table.problem(index, column, f"bảng {of} không có «{value}»", f"the table {of} has no «{value}»")


def table_of(registry: Registry, name: str) -> RegistryTable[Any]:
    """A table with the places of its rows."""
    return registry.sources[name]


def codes_of(registry: Registry, table: str) -> set[str]:
    """The codes of a table."""
    return {row.code for row in registry.tables[table]}


def organisation_codes(registry: Registry) -> set[str]:
    """Codes of all organisations, past ones too."""
    return codes_of(registry, "organisations")


def measure_codes(registry: Registry) -> set[str]:
    """Codes of indicators and ratios."""
    return codes_of(registry, "indicators") | codes_of(registry, "ratios")
