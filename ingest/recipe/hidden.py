"""What a workbook hides although it holds figures: rows, columns and whole sheets (STR-08)."""

from __future__ import annotations

from ingest.read import CellKind, Workbook
from ingest.read.grid import Grid
from ingest.remark import Remark
from ingest.template.stamp import STAMP_SHEET

#: Fewer numbers than this on a hidden sheet are settings, not figures.
_FEW = 5


def hidden_part(file_name: str, sheet: str, cell: str, what: str, vi: str, en: str) -> Remark:
    """A remark on hidden rows or columns of a table that was read; ``vi`` and ``en`` say how many and from where."""
    return Remark(
        "STR-08",
        sheet,
        cell,
        what,
        "0",
        f"{file_name}, trang «{sheet}»: {vi}. Hãy bỏ ẩn hoặc xóa rồi nộp lại.",
        f"{file_name}, sheet «{sheet}»: {en}. Show or remove them and resubmit.",
    )


def hidden_sheets(workbook: Workbook) -> list[Remark]:
    """A remark (STR-08) for each hidden sheet that holds figures, read or not; forms of ours hide only codes."""
    return [
        Remark(
            "STR-08",
            sheet.name,
            None,
            "sheet",
            "0",
            f"{workbook.file_name}: trang «{sheet.name}» bị ẩn và chứa số liệu. Hãy bỏ ẩn hoặc xóa rồi nộp lại.",
            f"{workbook.file_name}: the sheet «{sheet.name}» is hidden and holds figures. Show or remove it.",
        )
        for sheet in workbook.sheets
        if sheet.hidden and sheet.name != STAMP_SHEET and _figures_in(sheet.grid) >= _FEW
    ]


def _figures_in(grid: Grid) -> int:
    return sum(
        int((grid.column(column, 0, grid.height).kinds == CellKind.NUMBER).sum()) for column in range(grid.width)
    )
