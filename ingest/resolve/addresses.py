"""A1 addresses of a rectangle of cells as one Arrow array, written as bytes and not text by text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ingest.read.grid import column_letters

_CHUNK = 10_000
#: The four digits of each number below ten thousand, as the bytes of one 32-bit word.
_FOUR_DIGITS = np.frombuffer("".join(f"{number:04d}" for number in range(_CHUNK)).encode(), np.uint32)
_MOST_DIGITS = 8
Rows = np.ndarray[Any, np.dtype[np.int64]]


def rectangle_addresses(rows: Rows, columns: Sequence[int]) -> pa.Array:
    """Addresses row by row. ``rows`` ascend and, like ``columns``, count from 0; a row has eight digits at most."""
    numbers = np.asarray(rows, np.int64) + 1
    letters = [column_letters(column).encode() for column in columns]
    borders = np.searchsorted(numbers, [10**digits for digits in range(_MOST_DIGITS + 1)])
    lines: list[Any] = []
    offsets = np.zeros(len(numbers) * len(letters) + 1, np.int32)
    written, filled = 0, 1
    for digits in range(1, _MOST_DIGITS + 1):
        group = numbers[borders[digits - 1] : borders[digits]]
        if not len(group):
            continue
        ends = np.cumsum([len(text) + digits for text in letters], dtype=np.int32)
        if written + len(group) * int(ends[-1]) >= 2**31:
            raise ValueError(f"{len(offsets) - 1:,} addresses are more than one array of texts holds")
        starts = np.arange(len(group), dtype=np.int32) * ends[-1] + np.int32(written)
        offsets[filled : filled + len(group) * len(letters)] = (starts[:, None] + ends).ravel()
        lines.append(_written(group, digits, letters).ravel())
        written, filled = written + len(lines[-1]), filled + len(group) * len(letters)
    data = np.concatenate(lines) if lines else np.zeros(0, np.uint8)
    return pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def _written(numbers: Rows, digits: int, letters: Sequence[bytes]) -> Any:
    """One line of bytes a row: the letters and the row's digits, column after column."""
    words = np.empty((len(numbers), 2), np.uint32)
    upper, lower = np.divmod(numbers.astype(np.int32), np.int32(_CHUNK))
    words[:, 0], words[:, 1] = _FOUR_DIGITS[upper], _FOUR_DIGITS[lower]
    shown = words.view(np.uint8)[:, _MOST_DIGITS - digits :]
    lines = np.empty((len(numbers), sum(len(text) + digits for text in letters)), np.uint8)
    at = 0
    for text in letters:
        for byte in text:
            lines[:, at] = byte
            at += 1
        lines[:, at : at + digits] = shown
        at += digits
    return lines
