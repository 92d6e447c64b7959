"""Labels that stand in the same row as the figures, with empty cells filled as the recipe says."""

from __future__ import annotations

from typing import Any

import numpy as np

from ingest.read.column import contiguous
from ingest.recipe.components import LabelSource
from ingest.recipe.formulas import check_formulas
from ingest.recipe.labels import Spread, combine, everywhere
from ingest.recipe.rows import RowTester
from ingest.recipe.selection import ColumnSelection
from ingest.recipe.sheet import Role

Codes = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]


def row_labels(
    tester: RowTester, source: LabelSource, selection: ColumnSelection, offsets: Codes, file_name: str
) -> Spread[str | None]:
    """The texts of a column for rows given by their offset from the start of the body.

    Raises ``Refusal`` where the column is missing and needed, or holds a formula without a stored value.
    """
    column = tester.finder.one(selection, optional=source.optional)
    if column is None:
        return everywhere(None)
    rows = offsets + np.int32(tester.rows.start)
    check_formulas(tester.view, rows, [column], file_name)
    codes, texts = _column_codes(tester, column)
    if source.fill == "down":
        last = np.maximum.accumulate(np.where(codes >= 0, np.arange(len(codes)), -1))
        codes = np.where(last >= 0, codes[last], -1)
    elif source.fill == "merged":
        codes, texts = _over_merged_cells(tester, codes, column, texts)
    tester.view.mark(rows, column, Role.LABEL)
    found = _spread(codes, texts, offsets)
    return _from_the_left(tester, found, column, offsets) if source.fill == "right" else found


def labels_beside(tester: RowTester, source: LabelSource, columns: list[int], offsets: Codes) -> Spread[str | None]:
    """For each figure the text of a cell of its row that belongs to its column: by header text, or by distance.

    Raises ``Refusal`` (STR-02) where a column has no such neighbour before the next column of figures.
    """
    places = [tester.finder.beside(column, source.beside or 0, columns, optional=source.optional) for column in columns]
    found: dict[str | None, int] = {None: 0}
    codes = np.zeros((len(offsets), len(columns)), np.int64)
    for position, at in enumerate(places):
        if at is None:
            continue
        column_codes, texts = _column_codes(tester, at)
        numbers = np.array([0, *(found.setdefault(text, len(found)) for text in texts)], np.int64)
        codes[:, position] = numbers[column_codes[offsets] + 1]
        tester.view.mark(offsets + tester.rows.start, at, Role.LABEL)
    return Spread(codes, list(found))


def _column_codes(tester: RowTester, column: int) -> tuple[Codes, list[str]]:
    codes, texts = tester.view.label_codes(column)
    return codes[tester.rows.start : tester.rows.stop], texts


def _spread(codes: Codes, texts: list[str], offsets: Codes) -> Spread[str | None]:
    chosen = codes[contiguous(offsets)]
    if len(chosen) and chosen.min() >= 0:
        return Spread(chosen[:, None], list(texts))
    return Spread((chosen + np.int32(1))[:, None], [None, *texts])  # code 0 stands for no text


def _over_merged_cells(tester: RowTester, codes: Codes, column: int, texts: list[str]) -> tuple[Codes, list[str]]:
    """Every cell of a merged range has the text of its first; nothing is filled beyond the range."""
    start, stop = tester.rows.start, tester.rows.stop
    codes, texts = codes.copy(), list(texts)
    for top, left, bottom, right in tester.view.grid.merged:
        if left <= column <= right and bottom >= start and top < stop:
            codes[max(top, start) - start : bottom + 1 - start] = len(texts)
            texts.append(tester.view.grid.text(top, left))
    return codes, texts


def _from_the_left(tester: RowTester, found: Spread[str | None], column: int, offsets: Codes) -> Spread[str | None]:
    layers = [found]
    for at in range(column - 1, tester.block.first_column - 1, -1):
        layers.append(_spread(*_column_codes(tester, at), offsets))
    return combine(layers).map(lambda texts: next((text for text in texts if text is not None), None))
