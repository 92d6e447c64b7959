"""A stretch of one column of a sheet as arrays: kinds, numbers, and texts as codes into the distinct ones.

What follows works on distinct texts and whole arrays, never cell by cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Codes = np.ndarray[Any, np.dtype[np.int32]]
Places = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]
#: Texts of digits, signs and spaces alone: no label, no marker, no blank.
_FIGURE = r"^[-+., ]*[0-9][-+.,0-9 ]*$"


class CellKind(IntEnum):
    """What a cell holds."""

    BLANK = 0
    NUMBER = 1
    TEXT = 2
    DATE = 3
    TRUTH = 4
    ERROR = 5


class Texts(Sequence[str]):
    """The distinct texts of a column. They become Python texts only when asked for: a column may hold millions."""

    def __init__(self, array: pa.Array) -> None:
        self.array = array

    @classmethod
    def of(cls, texts: Iterable[str]) -> Texts:
        return cls(pa.array(list(texts), pa.string()))

    def __len__(self) -> int:
        return len(self.array)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._listed[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    @cached_property
    def _listed(self) -> list[str]:
        return [text or "" for text in self.array.to_pylist()] if self.array.null_count else self.array.to_pylist()

    @cached_property
    def words(self) -> list[tuple[int, str]]:
        """Code and text of those that are more, or less, than digits and signs: few, in a column of figures."""
        others = np.flatnonzero(~self.is_figure)
        return list(zip(others.tolist(), self.array.take(pa.array(others)).to_pylist(), strict=True))

    @cached_property
    def is_figure(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which texts are nothing but digits and signs."""
        found = pc.fill_null(pc.match_substring_regex(self.array, _FIGURE), False)
        return np.asarray(found.to_numpy(zero_copy_only=False), bool)


@dataclass(frozen=True)
class Column:
    """A stretch of one column: for each cell its kind, its number (nan if none) and its text as a code in ``texts``.

    ``codes`` is -1 for empty cells and for numbers, whose text is written only when asked for.
    """

    kinds: np.ndarray[Any, np.dtype[np.uint8]]
    numbers: np.ndarray[Any, np.dtype[np.float64]] | None
    codes: Codes
    texts: Texts

    def __len__(self) -> int:
        return len(self.kinds)


def contiguous(places: Places) -> slice | Places:
    """Ascending places as a slice where none is left out between them: what is taken by it is not copied."""
    if len(places) and int(places[-1]) - int(places[0]) + 1 == len(places):
        return slice(int(places[0]), int(places[-1]) + 1)
    return places


def places(mask: np.ndarray[Any, np.dtype[np.bool_]], start: int = 0) -> Places:
    """Where a mask is true, counted from ``start``."""
    if mask.all():
        return np.arange(start, start + len(mask), dtype=np.int32)
    return np.flatnonzero(mask).astype(np.int32) + np.int32(start)


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


def with_errors(column: Column, errors: dict[int, str]) -> Column:
    kinds, codes, texts = column.kinds.copy(), column.codes.copy(), list(column.texts)
    for row, text in errors.items():
        kinds[row] = CellKind.ERROR
        codes[row] = len(texts)
        texts.append(text)
    return Column(kinds, column.numbers, codes, Texts.of(texts))


_NO_TEXTS = Texts(pa.array([], pa.string()))
#: Rows at the top of a column that are looked at apart: most columns are a few texts above many numbers.
_HEAD = 64


def column_of(values: tuple[Any, ...]) -> Column:
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
        Texts(pa.concat_arrays([head.texts.array, tail.texts.array])),
    )


def _numbers_of(column: Column) -> np.ndarray[Any, np.dtype[np.float64]]:
    return column.numbers if column.numbers is not None else np.full(len(column), np.nan)


def _stretch_of(values: tuple[Any, ...]) -> Column:
    types = set(map(type, values))
    count = len(values)
    if types <= {float, int}:
        return Column(
            np.full(count, CellKind.NUMBER, np.uint8),
            np.array(values, np.float64),
            np.full(count, -1, np.int32),
            _NO_TEXTS,
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


def text_column(array: pa.Array) -> Column:
    """A column of texts; cells with nothing but white space are empty."""
    encoded = array.dictionary_encode() if not isinstance(array, pa.DictionaryArray) else array
    has_gaps = encoded.indices.null_count > 0
    indices = pc.fill_null(encoded.indices, -1) if has_gaps else encoded.indices
    codes = indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    texts = Texts(encoded.dictionary)
    is_blank = np.zeros(len(texts) + 1, bool)  # the last one stands for -1: no text
    is_blank[-1] = has_gaps
    is_blank[[code for code, text in texts.words if not text or text.isspace()]] = True
    if not is_blank.any():
        return Column(np.full(len(codes), CellKind.TEXT, np.uint8), None, codes, texts)
    blank = is_blank[codes]
    codes = np.where(blank, np.int32(-1), codes)
    kinds = np.where(blank, np.uint8(CellKind.BLANK), np.uint8(CellKind.TEXT))
    return Column(kinds, None, codes, texts)
