"""A sheet as the recipe engine looks at it: columns kept once read, texts found fast, cells given a role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np

from ingest.read import CellKind, Grid, address
from ingest.read.grid import Codes, Column, number_text
from ingest.recipe.texts import key

Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Role(IntEnum):
    """What the recipe took a cell for."""

    IGNORED = 0
    HEADER = 1
    LABEL = 2
    VALUE = 3
    TOTAL = 4
    SECTION = 5
    NOTE = 6
    CONTEXT = 7  # a cell found by its text: title, unit, period
    SKIPPED = 8  # in a row that the recipe says is no record


class SheetView:
    """One sheet under one recipe."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self._columns: dict[int, Column] = {}
        self._label_codes: dict[int, tuple[Codes, list[str]]] = {}
        self.roles = np.zeros((grid.height, grid.width), np.uint8)

    @property
    def has_merged_cells(self) -> bool:
        return bool(self.grid.merged)

    def column(self, column: int) -> Column:
        """A whole column."""
        if column not in self._columns:
            self._columns[column] = self.grid.column(column, 0, self.grid.height)
        return self._columns[column]

    def label_codes(self, column: int) -> tuple[Codes, list[str]]:
        """A whole column as texts: for each row the index of its text, -1 where it is empty. Numbers are texts, too."""
        if column not in self._label_codes:
            read = self.column(column)
            codes, texts = read.codes, read.texts
            numeric = read.kinds == CellKind.NUMBER
            if read.numbers is not None and numeric.any():
                distinct, inverse = np.unique(read.numbers[numeric], return_inverse=True)
                codes = codes.copy()
                codes[numeric] = len(texts) + inverse.astype(np.int32)
                texts = texts + [number_text(float(value)) for value in distinct]
            self._label_codes[column] = codes, texts
        return self._label_codes[column]

    def filled(self, column: int) -> Mask:
        """Which rows of a column hold something."""
        return np.asarray(self.column(column).kinds != CellKind.BLANK)

    def find(
        self, test: Callable[[str], bool], *, number: str | None = None, rows: tuple[int, int] | None = None
    ) -> list[tuple[int, int]]:
        """Cells whose text passes a test, in reading order; with ``number``, also cells that hold this number."""
        found: list[tuple[int, int]] = []
        wanted = _as_number(number)
        start, stop = rows or (0, self.grid.height)
        for at in range(self.grid.width):
            column = self.column(at)
            hit = np.zeros(len(column), bool)
            passing = [code for code, text in enumerate(column.texts) if text and test(text)]
            if passing:
                hit |= np.isin(column.codes, passing)
            if wanted is not None and column.numbers is not None:
                hit |= column.numbers == wanted
            found.extend((int(row), at) for row in np.flatnonzero(hit[start:stop]) + start)
        return sorted(found)

    def texts(self, limit_rows: int = 200) -> Iterator[tuple[str, str]]:
        """Texts near the top with their addresses, for messages."""
        for row in range(min(self.grid.height, limit_rows)):
            for column, text in enumerate(self.grid.row_texts(row)):
                if text.strip():
                    yield " ".join(text.split()), address(row, column)

    def nearest(self, wanted: Sequence[str]) -> tuple[str, str] | None:
        """The text near the top that is most like what was sought, with its address; for messages only."""
        from rapidfuzz import fuzz

        best: tuple[float, str, str] | None = None
        for text, place in self.texts():
            score = max((fuzz.ratio(key(text), key(sought)) for sought in wanted), default=0)
            if score >= 60 and (best is None or score > best[0]):
                best = (score, text, place)
        return (best[1], best[2]) if best else None

    @cached_property
    def cells_read(self) -> int:
        """How many cells hold something."""
        return sum(int(np.count_nonzero(self.filled(column))) for column in range(self.grid.width))

    def mark(self, rows: Any, columns: Any, role: Role) -> None:
        """Note what cells were taken for."""
        self.roles[np.ix_(np.atleast_1d(rows), np.atleast_1d(columns))] = role


def _as_number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
