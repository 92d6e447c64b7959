"""Files as ministries, cities and statistical offices publish them, made by code; and one case of reading one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font

#: Name below the source's inbox → content.
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Case:
    """A source, what it hands in, and every figure that must come of it.

    ``figures`` is keyed by (indicator, organisation, period[, group[, kind]]); what is left out is _T and ACTUAL. Its
    values are the figure, an interval such as ``0..5``, or the status of a cell without figure (O M Q), with a status
    other than A behind the figure (``12 P``). ``held_back`` are the cells with a problem, each with its word.
    """

    name: str
    recipe: str
    files: Files
    figures: Mapping[tuple[str, ...], Any]
    held_back: Mapping[str, str] = field(default_factory=dict)
    accumulation: str | None = None


def book(
    rows: Sequence[Sequence[Any]] | Mapping[str, Sequence[Sequence[Any]]],
    *,
    merged: Iterable[str] = (),
    bold: Iterable[str] = (),
    indents: Mapping[str, int] | None = None,
    formats: Mapping[str, str] | None = None,
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[str] = (),
    hidden_sheets: Iterable[str] = (),
) -> bytes:
    """An .xlsx of one sheet or several; formats hold for every sheet."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, content in (rows if isinstance(rows, Mapping) else {"Sheet1": rows}).items():
        sheet = workbook.create_sheet(name)
        for row in content:
            sheet.append(list(row))
        for place in merged:
            sheet.merge_cells(place)
        for place in bold:
            sheet[place].font = Font(bold=True)
        for place, indent in (indents or {}).items():
            sheet[place].alignment = Alignment(indent=indent)
        for place, number_format in (formats or {}).items():
            sheet[place].number_format = number_format
        for row_number in hidden_rows:
            sheet.row_dimensions[row_number].hidden = True
        for letter in hidden_columns:
            sheet.column_dimensions[letter].hidden = True
        if name in hidden_sheets:
            sheet.sheet_state = "hidden"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def legacy_book(rows: Sequence[Sequence[Any]], *, indents: Mapping[int, int] | None = None) -> bytes:
    """An .xls; ``indents`` by row, of its first column."""
    import xlwt  # type: ignore[import-untyped]

    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Sheet1")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            style = xlwt.XFStyle()
            if c == 0 and indents and r in indents:
                style.alignment.inde = indents[r]
            if value is not None:
                sheet.write(r, c, value, style)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def open_document(rows: Sequence[Sequence[Any]], *, hidden_rows: Iterable[int] = ()) -> bytes:
    """An .ods; hidden rows count from 1."""
    from odf.opendocument import OpenDocumentSpreadsheet  # type: ignore[import-untyped]
    from odf.table import Table, TableCell, TableRow  # type: ignore[import-untyped]
    from odf.text import P  # type: ignore[import-untyped]

    document, hidden = OpenDocumentSpreadsheet(), set(hidden_rows)
    table = Table(name="Sheet1")
    document.spreadsheet.addElement(table)
    for number, row in enumerate(rows, 1):
        line = TableRow(visibility="collapse") if number in hidden else TableRow()
        table.addElement(line)
        for value in row or [None]:
            cell = (
                TableCell(valuetype="float", value=value)
                if isinstance(value, int | float)
                else TableCell(valuetype="string")
            )
            if value is not None:
                cell.addElement(P(text=str(value)))
            line.addElement(cell)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()
