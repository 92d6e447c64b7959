"""Rows in which no value cell holds anything like a figure: they count only if their labels are known."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ingest.parse.markers import is_marker_like, marker_key
from ingest.read import CellKind
from ingest.read.column import contiguous
from ingest.recipe.model import Source, Table
from ingest.recipe.rows import RowTester
from ingest.recipe.sheet import Mask

_DIGIT = re.compile(r"\d")


def without_figure(source: Source, table: Table, tester: RowTester, rows: Any) -> Mask:
    """Which of ``rows`` hold nothing, or words, in every value column. A sign that stands for no figure is no word."""
    has_figure, chosen = np.zeros(len(rows), bool), contiguous(rows)
    declared = _declared_markers(source, table)
    for column in tester.value_columns:
        read = tester.view.column(column)
        wordy = np.zeros(len(read.texts) + 1, bool)  # the last one stands for -1: no text
        wordy[[code for code, text in read.texts.words if _is_words(text, declared)]] = True
        wordy[-1] = True
        kinds = read.kinds[chosen]
        is_figure = kinds != CellKind.BLANK
        if wordy[:-1].any() or (kinds != CellKind.TEXT).any():
            is_figure &= ~((kinds == CellKind.TEXT) & wordy[read.codes[chosen]])
        has_figure |= is_figure
    return ~has_figure


def _declared_markers(source: Source, table: Table) -> set[str]:
    """What the source says stands in place of a figure, in any of the table's columns."""
    said = [source.numbers, table.numbers, *(values.numbers for values in table.values)]
    return {marker_key(marker) for numbers in said if numbers is not None for marker in numbers.markers}


def _is_words(text: str, declared: set[str]) -> bool:
    key = marker_key(text)
    return _DIGIT.search(text) is None and key not in declared and not is_marker_like(key)
