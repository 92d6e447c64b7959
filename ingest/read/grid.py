"""A sheet as a grid of cells with true addresses, read column by column.

Rows and columns count from 0 at A1 here; ``address`` writes them as people do. A column comes as arrays, so that what
follows works on distinct texts and whole arrays, never cell by cell.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.read.sheet_xml import CellAddress, SheetDetails

Codes = np.ndarray[Any, np.dtype[np.int32]]


class CellKind(IntEnum):
    """What a cell holds."""

    BLANK = 0
    NUMBER = 1
    TEXT = 2
    DATE = 3
    TRUTH = 4
    ERROR = 5


@dataclass(frozen=True)
class Column:
    """A stretch of one column: for each cell its kind, its number (nan if none) and its text as a code in ``texts``.

    ``codes`` is -1 for empty cells and for numbers, whose text is written only when asked for.
    """

    kinds: np.ndarray[Any, np.dtype[np.uint8]]
    numbers: np.ndarray[Any, np.dtype[np.float64]] | None
    codes: Codes
    texts: list[str]

    def __len__(self) -> int:
        return len(self.kinds)


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


def cell_text(value: Any) -> str:
    """A cell's content as text: whole numbers without a point, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time(0):
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def number_text(value: float) -> str:
    """A stored number as text, at the fifteen significant digits that a spreadsheet holds (domain.md 10.2)."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return format(value, ".15g")


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
        built = _column_of(values)
        if self._errors:
            errors = {
                row - start: text for (row, at), text in self._errors.items() if at == column and start <= row < stop
            }
            if errors:
                built = _with_errors(built, errors)
        return built

    def _stretch(self, column: int, start: int, stop: int) -> tuple[Any, ...]:
        c = column - self._left
        first, last = max(start - self._top, 0), min(stop - self._top, self._inner_height)
        if not 0 <= c < self._inner_width or first >= last:
            return ("",) * (stop - start)
        inner = self._columns[c][first:last]
        before, after = first - (start - self._top), (stop - self._top) - last
        return ("",) * before + inner + ("",) * after if before or after else inner


def _with_errors(column: Column, errors: dict[int, str]) -> Column:
    kinds, codes, texts = column.kinds.copy(), column.codes.copy(), list(column.texts)
    for row, text in errors.items():
        kinds[row] = CellKind.ERROR
        codes[row] = len(texts)
        texts.append(text)
    return Column(kinds, column.numbers, codes, texts)


#: Rows at the top of a column that are looked at apart: most columns are a few texts above many numbers.
_HEAD = 64


def _column_of(values: tuple[Any, ...]) -> Column:
    if len(values) <= 2 * _HEAD:
        return _stretch_of(values)
    head, tail = _stretch_of(values[:_HEAD]), _stretch_of(values[_HEAD:])
    numbers = None
    if head.numbers is not None or tail.numbers is not None:
        numbers = np.concatenate([_numbers_of(head), _numbers_of(tail)])
    shifted = np.where(tail.codes >= 0, tail.codes + np.int32(len(head.texts)), tail.codes)
    return Column(
        np.concatenate([head.kinds, tail.kinds]),
        numbers,
        np.concatenate([head.codes, shifted]),
        [*head.texts, *tail.texts],
    )


def _numbers_of(column: Column) -> np.ndarray[Any, np.dtype[np.float64]]:
    return column.numbers if column.numbers is not None else np.full(len(column), np.nan)


def _stretch_of(values: tuple[Any, ...]) -> Column:
    types = set(map(type, values))
    count = len(values)
    if types <= {float, int}:
        return Column(
            np.full(count, CellKind.NUMBER, np.uint8), np.array(values, np.float64), np.full(count, -1, np.int32), []
        )
    if types == {str}:
        return text_column(pa.array(values, pa.string()))
    return _mixed_stretch(values)


_KIND_OF = {
    str: int(CellKind.TEXT),
    float: int(CellKind.NUMBER),
    int: int(CellKind.NUMBER),
    bool: int(CellKind.TRUTH),
    dt.date: int(CellKind.DATE),
    dt.datetime: int(CellKind.DATE),
    dt.time: int(CellKind.DATE),
    dt.timedelta: int(CellKind.DATE),
}


def _mixed_stretch(values: tuple[Any, ...]) -> Column:
    kinds = np.fromiter(map(_KIND_OF.__getitem__, map(type, values)), np.uint8, len(values))
    numeric = kinds == CellKind.NUMBER
    numbers = np.full(len(values), np.nan)
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    numbers[numeric] = objects[numeric].astype(np.float64)
    others = np.flatnonzero(~numeric)
    encoded = text_column(pa.array([cell_text(value) for value in objects[others]], pa.string()))
    codes = np.full(len(values), -1, np.int32)
    codes[others] = encoded.codes
    blank = others[encoded.kinds == CellKind.BLANK]
    kinds[blank] = CellKind.BLANK
    return Column(kinds, numbers, codes, encoded.texts)


def text_column(texts: pa.Array) -> Column:
    """A column of texts; cells with nothing but white space are empty."""
    encoded = texts.dictionary_encode() if not isinstance(texts, pa.DictionaryArray) else texts
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    dictionary = encoded.dictionary.to_pylist()
    is_blank = np.array([not text or text.isspace() for text in dictionary] + [True])
    blank = is_blank[codes]
    codes = np.where(blank, np.int32(-1), codes)
    kinds = np.where(blank, np.uint8(CellKind.BLANK), np.uint8(CellKind.TEXT))
    return Column(kinds, None, codes, dictionary)
