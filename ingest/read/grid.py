"""A sheet as a grid of cells with true addresses, read column by column.

Rows and columns count from 0 at A1 here; ``address`` writes them as people do.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from ingest.read.column import Column, cell_text, column_of, with_errors
from ingest.read.sheet_xml import CellAddress, SheetDetails


class Grid(Protocol):
    """A sheet."""

    name: str
    height: int
    width: int
    merged: tuple[tuple[int, int, int, int], ...]  # first row, first column, last row, last column
    xml: SheetDetails | None  # of a workbook: formulas, errors, what is hidden

    def text(self, row: int, column: int) -> str:
        """Text of a cell as people see it, empty if there is none; outside the sheet, too."""

    def column(self, column: int, start: int, stop: int) -> Column:
        """Cells of a column from row ``start`` up to before ``stop``."""

    def row_texts(self, row: int) -> list[str]:
        """Texts of a row, from column A."""


@lru_cache(maxsize=20_000)
def column_letters(column: int) -> str:
    """Letters of a column: 0 → A, 26 → AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """A1 address of a cell."""
    return f"{column_letters(column)}{row + 1}"


def cell_values(grid: Grid) -> list[list[str | float]]:
    """Every cell from A1 on: stored numbers as numbers, all else as the text that people see."""
    rows: list[list[str | float]] = [list(grid.row_texts(row)) for row in range(grid.height)]
    for column in range(grid.width):
        numbers = grid.column(column, 0, grid.height).numbers
        if numbers is not None:
            for row in np.flatnonzero(np.isfinite(numbers)):
                rows[row][column] = float(numbers[row])
    return rows


class WorkbookGrid:
    """A sheet of a workbook. ``rows`` start at ``origin``, where the fast reader found the first filled cell."""

    def __init__(
        self,
        name: str,
        rows: list[list[Any]],
        origin: CellAddress,
        merged: tuple[tuple[int, int, int, int], ...] = (),
        xml: SheetDetails | None = None,
    ) -> None:
        self.name = name
        self.xml = xml
        self.merged = merged
        self._inner_height = len(rows)
        self._columns: list[tuple[Any, ...]] = list(zip(*rows, strict=True))  # one tuple a column, the rows are let go
        self._top, self._left = origin
        errors = xml.errors if xml else {}
        self._errors = errors
        self.height = max([self._top + len(rows), *(row + 1 for row, _ in errors)]) if rows or errors else 0
        inner = len(self._columns)
        self.width = max([self._left + inner, *(column + 1 for _, column in errors)]) if rows or errors else 0
        self._inner_width = inner

    def _value(self, row: int, column: int) -> Any:
        r, c = row - self._top, column - self._left
        if 0 <= r < self._inner_height and 0 <= c < self._inner_width:
            return self._columns[c][r]
        return ""

    def text(self, row: int, column: int) -> str:
        return self._errors.get((row, column)) or cell_text(self._value(row, column))

    def row_texts(self, row: int) -> list[str]:
        return [self.text(row, column) for column in range(self.width)]

    def column(self, column: int, start: int, stop: int) -> Column:
        values = self._stretch(column, start, stop)
        built = column_of(values)
        if self._errors:
            errors = {
                row - start: text for (row, at), text in self._errors.items() if at == column and start <= row < stop
            }
            if errors:
                built = with_errors(built, errors)
        return built

    def _stretch(self, column: int, start: int, stop: int) -> tuple[Any, ...]:
        c = column - self._left
        first, last = max(start - self._top, 0), min(stop - self._top, self._inner_height)
        if not 0 <= c < self._inner_width or first >= last:
            return ("",) * (stop - start)
        inner = self._columns[c][first:last]
        before, after = first - (start - self._top), (stop - self._top) - last
        return ("",) * before + inner + ("",) * after if before or after else inner
