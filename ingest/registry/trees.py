"""Trees in the registry: parents that exist, at the same time, and no way round in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from ingest.problem import Problem
from ingest.registry.rows import RegistryTable, Row

Node = TypeVar("Node")

#: The default of ``valid_from``: no first day is known. A child without one is not older than its parent.
UNKNOWN_START = date(1900, 1, 1)
FOREVER = date(9999, 12, 31)


def cycle_through(start: Node, parents: Callable[[Node], Sequence[Node]]) -> list[Node] | None:
    """The way from a node up its parents and back to itself, or None."""
    way, seen = [start], {start}
    ahead = [iter(parents(start))]
    while ahead:
        parent = next(ahead[-1], None)
        if parent is None:
            ahead.pop()
            way.pop()
        elif parent == start:
            return [*way, start]
        elif parent not in seen:
            seen.add(parent)
            way.append(parent)
            ahead.append(iter(parents(parent)))
    return None


def check_tree(
    table: RegistryTable[Row],
    parent_column: str,
    key_of: Callable[[Row], str],
    parent_of: Callable[[Row], str | None],
    rule: str | None = None,
) -> Iterator[Problem]:
    """Parents of a tree without dates: each exists in the same table, and none is its own ancestor (``rule``)."""
    parent_of_key = {key_of(row): parent_of(row) for row in table.rows}
    reported: set[str] = set()
    for index, row in enumerate(table.rows):
        parent = parent_of(row)
        if parent is None:
            continue
        if parent not in parent_of_key:
            yield table.problem(
                index,
                parent_column,
                f"«{parent}» không có trong bảng {table.name}",
                f"«{parent}» is not in the table {table.name}",
            )
        elif key_of(row) not in reported:
            cycle = cycle_through(key_of(row), lambda key: [up] if (up := parent_of_key.get(key)) else [])
            if cycle:
                reported.update(cycle)
                vi, en = (f"{text} ({rule})" if rule else text for text in cycle_sentences(cycle))
                yield table.problem(index, parent_column, vi, en)


def cycle_sentences(cycle: Sequence[str]) -> tuple[str, str]:
    """The circle in one sentence, in both languages."""
    way = " → ".join(cycle)
    return (
        f"quan hệ cấp trên đi vòng tròn: {way}; hãy sửa một cấp trên trong số đó",
        f"the parents go round in a circle: {way}; change one of them",
    )


def overlap(first_from: date, first_to: date | None, second_from: date, second_to: date | None) -> bool:
    """Whether two half-open validities share a day."""
    return first_from < (second_to or FOREVER) and second_from < (first_to or FOREVER)
