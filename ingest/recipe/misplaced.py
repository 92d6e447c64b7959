"""Cells of which it cannot be told to which row and column they belong.

One merged cell over several figures states one figure for all of them, or for any. A line of a text file with more
cells than its header has come apart somewhere (``1,234`` without quotes), and its rest stands under other headings.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ingest.read.text_file import TextGrid
from ingest.recipe.headers import Block
from ingest.recipe.sheet import Mask, SheetView

Rows = np.ndarray[Any, np.dtype[np.int64]]


class MisplacedCells:
    """The misplaced cells among the figures of a block: ``rows`` are its records and totals."""

    def __init__(self, view: SheetView, block: Block, rows: Rows, columns: list[int]) -> None:
        self._lines = _overlong_lines(view, block, rows)
        self._cells = _merged_figures(view, np.sort(rows), columns)

    def mask(self, rows: Rows, columns: list[int]) -> Mask | None:
        """Which cells of a rectangle are misplaced; None where none is."""
        if not len(self._lines) and not self._cells:
            return None
        found = np.zeros((len(rows), len(columns)), bool)
        found[np.isin(rows, self._lines)] = True
        row_at, column_at = ({int(at): n for n, at in enumerate(axis)} for axis in (rows, columns))
        for row, column in self._cells:
            if row in row_at and column in column_at:
                found[row_at[row], column_at[column]] = True
        return found if found.any() else None


def _overlong_lines(view: SheetView, block: Block, rows: Rows) -> Rows:
    grid = view.grid
    if not isinstance(grid, TextGrid) or grid.row_widths is None:
        return rows[:0]
    width = int(max(grid.row_widths[row] for row in block.header_rows))
    beyond = np.zeros(grid.height, bool)
    for column in range(width, grid.width):
        beyond |= view.filled(column)
    return rows[beyond[rows]]


def _merged_figures(view: SheetView, rows: Rows, columns: list[int]) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    chosen = np.array(sorted(columns))
    for top, left, bottom, right in view.grid.merged:
        down = rows[np.searchsorted(rows, top) : np.searchsorted(rows, bottom, "right")]
        across = chosen[np.searchsorted(chosen, left) : np.searchsorted(chosen, right, "right")]
        if len(down) * len(across) < 2 or down[0] != top or across[0] != left:
            continue
        if view.grid.text(top, left).strip():
            found.update((int(row), int(column)) for row in down for column in across)
    return found
