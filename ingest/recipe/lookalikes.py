"""Sheets that no table was found on although they look like one: a form whose header was renamed on one sheet of many.

A table on ``sheets: all`` is read wherever its header is. A sheet that has lost its header would be passed by in
silence, and with it a province; so a sheet with half of the header's texts in one row refuses the file.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingest.read import CellKind, Refusal, address
from ingest.recipe.headers import Block
from ingest.recipe.model import Table
from ingest.recipe.sheet import SheetView
from ingest.recipe.texts import key

_ROWS = 100
_LEAST_TEXTS = 2


def lookalike(view: SheetView, table: Table, blocks: Iterable[Block], file_name: str) -> Refusal | None:
    """STR-02 for a sheet without the table's header but with much of what its header rows hold elsewhere."""
    known = {key(text): text for block in blocks for level in block.levels for text in level if _is_word(text)}
    for row in range(min(view.grid.height, _ROWS)):
        here = {key(text) for text in view.grid.row_texts(row) if text.strip()}
        shared = known.keys() & here
        if len(shared) >= max(_LEAST_TEXTS, len(known) / 2) and _has_numbers(view, row + 1):
            lacking = [text for text in (table.heading.holds or ()) if key(text) not in here]
            return _refusal(view, row, file_name, lacking, [known[text] for text in sorted(shared)])
    return None


def has_numbers(view: SheetView) -> bool:
    """Whether a sheet holds any number."""
    return _has_numbers(view, 0)


def _is_word(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _has_numbers(view: SheetView, start: int) -> bool:
    columns = (view.column(column) for column in range(view.grid.width))
    return any(bool((column.kinds[start:] == CellKind.NUMBER).any()) for column in columns)


def _refusal(view: SheetView, row: int, file_name: str, lacking: list[str], shared: list[str]) -> Refusal:
    sheet, place = view.grid.name, address(row, 0)
    nearest = view.nearest(lacking) if lacking else None
    wanted = " + ".join(f"«{text}»" for text in lacking)
    found = ", ".join(f"«{text}»" for text in shared[:4])
    near_vi = f" Gần nhất: «{nearest[0]}» ở ô {nearest[1]}." if nearest else ""
    near_en = f" Nearest: «{nearest[0]}» in cell {nearest[1]}." if nearest else ""
    return Refusal(
        "STR-02",
        sheet,
        nearest[1] if nearest else place,
        f"{file_name}, trang «{sheet}», dòng {row + 1}: có {found} như tiêu đề của bảng nhưng thiếu {wanted}.{near_vi} "
        "Hãy sửa tiêu đề của trang này; nếu không nộp trang này, hãy khai báo sheets: {excluding: [tên trang]}.",
        f"{file_name}, sheet «{sheet}», row {row + 1}: it has {found} like the table's header, but lacks {wanted}."
        f"{near_en} Mend the header of this sheet; if it is not meant, say sheets: {{excluding: [its name]}}.",
    )
