"""The agency's own workbook, with each bad cell marked and explained, and a sheet that lists them all.

A workbook of the xlsx family keeps its formatting, formulas and sheets. From an older format (xls, ods) or a text file
a workbook with the same cells in the same places is made, since those cannot carry comments reliably.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

#: Severity → colour of the cell: red is held back, amber is to be confirmed, blue is for information.
COLOURS = {"BLOCK": "FFC7CE", "QUARANTINE": "FFC7CE", "WARN": "FFEB9C", "INFO": "DDEBF7"}
SEVERITY_NAMES = {
    "vi": {"BLOCK": "từ chối", "QUARANTINE": "cách ly", "WARN": "cần xác nhận", "INFO": "thông tin"},
    "en": {"BLOCK": "refused", "QUARANTINE": "quarantined", "WARN": "to be confirmed", "INFO": "information"},
}
LIST_SHEET = {"vi": "Kết quả kiểm tra", "en": "Findings"}
LIST_COLUMNS = {
    "vi": ("Trang tính", "Ô", "Mức độ", "Quy tắc", "Giá trị", "Mong đợi", "Việc cần làm"),
    "en": ("Sheet", "Cell", "Severity", "Rule", "Value", "Expected", "What to do"),
}
_ADDRESS = re.compile(r"^\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::.*)?$")
_AUTHOR = "Outturn"

#: Reads the sheets of a file: name, and rows of cell values from A1 on.
SheetCells = Callable[[], Iterable[tuple[str, Sequence[Sequence[Any]]]]]


def annotate(
    original: Path, file_name: str, findings: Iterable[Mapping[str, Any]], language: str, *, cells: SheetCells
) -> bytes:
    """An xlsx with the findings (rows of ``contract.FINDING``) marked in it, as bytes.

    ``language`` is ``vi`` or ``en``. ``cells`` gives the sheets of a file that is not an xlsx: name and rows of values.
    A finding without a cell, or whose sheet is not there, is only listed.
    """
    rows = sorted(findings, key=lambda row: (row["sheet"] or "", _position(row["cell"]), row["rule_id"]))
    workbook = _open(original, file_name, cells)
    for row in rows:
        _mark(workbook, row, language)
    _list(workbook, rows, language)
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _open(original: Path, file_name: str, cells: SheetCells) -> Workbook:
    if Path(file_name).suffix.lower() in {".xlsx", ".xlsm"}:
        return load_workbook(original, rich_text=True)  # without it, parts of a cell in another type lose it
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in cells():
        sheet = workbook.create_sheet(_sheet_title(name))
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                if value not in (None, ""):
                    _write(sheet, number, column, value)
    return workbook


def _write(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    """A value as it is. A text that looks like a formula stays a text: what an agency handed in is never run."""
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str) and cell.data_type == "f":
        cell.data_type = "s"


def _sheet_title(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", "_", name)[:31] or "1"


def _position(cell: str | None) -> tuple[int, str]:
    match = _ADDRESS.match(cell or "")
    return (int(match.group(2)), match.group(1).rjust(3)) if match else (0, "")


def _mark(workbook: Workbook, finding: Mapping[str, Any], language: str) -> None:
    match = _ADDRESS.match(finding["cell"] or "")
    sheet = _find(workbook, finding["sheet"])
    if match is None or sheet is None:
        return
    cell = sheet[f"{match.group(1)}{match.group(2)}"]
    if not hasattr(cell, "comment") or type(cell).__name__ == "MergedCell":
        return
    colour = COLOURS[finding["severity"]]
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
    text = f"{finding['rule_id']} ({SEVERITY_NAMES[language][finding['severity']]}): {finding[f'message_{language}']}"
    earlier = f"{cell.comment.text}\n\n" if cell.comment else ""
    cell.comment = Comment(ILLEGAL_CHARACTERS_RE.sub("", earlier + text), _AUTHOR, width=360, height=160)


def _find(workbook: Workbook, name: str | None) -> Worksheet | None:
    if name is None:
        return None
    title = name if name in workbook.sheetnames else _sheet_title(name)
    return workbook[title] if title in workbook.sheetnames else None


def _list(workbook: Workbook, rows: list[Mapping[str, Any]], language: str) -> None:
    sheet = workbook.create_sheet(LIST_SHEET[language], 0)
    sheet.append(LIST_COLUMNS[language])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for line, row in enumerate(rows, start=2):
        said = (
            row["sheet"],
            row["cell"],
            SEVERITY_NAMES[language][row["severity"]],
            row["rule_id"],
            row["observed"],
            row["expected"],
            row[f"message_{language}"],
        )
        for column, value in enumerate(said, start=1):
            _write(sheet, line, column, value)
        target = _find(workbook, row["sheet"])
        if target is not None and _ADDRESS.match(row["cell"] or ""):
            quoted = target.title.replace("'", "''")
            sheet.cell(line, 2).hyperlink = f"#'{quoted}'!{row['cell']}"
            sheet.cell(line, 2).style = "Hyperlink"
        colour = COLOURS[row["severity"]]
        sheet.cell(line, 3).fill = PatternFill("solid", start_color=colour, end_color=colour)
        sheet.cell(line, 7).alignment = Alignment(wrap_text=True, vertical="top")
    for number, width in enumerate((24, 9, 16, 10, 18, 18, 90), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    workbook.active = 0
