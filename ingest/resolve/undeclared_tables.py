"""Another table below, which the recipe does not know: its figures would be read as those of the table above it.

It shows by its header: after an empty row or a title, words stand where figures are expected, beside a label that
nobody knows, and rows with known labels follow (``Tỉnh | Chi`` in the body of ``Đơn vị | Thu``). So it does where the
header comes again with other years, which look like figures (``Tỉnh | 2022 | 2023`` below ``Tỉnh | 2020 | 2021``).
"""

from __future__ import annotations

import re

import numpy as np

from ingest.read import Refusal, address
from ingest.recipe.layout import Figures
from ingest.recipe.sheet import Mask, Role

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\D*(?:19|20)\d\d\D*")


def refuse_undeclared_table(figures: Figures, known: Mask, file_name: str) -> None:
    """Raise ``Refusal`` (STR-02) where a row between rows with known labels looks like the header of another table."""
    rows = figures.rows
    if known.all() or not known.any() or len(rows) < 2:
        return
    for position in np.flatnonzero(~known):
        row = int(rows[position])
        if not known[:position].any() or not known[position + 1 :].any():
            continue
        apart = position > 0 and rows[position - 1] < row - 1
        stands_apart = apart or (figures.view.roles[row - 1] == Role.NOTE).any()
        if (stands_apart and _holds_headings(figures, row)) or _holds_years(figures, row):
            raise _refusal(figures, row, file_name)


def _holds_headings(figures: Figures, row: int) -> bool:
    """Whether words without a digit stand in half of the columns of figures or more, and nothing else in the others."""
    texts = [figures.view.grid.text(row, column).strip() for column in figures.columns]
    filled = [text for text in texts if text]
    return 2 * len(filled) >= len(texts) and bool(filled) and not any(map(_DIGIT.search, filled))


def _holds_years(figures: Figures, row: int) -> bool:
    """Whether years stand in all columns of figures, as they do in the header, and others than there."""
    grid, roles = figures.view.grid, figures.view.roles
    years = [grid.text(row, column).strip() for column in figures.columns]
    if len(years) < 2 or len(set(years)) < len(years) or not all(map(_YEAR.fullmatch, years)):
        return False
    headings = [
        [grid.text(int(above), column).strip() for above in np.flatnonzero(roles[:row, column] == Role.HEADER)]
        for column in figures.columns
    ]
    return all(
        any(map(_YEAR.fullmatch, above)) and year not in above for year, above in zip(years, headings, strict=True)
    )


def _refusal(figures: Figures, row: int, file_name: str) -> Refusal:
    view = figures.view
    place = address(row, figures.columns[0])
    text = " | ".join(filter(None, (text.strip() for text in view.grid.row_texts(row))))
    return Refusal(
        "STR-02",
        view.grid.name,
        place,
        f"{file_name}, trang «{view.grid.name}», dòng {row + 1}: «{text}» giống tiêu đề của một bảng khác, số liệu bên "
        "dưới có thể không thuộc bảng này. Hãy khai báo bảng đó, hoặc kết thúc bảng trên (body: ends), hoặc bỏ qua "
        "dòng này (body: skip).",
        f"{file_name}, sheet «{view.grid.name}», row {row + 1}: «{text}» looks like the header of another table, so "
        "the figures below may not belong to this one. Declare that table, or end this one (body: ends), or skip the "
        "row (body: skip).",
    )
