"""Indents and bold type: what only a workbook shows."""

from __future__ import annotations

from ingest.read import Refusal
from ingest.read.sheet_xml import SheetDetails
from ingest.recipe.sheet import SheetView


def look_of(view: SheetView, what: str, file_name: str) -> SheetDetails:
    """The formats of a sheet's cells. Raises ``Refusal`` (STR-02) for a file that has none, such as a text file."""
    if view.grid.xml is None:
        raise Refusal(
            "STR-02",
            view.grid.name,
            None,
            f"{file_name}: công thức đọc thứ bậc theo định dạng ô ({what}), nhưng tệp này không có định dạng. "
            "Hãy nộp tệp .xlsx, .xls hoặc .ods.",
            f"{file_name}: the recipe tells rows apart by the format of cells ({what}), and this file has none. "
            "Hand in .xlsx, .xls or .ods.",
        )
    return view.grid.xml
