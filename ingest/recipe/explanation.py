"""What a recipe saw in a workbook: which cells it took for headers, labels, values, notes, and which it passed by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ingest.read import CellKind, address
from ingest.recipe.layout import Layout
from ingest.recipe.sheet import Role, SheetView


@dataclass(frozen=True)
class ExplainedRange:
    """A stretch of cells of one row that were taken for the same thing; ``text`` is that of the first filled one."""

    sheet: str
    cells: str
    role: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """Roles of all cells, by sheet. Sheets that the recipe did not look at are named only."""

    views: dict[str, SheetView]
    sheets_not_read: tuple[str, ...]
    notes: tuple[str, ...]

    def counts(self) -> dict[str, dict[str, int]]:
        """Sheet → role → number of filled cells."""
        found: dict[str, dict[str, int]] = {}
        for name, view in self.views.items():
            filled = _filled(view)
            found[name] = {role.name.lower(): int(np.count_nonzero(filled & (view.roles == role))) for role in Role}
        return found

    def ranges(self, *, ignored_only: bool = False) -> Iterator[ExplainedRange]:
        """Every stretch of filled cells with its role, in reading order."""
        for name, view in self.views.items():
            filled = _filled(view)
            for row in np.flatnonzero(filled.any(axis=1)):
                yield from _stretches(name, view, int(row), filled[row], ignored_only)

    def columns_passed_by(self) -> Iterator[ExplainedRange]:
        """Headings over figures that the recipe does not read, in rows that it reads."""
        for name, view in self.views.items():
            records = (view.roles == Role.VALUE).any(axis=1)
            for column in range(view.grid.width):
                read = view.column(column)
                figures = (read.kinds == CellKind.NUMBER) | np.append(read.texts.is_figure, False)[read.codes]
                passed_by = records & figures & (view.roles[:, column] == Role.IGNORED)
                headings = np.flatnonzero((view.roles[:, column] == Role.HEADER) & view.filled(column))
                if passed_by.any() and len(headings):
                    row = int(headings[-1])
                    text = " ".join(view.grid.text(row, column).split())
                    yield ExplainedRange(name, address(row, column), Role.IGNORED.name.lower(), text)


def _filled(view: SheetView) -> np.ndarray:  # type: ignore[type-arg]
    if not view.grid.width:
        return np.zeros((view.grid.height, 0), bool)
    return np.stack([view.filled(column) for column in range(view.grid.width)], axis=1)


def _stretches(
    name: str, view: SheetView, row: int, filled: np.ndarray, ignored_only: bool
) -> Iterator[ExplainedRange]:  # type: ignore[type-arg]
    columns = np.flatnonzero(filled)
    roles = view.roles[row, columns]
    borders = np.flatnonzero(np.diff(roles.astype(int))) + 1
    for stretch in np.split(columns, borders):
        role = Role(int(view.roles[row, stretch[0]]))
        if ignored_only and role is not Role.IGNORED:
            continue
        first, last = int(stretch[0]), int(stretch[-1])
        cells = address(row, first) if first == last else f"{address(row, first)}:{address(row, last)}"
        yield ExplainedRange(name, cells, role.name.lower(), " ".join(view.grid.text(row, first).split()))


def explain(layout: Layout, sheet_names: list[str]) -> Explanation:
    """The explanation of a finished layout."""
    unread = tuple(name for name in sheet_names if name not in layout.views)
    return Explanation(layout.views, unread, tuple(layout.notes))
