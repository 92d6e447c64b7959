"""Formulas whose computed value was never stored: what they come to cannot be known without opening the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ingest.read import Refusal, address
from ingest.recipe.sheet import SheetView


def check_formulas(view: SheetView, rows: Any, columns: Sequence[int], file_name: str) -> None:
    """Raises ``Refusal`` (STR-01) if a cell in these rows and columns is such a formula. ``rows`` is an array."""
    without = view.grid.xml.formulas[1] if view.grid.xml is not None else frozenset()
    if not without:
        return
    wanted = set(rows.tolist())
    found = sorted((row, column) for row, column in without if column in columns and row in wanted)
    if not found:
        return
    sheet, place = view.grid.name, address(*found[0])
    raise Refusal(
        "STR-01",
        sheet,
        place,
        f"{file_name}, trang «{sheet}», ô {place}: công thức không có giá trị đã lưu (cả thảy {len(found)} ô). "
        "Hãy mở tệp bằng Excel hoặc LibreOffice, lưu lại rồi nộp.",
        f"{file_name}, sheet «{sheet}», cell {place}: a formula without a stored value ({len(found)} cells in all). "
        "Open the file in Excel or LibreOffice, save it, and resubmit.",
    )
