"""A sheet as the recipe engine looks at it: columns kept once read, texts found fast, cells given a role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import IntEnum
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np

from ingest.messages.grid import MessageGrid
from ingest.parse.labels import read_label
from ingest.parse.legacy_vietnamese import LegacyEncoding, recognise_file
from ingest.read import CellKind, Grid, address
from ingest.read.column import Codes, Column, contiguous, number_text
from ingest.recipe.texts import key

_LETTER = re.compile(r"[^\W\d_]")
#: So many texts beyond ASCII tell how a sheet is encoded.
_TELLING_TEXTS = 2000
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
        self._lettered: dict[int, list[int]] = {}
        self._label_codes: dict[int, tuple[Codes, list[str]]] = {}
        self.roles = np.zeros((grid.height, grid.width), np.uint8)

    @property
    def names_of_message(self) -> str | None:
        """The names of the columns of an API's answer, whose first row holds nothing else; None of a sheet."""
        if not isinstance(self.grid, MessageGrid):
            return None
        return ", ".join(f"«{name}»" for name in self.grid.names)

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
            codes, texts = read.codes, list(read.texts)
            numeric = read.kinds == CellKind.NUMBER
            if read.numbers is not None and numeric.any():
                distinct, inverse = np.unique(read.numbers[numeric], return_inverse=True)
                codes = codes.copy()
                codes[numeric] = len(texts) + inverse.astype(np.int32)
                texts = [*texts, *(number_text(float(value)) for value in distinct)]
            self._label_codes[column] = codes, texts
        return self._label_codes[column]

    def filled(self, column: int) -> Mask:
        """Which rows of a column hold something."""
        return np.asarray(self.column(column).kinds != CellKind.BLANK)

    @cached_property
    def legacy_encoding(self) -> LegacyEncoding | None:
        """What all texts of the sheet together show: a label of one word often shows nothing (domain.md 6.7)."""
        texts = (text for at in range(self.grid.width) for _, text in self.column(at).texts.words if not text.isascii())
        return recognise_file(islice(texts, _TELLING_TEXTS))

    def readable(self, text: str) -> str:
        """A text of this sheet in Unicode."""
        return text if self.legacy_encoding is None else read_label(text, self.legacy_encoding).text

    def find(
        self, test: Callable[[str], bool], *, wanted: Sequence[str] = (), rows: tuple[int, int] | None = None
    ) -> list[tuple[int, int]]:
        """Cells whose text passes a test, in reading order.

        ``wanted`` are the texts that the test compares with, where it does: cells that hold one of them as a number
        are found, too, and texts that cannot be one of them are passed by without testing.
        """
        found: list[tuple[int, int]] = []
        lettered = bool(wanted) and all(_LETTER.search(text) for text in wanted)
        numbers = [number for number in map(_as_number, wanted) if number is not None]
        start, stop = rows or (0, self.grid.height)
        for at in range(self.grid.width):
            column = self.column(at)
            codes = self._lettered_codes(at) if lettered else range(len(column.texts))
            hit = np.zeros(len(column), bool)
            passing = [code for code in codes if column.texts[code] and test(self.readable(column.texts[code]))]
            if passing:
                hit |= np.isin(column.codes, passing)
            if numbers and column.numbers is not None:
                hit |= np.isin(column.numbers, numbers)
            found.extend((int(row), at) for row in np.flatnonzero(hit[start:stop]) + start)
        return sorted(found)

    def _lettered_codes(self, column: int) -> list[int]:
        """Codes of the texts of a column that hold a letter: few, in a column of figures."""
        if column not in self._lettered:
            self._lettered[column] = [code for code, text in self.column(column).texts.words if _LETTER.search(text)]
        return self._lettered[column]

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
        at_rows = contiguous(np.atleast_1d(rows))
        if isinstance(at_rows, slice):
            self.roles[at_rows, np.atleast_1d(columns)] = role
        elif np.size(at_rows):
            self.roles[np.ix_(at_rows, np.atleast_1d(columns))] = role


def _as_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
